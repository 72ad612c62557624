"""Brings what a manifest says to a server: what is there and the same is left alone."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx2

from sluice.cli.manifest import ModelPart, ResourcePart
from sluice.client import CallFailed, address, checked, found, length_of, patiently, streamed

WAIT_S = 600.0
"""Packages of scripts may be on their way from an index meanwhile."""

Deed = Literal["created", "replaced", "changed", "unchanged", "kept"]
_KEPT = "the server has another one, which stays"


@dataclass(frozen=True)
class Change:
    """What was done, or in a dry run would be.

    Attributes:
        kind: `model`, `resource` or `pipeline`.
        notes: what is different, in sentences.
    """

    kind: str
    name: str
    deed: Deed
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pushing:
    """Creates and replaces; every method raises `CallFailed` where the server refuses.

    Attributes:
        dry_run: only tell what would be done.
        replace: whether what is there and different is replaced; otherwise it is kept.
    """

    client: httpx2.AsyncClient
    dry_run: bool = False
    replace: bool = True

    async def model(self, part: ModelPart) -> Change:
        """Have a model there with this content and description."""
        there = await found(self.client, "models", part.name)
        if there is None:
            said = {"name": part.name, "description": part.description or ""}
            await self._upload("POST", address("models"), part.file, said, part.data)
            return Change("model", part.name, "created")
        now = there.json()
        deed, notes = await self._replaced(now, address("models", part.name), part.file, part.data)
        if part.description is not None and part.description != now["description"]:
            await self._patch(address("models", part.name), {"description": part.description}, "*")
            deed, notes = (deed if deed == "replaced" else "changed"), (*notes, "The description is another one.")
        return Change("model", part.name, deed, notes)

    async def resource(self, part: ResourcePart) -> Change:
        """Have a resource there with this content."""
        there = await found(self.client, "resources", part.name)
        if there is None:
            await self._upload("POST", address("resources"), part.file, {"kind": part.kind}, file_name=part.name)
            return Change("resource", part.name, "created")
        now = there.json()
        if now["kind"] != part.kind:
            raise CallFailed(
                f"'{part.name}' is a resource of the kind {now['kind']} there, which {part.kind} can't replace. "
                "Choose another name, or delete it there first."
            )
        deed, notes = await self._replaced(now, address("resources", part.name), part.file)
        return Change("resource", part.name, deed, notes)

    async def pipeline(self, body: Mapping[str, Any]) -> Change:
        """Have a pipeline there that is made like this."""
        name = body["name"]
        there = await found(self.client, "pipelines", name)
        if there is None:
            await self._done(lambda: self.client.post(address("pipelines"), json=dict(body)))
            return Change("pipeline", name, "created")
        now = there.json()
        different = {key: value for key, value in body.items() if not _same(now.get(key), value)}
        if not different:
            return Change("pipeline", name, "unchanged")
        if not self.replace:
            return Change("pipeline", name, "kept", (_KEPT,))
        await self._patch(address("pipelines", name), different, there.headers["etag"])
        notes = tuple(f"{key}: {_shown(now.get(key))} becomes {_shown(value)}." for key, value in different.items())
        return Change("pipeline", name, "changed", notes)

    async def _replaced(
        self, now: Mapping[str, Any], target: str, file: Path, data: tuple[Path, ...] = ()
    ) -> tuple[Deed, tuple[str, ...]]:
        """Give something that is there this content, unless it has it."""
        if not data and now["sha256"] == await asyncio.to_thread(_sha256, file):
            return "unchanged", ()
        if not self.replace:
            return "kept", (_KEPT,)
        if data and self.dry_run:
            return "replaced", ("Whether it is different only the server can tell, once it has the external data.",)
        answer = await self._upload("PUT", f"{target}/content", file, {}, data)
        if answer is None:
            return "replaced", ()
        after = answer.json()
        if after["revision"] == now["revision"]:
            return "unchanged", ()
        also = [f"New revision of the pipeline '{name}'." for name in after["pipelines"]]
        return "replaced", (*after["changes"], *also)

    async def _upload(
        self,
        method: str,
        target: str,
        file: Path,
        said: dict[str, str],
        data: tuple[Path, ...] = (),
        file_name: str | None = None,
    ) -> httpx2.Response | None:
        """Send a file, streaming: by itself, or in a form together with the files of its external data."""
        file_name = file_name or file.name
        if not data:
            return await self._done(
                lambda: self.client.request(
                    method,
                    target,
                    params={"fileName": file_name, **said},
                    content=streamed(file),
                    headers=length_of(file),
                )
            )

        async def send() -> httpx2.Response:
            with ExitStack() as stack:
                names = [(file_name, file), *((path.name, path) for path in data)]
                files = [("file", (name, stack.enter_context(path.open("rb")))) for name, path in names]
                return await self.client.request(method, target, data=said, files=files)

        return await self._done(send)

    async def _patch(self, target: str, change: Mapping[str, Any], version: str) -> None:
        await self._done(lambda: self.client.patch(target, json=dict(change), headers={"If-Match": version}))

    async def _done(self, send: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response | None:
        return None if self.dry_run else checked(await patiently(send, WAIT_S))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same(there: Any, wanted: Any) -> bool:
    """Tell whether two settings are; names that differ by case only are the same."""
    if isinstance(there, str) and isinstance(wanted, str):
        return there.casefold() == wanted.casefold()
    if isinstance(there, list) and isinstance(wanted, list):
        return len(there) == len(wanted) and all(map(_same, there, wanted))
    return bool(there == wanted)


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
