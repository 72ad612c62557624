"""Asks a server one question again and again: `wrk` in a closed loop, with one thread so that it takes little CPU."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

SCRIPT = Path(__file__).with_name("post.lua")
TIMEOUT_S = 60


class LoadFailed(Exception):
    """The load couldn't be made, or answers were errors."""


@dataclass(frozen=True)
class Target:
    """Where to send what."""

    url: str
    headers: Mapping[str, str]
    body: Path


@dataclass(frozen=True)
class Measured:
    """What came of it; a plain loop has no latencies."""

    rate: float
    p50_ms: float | None = None
    p99_ms: float | None = None


def ask(target: Target) -> Any:
    """Return the answer to one request; if it holds binary tensors, its JSON.

    Raises:
        LoadFailed: it isn't a good one.
    """
    headers, body = dict(target.headers), target.body.read_bytes()
    answer = httpx2.post(target.url, headers=headers, content=body, timeout=TIMEOUT_S, trust_env=False)
    if not answer.is_success:
        raise LoadFailed(f"{target.url} answered {answer.status_code}: {answer.text[:2000]}")
    return json.loads(answer.content[: int(answer.headers.get("Inference-Header-Content-Length", len(answer.content)))])


def load(target: Target, connections: int, seconds: int) -> Measured:
    """Return the rate and latencies of a closed loop.

    Raises:
        LoadFailed: not every answer was good.
    """
    headers = "\n".join(f"{name}: {value}" for name, value in target.headers.items())
    environment = {**os.environ, "BENCHMARK_BODY": str(target.body), "BENCHMARK_HEADERS": headers}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={TIMEOUT_S}s", f"-s{SCRIPT}", target.url]
    wrk = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Linux shares the CPU among sessions, and each server has one of its own
    )
    try:
        printed, said = wrk.communicate(timeout=seconds + TIMEOUT_S)
    finally:
        wrk.kill()
    told = next((line for line in printed.splitlines() if line.startswith("result ")), None)
    if told is None:
        raise LoadFailed(f"wrk failed on {target.url}: {printed}{said}")
    result = json.loads(told.removeprefix("result "))
    if result["errors"]:
        raise LoadFailed(f"{result['errors']} of {result['requests']} answers of {target.url} were errors.")
    return Measured(result["rate"], result["p50_ms"], result["p99_ms"])
