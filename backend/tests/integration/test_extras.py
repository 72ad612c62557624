"""What a setting asks for may not be installed: then the start says so."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from apps import environment

OIDC = {"SLUICE_OIDC_CLIENT_ID": "sluice", "SLUICE_OIDC_READ": "staff"}


@pytest.mark.parametrize(
    ("package", "extra", "key", "more"),
    [
        ("opentelemetry", "otel", "SLUICE_OTLP_ENDPOINT", {}),
        ("opentelemetry", "otel", "OTEL_EXPORTER_OTLP_ENDPOINT", {}),
        ("authlib", "oidc", "SLUICE_OIDC_ISSUER", OIDC),
    ],
)
async def test_without_the_extra_the_start_says_what_to_install_and_nothing_else(
    tmp_path: Path, package: str, extra: str, key: str, more: dict[str, str]
) -> None:
    hidden = tmp_path / package
    hidden.mkdir()
    (hidden / "__init__.py").write_text(f"raise ModuleNotFoundError(\"No module named '{package}'\")\n")
    command = [sys.executable, "-m", "sluice", "serve", "--data-dir", str(tmp_path / "data"), "--port", "0"]
    settings = {key: "https://127.0.0.1:1", "PYTHONPATH": str(tmp_path), **more}
    process = await asyncio.create_subprocess_exec(*command, env=environment(**settings), stderr=subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    (line,) = said.decode().splitlines()
    assert line.startswith("sluice: ") and key in line and f"pip install 'sluice[{extra}]'" in line
    assert not (tmp_path / "data").exists()
