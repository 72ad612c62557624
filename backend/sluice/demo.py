"""Loads the example pipelines into a running server through its HTTP API, and asks each for one answer."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

TIMEOUT_S = 120.0  # the first pipeline waits for its workers to start

PACKAGE = Path(__file__).parent
# A wheel carries the examples inside the package; in a checkout they lie beside it.
FOLDER = next((folder for folder in (PACKAGE / "examples", PACKAGE.parent / "examples") if folder.is_dir()), PACKAGE)


@dataclass(frozen=True)
class Example:
    """Which files make a pipeline; paths are relative to the folder of the examples."""

    name: str
    model: str
    sample: str
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: tuple[str, ...] = ()


EXAMPLES = (
    Example(
        "digits",
        model="digits/digits.onnx",
        sample="digits/pictures/digit-7.png",
        pre_processing="digits/digits_pre.py",
        post_processing="digits/digits_post.py",
        data_files=("digits/digits_labels.json",),
    ),
    Example("iris", model="iris/iris.onnx", sample="iris/sample.json", post_processing="iris/iris_post.py"),
)


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
    return [await _load(client, example) for example in EXAMPLES]


async def _load(client: httpx2.AsyncClient, example: Example) -> LoadedExample:
    sample = FOLDER / example.sample
    created = False
    try:
        await _upload(client, "models", Path(example.model).stem, example.model)
        for file in (example.pre_processing, example.post_processing, *example.data_files):
            if file is not None:
                await _upload(client, "resources", Path(file).name, file)
        created = await _create(client, example)
        answer = await _call(client, "POST", f"pipelines/{example.name}/predictions", content=sample.read_bytes())
    except _Refused as refusal:
        return LoadedExample(example.name, created, sample, None, str(refusal))
    return LoadedExample(example.name, created, sample, answer.text)


async def _upload(client: httpx2.AsyncClient, collection: str, name: str, file: str) -> None:
    content = (FOLDER / file).read_bytes()
    there = await _read(client, f"{collection}/{name}")
    if there is None:
        await _call(client, "POST", f"{collection}?fileName={Path(file).name}", content=content)
    elif there["sha256"] != hashlib.sha256(content).hexdigest():
        raise _Refused(_other(collection, name))


async def _create(client: httpx2.AsyncClient, example: Example) -> bool:
    """Tell whether the pipeline had to be made."""
    parts = {
        "model": Path(example.model).stem,
        "preProcessing": example.pre_processing and Path(example.pre_processing).name,
        "postProcessing": example.post_processing and Path(example.post_processing).name,
        "dataFiles": [Path(file).name for file in example.data_files],
    }
    there = await _read(client, f"pipelines/{example.name}")
    if there is None:
        await _call(client, "POST", "pipelines", json={"name": example.name, **parts})
    elif any(there[key] != value for key, value in parts.items()):
        raise _Refused(_other("pipelines", example.name))
    return there is None


class _Refused(Exception):
    """The server's reason, or ours, why an example isn't loaded."""


def _other(collection: str, name: str) -> str:
    kind = collection.removesuffix("s")
    return f"There is another {kind} named '{name}'. Delete it to load the example's."


async def _read(client: httpx2.AsyncClient, path: str) -> dict[str, Any] | None:
    answer = await client.get(f"api/v1/{path}", timeout=TIMEOUT_S)
    if answer.status_code == httpx2.codes.NOT_FOUND:
        return None
    entity: dict[str, Any] = _checked(answer).json()
    return entity


async def _call(client: httpx2.AsyncClient, method: str, path: str, **body: Any) -> httpx2.Response:
    return _checked(await client.request(method, f"api/v1/{path}", timeout=TIMEOUT_S, **body))


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    try:
        reason = answer.json()["detail"]
    except (ValueError, TypeError, KeyError):  # a proxy in between answers in its own words
        reason = f"{answer.request.url} answered {answer.status_code} {answer.reason_phrase}."
    raise _Refused(reason)
