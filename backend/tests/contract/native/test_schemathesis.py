"""schemathesis: requests that the document allows, and requests that it doesn't, to a real server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from apps import Server, served

HERE = Path(__file__).parent


async def check(server: Server, data_dir: Path, *arguments: str) -> None:
    """Run all checks and fail with what they found."""
    token = json.loads((data_dir / "server.json").read_text())["token"]
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(HERE / "schemathesis.toml"), "run"),
        *(f"{server.url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--mode", "all", "--continue-on-failure", "--no-color"),
        *("--suppress-health-check", "all", "--request-timeout", "60", "--warnings", "off", *arguments),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)}
    running = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=data_dir.parent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()


@pytest.fixture
async def server(data_dir: Path) -> Server:
    async with served(data_dir, SLUICE_WORKERS="1", SLUICE_ENVIRONMENTS="false") as server:
        yield server


async def test_nothing_is_found(server: Server, data_dir: Path) -> None:
    await check(server, data_dir, "--phases", "examples,coverage", "--generation-deterministic")


@pytest.mark.slow
async def test_nothing_is_found_by_chance_or_in_sequences(server: Server, data_dir: Path) -> None:
    phases = "examples,coverage,fuzzing,stateful"
    await check(server, data_dir, "--phases", phases, "--max-examples", "60", "--seed", "20261122")
