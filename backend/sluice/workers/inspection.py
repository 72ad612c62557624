"""Judges uploaded files in processes of their own: a hostile one never touches the server."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sluice.entities import ModelFacts, Opset, ScriptHeader, ScriptWarning
from sluice.errors import InvalidModel, InvalidScript, NotAvailable, UnreadableModel, UnreadableScript
from sluice.tensors import TensorSpec
from sluice.workers.child.sandbox import Stage1
from sluice.workers.confinement import CONFINED, Confinement
from sluice.workers.encoding import encode
from sluice.workers.frames import Frames
from sluice.workers.inspectors import Inspectors
from sluice.workers.launch import describe_end
from sluice.workers.messages import InspectModel, InspectScript, Message, ModelInspected, Rejected, ScriptInspected
from sluice.workers.zygote import NotStarted

_AT_ONCE = 2
_SCRIPT_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class InspectedModel:
    """A model that loads.

    Attributes:
        facts: what its file says.
        merged: whether it came with external data, so that the one file of all is the model now.
    """

    facts: ModelFacts
    merged: bool


@dataclass(frozen=True)
class InspectedScript:
    """A script that can be loaded.

    Attributes:
        warnings: what will probably not work.
        header: what it says that it needs.
        changes: what is different from what it replaces, in sentences.
    """

    warnings: tuple[ScriptWarning, ...] = ()
    header: ScriptHeader | None = None
    changes: tuple[str, ...] = ()


class _NoVerdict(Exception):
    """The inspector ended without one; the message says how."""


class Inspector:
    """Has one process for each file, forked from a zygote that is there as long as files come.

    Args:
        timeout_s: longest that a model may take to load.
        memory_mb: most address space that it may use meanwhile.
        folders: where all files to be inspected lie.
        confinement: which mechanisms of the sandbox to use.
    """

    def __init__(
        self, timeout_s: float, memory_mb: int, folders: Sequence[Path], confinement: Confinement = CONFINED
    ) -> None:
        self._confinement = confinement
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._turn = asyncio.Semaphore(_AT_ONCE)
        paths = tuple(map(str, folders))
        self._inspectors = Inspectors(
            Stage1(
                readable=paths,
                writable=paths,
                private=paths,
                landlock=confinement.landlock,
                seccomp=confinement.seccomp,
            ),
            confinement.uid,
        )

    async def inspect_model(self, path: Path, data_files: Mapping[str, Path], merged: Path) -> InspectedModel:
        """Return what the file says.

        Args:
            path: of the uploaded file.
            data_files: path by file name of the external data uploaded with it.
            merged: where to write the model together with its data, if there is any.

        Raises:
            InvalidModel: it isn't ONNX, refers to what isn't there, or doesn't load within the limits.
            NotAvailable: there is no process to be had that looks at it.
        """
        request = InspectModel(
            str(path), {name: str(file) for name, file in data_files.items()}, str(merged), self._memory_mb
        )
        await asyncio.to_thread(merged.touch)  # so that it can be opened to the inspector, and nothing beside it
        self._give(merged, self._confinement.uid)
        readable = [path, *data_files.values()]
        try:
            verdict = await self._ask(request, self._timeout_s, readable, merged)
        except TimeoutError:
            raise InvalidModel(f"The model didn't load within {self._timeout_s:g} s.") from None
        except _NoVerdict as ended:
            raise InvalidModel(
                f"Loading the model ended the process that tried it ({ended}); it may use at most {self._memory_mb} MB."
            ) from None
        finally:
            self._give(merged, 0)
        if isinstance(verdict, ModelInspected):
            return InspectedModel(_facts(verdict.facts), verdict.merged)
        assert isinstance(verdict, Rejected)
        refused = UnreadableModel if verdict.unreadable else InvalidModel
        raise refused(verdict.message, fields={"file": verdict.message})

    async def inspect_script(
        self, path: Path, name: str, kind: Literal["script", "module"], replaced: Path | None = None
    ) -> InspectedScript:
        """Return what its text tells; the script isn't run.

        Args:
            path: of the text.
            name: of the script.
            kind: a module needs no `process`.
            replaced: what it takes the place of, to be compared with.

        Raises:
            InvalidScript: not UTF-8, not Python, or (for a script) no function `process` of exactly one argument; or a
                header that can't be used.
            NotAvailable: there is no process to be had that looks at it.
        """
        request = InspectScript(str(path), name, kind == "script", str(replaced) if replaced else None)
        try:
            verdict = await self._ask(request, _SCRIPT_TIMEOUT_S, [path, *([replaced] if replaced else [])])
        except (TimeoutError, _NoVerdict):
            raise InvalidScript(f"'{name}' can't be checked: it is too large or nested too deep.") from None
        if isinstance(verdict, ScriptInspected):
            warnings = tuple(ScriptWarning(**warning) for warning in verdict.warnings)
            return InspectedScript(warnings, _header(verdict), tuple(map(str, verdict.changes)))
        assert isinstance(verdict, Rejected)
        details = {"line": verdict.line, "column": verdict.column, "lineText": verdict.line_text}
        known = {key: value for key, value in details.items() if value is not None}
        refused = UnreadableScript if verdict.unreadable else InvalidScript
        raise refused(verdict.message, fields={"file": verdict.message}, **known)

    async def close(self) -> None:
        """End every inspector."""
        await self._inspectors.close()

    def _give(self, file: Path, uid: int | None) -> None:
        """Have another user own a file, where inspectors have one of their own."""
        if self._confinement.uid is not None and uid is not None:
            os.chown(file, uid, uid)

    async def _ask(
        self, request: Message, timeout_s: float, readable: Sequence[Path], writable: Path | None = None
    ) -> Message:
        rules = Stage1(
            readable=tuple(map(str, readable)),
            writable=(str(writable),) if writable else (),
            private=tuple({str(path.parent) for path in readable}),
            may_fork=False,
            memory_mb=self._memory_mb,
            landlock=self._confinement.landlock,
            seccomp=self._confinement.seccomp,
        )
        loop = asyncio.get_running_loop()
        verdict: asyncio.Future[Message] = loop.create_future()

        def on_frame(message: Message, _: Any) -> None:
            if not verdict.done():
                verdict.set_result(message)

        def on_lost(_: str | None) -> None:
            if not verdict.done():
                verdict.set_exception(_NoVerdict())

        async with self._turn:
            ours, theirs = socket.socketpair()
            with theirs:
                transport, _ = await loop.create_unix_connection(lambda: Frames(on_frame, on_lost, 0), sock=ours)
                try:
                    async with self._inspectors.forked(rules, theirs.fileno()) as process:
                        theirs.close()
                        transport.write(encode(request))
                        try:
                            return await asyncio.wait_for(verdict, timeout_s)
                        except _NoVerdict:
                            raise _NoVerdict(describe_end(await process.ended)) from None
                except NotStarted as failed:
                    raise NotAvailable(f"The file can't be looked at now. {failed}") from None
                finally:
                    transport.abort()


def _header(verdict: ScriptInspected) -> ScriptHeader | None:
    if verdict.header is None:
        return None
    return ScriptHeader(**{**verdict.header, "requires": tuple(verdict.header["requires"])})


def _facts(data: dict[str, Any]) -> ModelFacts:
    specs = {key: tuple(TensorSpec.from_json(spec) for spec in data[key]) for key in ("inputs", "outputs")}
    return ModelFacts(**{**data, **specs, "opsets": tuple(Opset(**opset) for opset in data["opsets"])})
