"""HTTPS by the server itself: our protocol, the shortcut and the commands work the same over it."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import time
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import served
from commands import sluice

from sluice.tls import client_context

TOKEN = "slc_" + "0" * 40
V1 = "/api/v1"
ROW = b'{"x": [[1, 2, 3, 4]]}'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=ml.example.com", "-addext", "subjectAltName=DNS:ml.example.com"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)
    return folder


def settings(folder: Path) -> dict[str, str]:
    return {"SLUICE_TLS_CERT": str(folder / "cert.pem"), "SLUICE_TLS_KEY": str(folder / "key.pem")}


async def test_all_of_it_over_https(data_dir: Path, certificate: Path) -> None:
    trusted = client_context((certificate / "cert.pem").read_text())
    more = {"SLUICE_ADMIN_TOKEN": TOKEN, "SLUICE_WORKERS": "1"}
    async with served(data_dir, **settings(certificate), **more) as server:
        assert server.url.startswith("https://") and server.link.startswith(server.url)
        async with httpx2.AsyncClient(
            base_url=server.url, verify=trusted, headers={"Authorization": f"Bearer {TOKEN}"}
        ) as client:
            made = await client.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
            assert made.status_code == 201, made.text
            # Repeated heads, and bodies that the parser lets past.
            for length in (0, 0, 0, 100_000, 3_000_000, 0, 20_000_000, 0):
                answer = await client.post(f"{V1}/models/m/predictions", content=ROW + b" " * length)
                assert (answer.status_code, answer.json()) == (200, {"y": [[2, 4, 6, 8]]}), length
        async with httpx2.AsyncClient(
            base_url=server.url, verify=trusted, headers={"Sec-Fetch-Site": "same-origin"}
        ) as page:
            signed_in = await page.post(f"{V1}/session", json={"code": server.code})
            cookie = signed_in.headers["set-cookie"]
            assert cookie.startswith("__Host-sluice_session=") and "Secure" in cookie
            assert (await page.get(f"{V1}/session")).json()["by"] == "link"
        # Commands on this machine know the server by its certificate, whatever name that has.
        listed = sluice("token", "list", "--data-dir", str(data_dir))
        assert (listed.status, listed.error) == (0, "")
        with pytest.raises(httpx2.ConnectError):
            async with httpx2.AsyncClient(base_url=server.url) as stranger:
                await stranger.get("/health/live")
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1 200" not in await reader.read()
        writer.close()


async def test_who_doesnt_shake_hands_is_hung_up_on(data_dir: Path, certificate: Path) -> None:
    async with served(data_dir, **settings(certificate)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        began_at = time.monotonic()
        async with asyncio.timeout(30):
            assert await reader.read() == b""
        assert time.monotonic() - began_at > 5
        writer.close()


@pytest.mark.parametrize(
    ("cert", "key", "said"),
    [
        ("cert.pem", "other.pem", "isn't the certificate's"),
        ("cert.pem", "locked.pem", "SLUICE_TLS_KEY"),
        ("key.pem", "key.pem", "PEM format"),
        ("cert.pem", "", "PEM format"),
        ("", "key.pem", "needs SLUICE_TLS_CERT"),
        ("nowhere.pem", "key.pem", "isn't there"),
    ],
)
def test_what_cant_encrypt_stops_the_start(certificate: Path, tmp_path: Path, cert: str, key: str, said: str) -> None:
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    other, locked = certificate / "other.pem", certificate / "locked.pem"
    if not locked.exists():
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", *curve, "-out", other], check=True)
        locking = ["-aes256", "-passout", "pass:secret", "-in", certificate / "key.pem", "-out", locked]
        subprocess.run(["openssl", "pkey", *locking], check=True)
    given = {"SLUICE_TLS_CERT": cert and str(certificate / cert), "SLUICE_TLS_KEY": key and str(certificate / key)}
    done = sluice("serve", "--data-dir", tmp_path / "data", "--port", "0", **given)
    assert done.status in (1, 2) and said in done.error and done.error.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_certificate_of_somebody_else_isnt_trusted(certificate: Path) -> None:
    trusted = client_context((certificate / "cert.pem").read_text())
    assert trusted.verify_mode is ssl.CERT_REQUIRED
