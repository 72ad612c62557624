"""A real `sluice serve`, managed through its native API."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from benchmarks.load import Target
from benchmarks.processes import running, wait_until
from benchmarks.workloads import Workload

COMMAND = Path(sys.executable).with_name("sluice")


class Refused(Exception):
    """The server refused a call; says which and why."""


class SluiceServer:
    """A running server with its data in a folder of its own.

    Attributes:
        process: its main process.
        url: where it listens.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str, admin_token: str) -> None:
        self.process = process
        self.url = url
        headers = {"Authorization": f"Bearer {admin_token}"}
        self._client = httpx2.Client(base_url=f"{url}/api/v1/", headers=headers, timeout=120.0, trust_env=False)
        self._uploaded: set[Path] = set()
        self._headers: dict[str, str] = {}

    def add_pipeline(self, workload: Workload, name: str = "", policy: Mapping[str, Any] | None = None) -> Target:
        """Add a pipeline of a workload's model and scripts; return how a program with the role READ calls it."""
        self._upload("models", workload.model)
        new = {"name": name or workload.name, "model": workload.model.stem, **(policy or {})}
        for key, script in (("preProcessing", workload.pre), ("postProcessing", workload.post)):
            if script:
                self._upload("resources", script)
                new[key] = script.name
        self.call("POST", "pipelines", json=new)
        return self.target(new["name"], workload)

    def target(self, pipeline: str, workload: Workload) -> Target:
        """Return how a program with the role READ calls a pipeline."""
        if not self._headers:
            token = self.call("POST", "tokens", json={"name": "benchmark", "role": "READ"})["secret"]
            self._headers = {"Authorization": f"Bearer {token}"}
        headers = {**self._headers, "Content-Type": workload.content_type}
        if workload.inference:
            if workload.head_bytes:
                headers["Inference-Header-Content-Length"] = str(workload.head_bytes)
            return Target(f"{self.url}/v2/models/{quote(pipeline)}/infer", headers, workload.body)
        return Target(f"{self.url}/api/v1/pipelines/{quote(pipeline)}/predictions", headers, workload.body)

    def as_another(self, target: Target, name: str) -> Target:
        """Return the same with a token of its own, so that it's another caller's."""
        token = self.call("POST", "tokens", json={"name": name, "role": "READ"})["secret"]
        return replace(target, headers={**target.headers, "Authorization": f"Bearer {token}"})

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Return the answer to a call of an ADMIN.

        Raises:
            Refused: it isn't a good one.
        """
        answer = self.raw(method, path, **options)
        if not answer.is_success:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.json()['detail']}")
        return answer.json() if answer.content else None

    def raw(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Return the answer to a call of an ADMIN, whatever it is."""
        return self._client.request(method, path, **options)

    def hang_up(self) -> None:
        """Close the connection to it."""
        self._client.close()

    def _upload(self, collection: str, file: Path) -> None:
        if file not in self._uploaded:
            self.call("POST", f"{collection}?fileName={file.name}", content=file.read_bytes())
            self._uploaded.add(file)


def with_basic(target: Target) -> Target:
    """Return the same with the token as the password of HTTP Basic."""
    _, token = target.headers["Authorization"].split()
    pair = base64.b64encode(f"benchmark:{token}".encode()).decode()
    return replace(target, headers={**target.headers, "Authorization": f"Basic {pair}"})


@contextmanager
def sluice_server(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[SluiceServer]:
    """Run `sluice serve` with the default settings and its data in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    admin_token = secrets.token_urlsafe(24)
    facts, log = folder / "server.json", folder / "log.txt"
    facts.unlink(missing_ok=True)
    command: list[str | Path] = [COMMAND, "serve", "--port", "0", "--data-dir", folder]
    with running(command, {"SLUICE_ADMIN_TOKEN": admin_token, **(environment or {})}, log) as process:
        wait_until(process, log, facts.exists)
        server = SluiceServer(process, json.loads(facts.read_text())["url"], admin_token)
        try:
            yield server
        finally:
            server.hang_up()
