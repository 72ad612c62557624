"""Has a server load the example pipelines, and asks each for one answer."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from sluice.catalog.examples import EXAMPLES, FOLDER, Example
from sluice.client import CallFailed, checked

TIMEOUT_S = 120.0  # the first pipeline waits for its workers to start


@dataclass(frozen=True)
class LoadedExample:
    """What became of one example.

    Attributes:
        pipeline: its name.
        created: False where it was there already, or where `problem` says why it isn't.
        sample: the file that was sent to it.
        answer: JSON text of the prediction; None where there is a problem.
        problem: a sentence for the operator, or None.
    """

    pipeline: str
    created: bool
    sample: Path
    answer: str | None
    problem: str | None = None

    def curl(self, url: str) -> str:
        """Return the command line that asks the server at `url` the same question."""
        address = f"{url.rstrip('/')}/api/v1/pipelines/{quote(self.pipeline, safe='')}/predictions"
        return f'curl -H "Authorization: Bearer $SLUICE_TOKEN" --data-binary @{shlex.quote(str(self.sample))} {address}'


async def load_examples(client: httpx2.AsyncClient) -> list[LoadedExample]:
    """Return every example, loaded and tried; what exists with the same content is left as it is.

    A name that belongs to something else, or whatever else the server refuses, becomes the example's `problem`; the
    other examples still load.

    Args:
        client: its `base_url` is the server's address; it sends an ADMIN's credentials.

    Raises:
        httpx2.TransportError: the server can't be reached.
    """
    try:
        answer = checked(await client.post("api/v1/examples", timeout=TIMEOUT_S))
    except CallFailed as refusal:
        return [LoadedExample(each.name, False, FOLDER / each.sample, None, str(refusal)) for each in EXAMPLES]
    loaded = {item["pipeline"]: item for item in answer.json()["items"]}
    return [
        await _tried(client, FOLDER / example.sample, _read(example), loaded[example.name])
        for example in EXAMPLES
        if example.name in loaded  # a server of another version may have others
    ]


def _read(example: Example) -> bytes:
    return (FOLDER / example.sample).read_bytes()


async def _tried(client: httpx2.AsyncClient, sample: Path, content: bytes, item: dict[str, Any]) -> LoadedExample:
    name, created, problem = item["pipeline"], item["created"], item["problem"]
    if problem is not None:
        return LoadedExample(name, created, sample, None, problem)
    path = f"api/v1/pipelines/{quote(name, safe='')}/predictions"
    try:
        answer = checked(await client.post(path, content=content, timeout=TIMEOUT_S))
    except CallFailed as refusal:
        return LoadedExample(name, created, sample, None, str(refusal))
    return LoadedExample(name, created, sample, answer.text)
