"""HTTPS by the server itself: all works the same over it, and a renewed certificate is used without a restart."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import served
from certificates import self_signed
from commands import sluice
from image import is_healthy

from benchmarks.processes import running, wait_until
from sluice.tls import Encryption, client_context

TOKEN = "slc_" + "0" * 40
V1 = "/api/v1"
ROW = b'{"x": [[1, 2, 3, 4]]}'


CURVE = ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
LOOKING_OFTEN = """
from sluice import server
server.LOOK_EVERY_S = 0.05
from sluice.cli import main
main()
"""


def made(folder: Path, kind: tuple[str, ...] = CURVE) -> Path:
    make = ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "2"]
    names = ["-subj", "/CN=ml.example.com", "-addext", "subjectAltName=DNS:ml.example.com"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("tls"))


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
        assert is_healthy(server.port, **settings(certificate)) and not is_healthy(server.port)
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


def shake_hands(server: Encryption, trusted: ssl.SSLContext) -> None:
    """Shake hands as a command does, without a socket.

    Raises:
        ssl.SSLCertVerificationError: the command doesn't trust the server.
    """
    asked, answered = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        trusted.wrap_bio(answered, asked),
        server.context.wrap_bio(asked, answered, server_side=True),
    ]
    for side in sides * 2:
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert all(side.version() for side in sides)


def test_commands_trust_the_server_s_own_certificate_only(certificate: Path, renewed: Path) -> None:
    server = Encryption(certificate / "cert.pem", certificate / "key.pem")
    shake_hands(server, client_context(server.certificate))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, client_context((renewed / "cert.pem").read_text()))


def test_commands_get_in_when_it_has_expired(tmp_path: Path) -> None:
    both = self_signed(tmp_path / "both.pem", datetime(2020, 1, 1, tzinfo=UTC))
    server = Encryption(both, both)
    shake_hands(server, client_context(server.certificate))


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair of another kind, so that the old one can't be left beside it."""
    return made(tmp_path_factory.mktemp("renewed"), ("rsa:2048",))


def certificate_of(port: int) -> bytes:
    """Return what a new connection gets."""
    with socket.create_connection(("127.0.0.1", port)) as plain, anybody().wrap_socket(plain) as encrypted:
        return encrypted.getpeercert(binary_form=True) or b""


def anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def swap(live: Path, folder: Path) -> None:
    """Have a link lead to another folder, as those do that renew certificates."""
    draft = live.with_name("draft")
    draft.symlink_to(folder)
    draft.replace(live)


def test_a_renewed_certificate_is_used_without_a_restart(tmp_path: Path, certificate: Path, renewed: Path) -> None:
    live, data, log = tmp_path / "live", tmp_path / "data", tmp_path / "log"
    live.symlink_to(certificate)
    data.mkdir()
    facts = data / "server.json"
    old, new = (ssl.PEM_cert_to_DER_cert((folder / "cert.pem").read_text()) for folder in (certificate, renewed))
    command = [sys.executable, "-c", LOOKING_OFTEN, "serve", "--port", "0", "--data-dir", data]
    with running(command, settings(live), log) as process:
        wait_until(process, log, facts.exists)
        told = json.loads(facts.read_text())
        address = ("127.0.0.1", httpx2.URL(told["url"]).port)
        assert certificate_of(address[1]) == old
        with socket.create_connection(address) as plain, anybody().wrap_socket(plain) as open_before:
            swap(live, tmp_path / "nowhere")
            wait_until(process, log, lambda: "SLUICE_TLS_CERT" in log.read_text())
            assert certificate_of(address[1]) == old
            swap(live, renewed)
            wait_until(process, log, lambda: json.loads(facts.read_text()) != told)
            assert certificate_of(address[1]) == new
            listed = sluice("token", "list", "--data-dir", data)
            assert (listed.status, listed.error) == (0, "")
            open_before.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert open_before.recv(100).startswith(b"HTTP/1.1 200")


def test_what_is_half_written_is_told_once_and_the_old_certificate_stays(
    tmp_path: Path, certificate: Path, renewed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = Path(shutil.copytree(certificate, tmp_path / "live"))
    encryption = Encryption(live / "cert.pem", live / "key.pem")
    before = encryption.certificate
    for name in ("cert.pem", "key.pem"):
        shutil.copy(renewed / name, live)
        for _ in range(3):
            encryption.renew()
        assert sum(record.levelname == "WARNING" for record in caplog.records) == 1
        assert (encryption.certificate == before) == (name == "cert.pem")
    (said,) = (record.message for record in caplog.records if record.levelname == "WARNING")
    assert "SLUICE_TLS_KEY" in said and "isn't the certificate's" in said


def test_commands_are_told_the_certificate_alone(tmp_path: Path, certificate: Path, renewed: Path) -> None:
    both = tmp_path / "both.pem"
    own, key, above = certificate / "cert.pem", certificate / "key.pem", renewed / "cert.pem"
    both.write_text(key.read_text() + own.read_text() + above.read_text())
    assert Encryption(both, both).certificate == own.read_text().strip()
