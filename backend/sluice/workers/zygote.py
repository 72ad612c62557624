"""The server's side of zygotes: asks them to fork, and learns what became of the forked."""

from __future__ import annotations

import asyncio
import itertools
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.sandbox import Stage1
from sluice.workers.launch import Process, launch
from sluice.workers.messages import (
    Exited,
    Failure,
    Forked,
    ForkWorker,
    Opened,
    OpenFailed,
    OpenModel,
    decode,
    encode_packet,
)

_PACKET_BYTES = 64 << 10


class NotStarted(Exception):
    """A process can't serve.

    Attributes:
        failure: what didn't load and why.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Zygote:
    """One zygote process.

    Args:
        control: our end of its control socket.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._process: Process | None = None
        self._numbers = itertools.count(1)
        self._awaited: dict[int, asyncio.Future[Process]] = {}
        self._children: dict[int, Process] = {}
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        control.setblocking(False)
        loop.add_reader(control, self._read)

    @classmethod
    async def base(cls, rules: Stage1, timeout_s: float) -> Zygote:
        """Return the zygote that all others come from, with everything imported.

        Raises:
            NotStarted: it ends, or takes too long.
        """
        ours, theirs = _control_pair()
        with theirs:
            process = launch("zygote", theirs.fileno(), rules)
        zygote = cls(ours)
        zygote._process = process
        await zygote._wait_until_opened(timeout_s, "Starting")
        return zygote

    async def open_model(self, model: Path, *, preload: bool, timeout_s: float) -> Zygote:
        """Return a zygote that has the model open.

        Raises:
            NotStarted: the model doesn't load, crashes the process, or takes too long.
        """
        ours, theirs = _control_pair()
        zygote = Zygote(ours)
        with theirs:
            number = next(self._numbers)
            zygote._process = await self._fork(OpenModel(number, str(model), preload), [theirs.fileno()])
        await zygote._wait_until_opened(timeout_s, "Loading the model")
        return zygote

    async def _wait_until_opened(self, timeout_s: float, doing: str) -> None:
        try:
            await asyncio.wait_for(self.opened, timeout_s)
        except TimeoutError:
            await self.close()
            message = f"{doing} didn't end within {timeout_s:g} s."
            raise NotStarted(Failure("model", "start-timeout", message)) from None
        except BaseException:
            await self.close()
            raise

    async def fork_worker(
        self, files: Path, scratch: Path, model: str, policy: ScriptPolicy, descriptors: Sequence[int]
    ) -> Process:
        """Return a new worker, which waits for its first frame.

        Raises:
            NotStarted: the zygote is gone.
        """
        number = next(self._numbers)
        return await self._fork(ForkWorker(number, str(files), str(scratch), model, policy.to_json()), descriptors)

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self._process is not None and not self._process.ended.done() and self._control.fileno() >= 0

    async def close(self) -> None:
        """End it, and with it all that it forked."""
        self._hang_up()
        if self._process:
            self._process.kill()
            await asyncio.shield(self._process.ended)

    async def _fork(self, request: OpenModel | ForkWorker, descriptors: Sequence[int]) -> Process:
        forked: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._awaited[request.number] = forked
        try:
            socket.send_fds(self._control, [encode_packet(request)], list(descriptors))
            return await forked
        except OSError as error:
            raise NotStarted(_gone(error.strerror or "")) from None
        finally:
            self._awaited.pop(request.number, None)

    def _read(self) -> None:
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._control, _PACKET_BYTES, 1)
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        if not packet:
            self._hang_up()
            return
        match decode(packet):
            case Forked(number, pid):
                process = self._children[number] = Process(pid, descriptors[0])
                awaited = self._awaited.get(number)
                if awaited and not awaited.done():
                    awaited.set_result(process)
                else:
                    process.kill()
            case Exited(number, status):
                self._children.pop(number).note_end(status)
            case Opened() if not self.opened.done():
                self.opened.set_result(None)
            case OpenFailed(failure) if not self.opened.done():
                self.opened.set_exception(NotStarted(failure))

    def _hang_up(self) -> None:
        """Give up the control socket; the kernel ends the children of a zygote that ended."""
        if self._control.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        for process in self._children.values():
            process.kill()
            process.note_end(-signal.SIGKILL)
        self._children.clear()
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_exception(NotStarted(_gone("it ended")))
        if not self.opened.done():
            self.opened.set_exception(
                NotStarted(Failure("model", "crashed", "The process ended before it had loaded everything."))
            )
            self.opened.exception()  # seen, also if nobody waits for it any more


@dataclass
class _Shared:
    """A model's zygote with the number of pools that use it."""

    opening: asyncio.Task[Zygote]
    users: int = 0


class Zygotes:
    """One base zygote, and one for each model that has workers.

    Args:
        timeout_s: longest that a model may take to load.
        rules: what they and their workers may reach at most.
    """

    def __init__(self, timeout_s: float, rules: Stage1) -> None:
        self._timeout_s = timeout_s
        self._rules = rules
        self._base: asyncio.Task[Zygote] | None = None
        self._models: dict[tuple[Path, bool], _Shared] = {}

    def start(self) -> None:
        """Begin to start the base zygote, so that the first pipeline needn't wait for its imports."""
        self._base = asyncio.get_running_loop().create_task(Zygote.base(self._rules, self._timeout_s))

    @property
    def can_start(self) -> bool:
        """Whether a worker could be started now; if not, the next attempt has begun."""
        if self._base is None or not self._base.done():
            return False
        if self._base.cancelled() or self._base.exception() or not self._base.result().alive:
            self.start()
            return False
        return True

    async def close(self) -> None:
        """End them all."""
        for shared in self._models.values():
            await _close(shared.opening)
        self._models.clear()
        if self._base:
            await _close(self._base)

    def enlist(self, model: Path, preload: bool) -> None:
        """Note that one more pool uses a model."""
        key = (model, preload)
        if key not in self._models:
            self._models[key] = _Shared(self._open(key))
        self._models[key].users += 1

    async def release(self, model: Path, preload: bool) -> None:
        """Note that one fewer does; the last one's leaving ends the zygote."""
        shared = self._models[(model, preload)]
        shared.users -= 1
        if not shared.users:
            del self._models[(model, preload)]
            await _close(shared.opening)

    async def get(self, model: Path, preload: bool) -> Zygote:
        """Return the zygote of an enlisted model; one that ended is replaced.

        Raises:
            NotStarted: the model doesn't load.
        """
        shared = self._models[(model, preload)]
        if shared.opening.done() and (shared.opening.exception() or not shared.opening.result().alive):
            shared.opening = self._open((model, preload))
        return await asyncio.shield(shared.opening)

    def _open(self, key: tuple[Path, bool]) -> asyncio.Task[Zygote]:
        return asyncio.get_running_loop().create_task(self._open_model(*key))

    async def _open_model(self, model: Path, preload: bool) -> Zygote:
        if self._base is None or (self._base.done() and (self._base.exception() or not self._base.result().alive)):
            self.start()
        assert self._base
        base = await asyncio.shield(self._base)
        return await base.open_model(model, preload=preload, timeout_s=self._timeout_s)


async def _close(opening: asyncio.Task[Zygote]) -> None:
    opening.cancel()  # harmless if it is open already
    try:
        zygote = await opening
    except (NotStarted, asyncio.CancelledError):
        return
    await zygote.close()


def _control_pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _gone(why: str) -> Failure:
    return Failure("input", "no-process", f"No worker process can be started: {why}.")
