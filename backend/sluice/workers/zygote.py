"""The server's side of zygotes: asks them to fork, and learns what became of the forked."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.sandbox import Stage1
from sluice.workers.encoding import decode, encode_packet
from sluice.workers.launch import Process, launch
from sluice.workers.messages import (
    Exited,
    Failure,
    Forked,
    ForkFailed,
    ForkInspector,
    ForkNothing,
    ForkWorker,
    Opened,
    OpenFailed,
    OpenModel,
)
from sluice.workers.shortage import no_process, refused

_PACKET_BYTES = 64 << 10
_ENDED = "the process that forks them ended"
_HANGS = (
    "the process that forks them didn't do so within {:g} s (SLUICE_START_TIMEOUT_S) and was ended; another one takes "
    "its place"
)


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
        timeout_s: see below.
        uid: of its user, where that isn't the server's.

    Attributes:
        timeout_s: longest that it may take to fork, and to reap what was killed; one that takes longer hangs: it is
            ended, and with it all that it forked.
    """

    def __init__(self, control: socket.socket, timeout_s: float, uid: int | None = None) -> None:
        self._control = control
        self.timeout_s = timeout_s
        self._uid = uid
        self._process: Process | None = None
        self._numbers = itertools.count(1)
        self._awaited: dict[int, asyncio.Future[Process]] = {}
        self._children: dict[int, Process] = {}
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        control.setblocking(False)
        loop.add_reader(control, self._read)

    @classmethod
    async def base(
        cls,
        rules: Stage1,
        timeout_s: float,
        core: Path | None = None,
        role: str = "zygote",
        uid: int | None = None,
    ) -> Zygote:
        """Return the zygote that all others come from, with everything imported.

        Args:
            rules: what it may reach.
            timeout_s: longest that it may take, and then for each fork.
            core: folder of what it imports, instead of the server's own libraries.
            role: module inside `sluice.workers.child` that tells what it imports.
            uid: user and group that it becomes, and all that it forks; None stays the server's.

        Raises:
            NotStarted: it ends, or takes too long.
        """
        ours, theirs = _control_pair()
        with theirs:
            try:
                process = launch(role, theirs.fileno(), rules, core, uid)
            except OSError as error:
                ours.close()
                raise NotStarted(refused(error.errno or 0)) from None
        zygote = cls(ours, timeout_s, uid)
        zygote._process = process
        await zygote._wait_until_opened("Starting")
        return zygote

    async def open_model(self, model: Path, *, preload: bool) -> Zygote:
        """Return a zygote that has the model open.

        Raises:
            NotStarted: the model doesn't load, crashes the process, or takes too long.
        """
        ours, theirs = _control_pair()
        zygote = Zygote(ours, self.timeout_s, self._uid)
        with theirs:
            number = next(self._numbers)
            zygote._process = await self._fork(OpenModel(number, str(model), preload), [theirs.fileno()])
        await zygote._wait_until_opened("Loading the model")
        return zygote

    async def _wait_until_opened(self, doing: str) -> None:
        try:
            await asyncio.wait_for(self.opened, self.timeout_s)
        except TimeoutError:
            await self.close()
            message = f"{doing} didn't end within {self.timeout_s:g} s (SLUICE_START_TIMEOUT_S)."
            raise NotStarted(Failure("model", "start-timeout", message)) from None
        except BaseException:
            await self.close()
            raise

    async def fork_worker(
        self, files: Path, scratch: Path, model: str, policy: ScriptPolicy, descriptors: Sequence[int]
    ) -> Process:
        """Return a new worker, which waits for its first frame.

        Raises:
            NotStarted: the zygote is gone, or there is no room for one more process.
        """
        if self._uid is not None:
            os.chown(scratch, self._uid, self._uid)
        number = next(self._numbers)
        return await self._fork(ForkWorker(number, str(files), str(scratch), model, policy.to_json()), descriptors)

    async def fork_inspector(self, rules: Stage1, descriptor: int) -> Process:
        """Return a new inspector, which waits for its one request on this socket.

        Raises:
            NotStarted: the zygote is gone, or there is no room for one more process.
        """
        return await self._fork(ForkInspector(next(self._numbers), asdict(rules)), [descriptor])

    async def fork_nothing(self) -> None:
        """Return once it has forked a process, which ends at once.

        Raises:
            NotStarted: it is gone, or there is no room for one more process.
        """
        await self._fork(ForkNothing(next(self._numbers)), [])

    @property
    def pid(self) -> int | None:
        """Of its process."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self._process is not None and not self._process.ended.done() and self._control.fileno() >= 0

    async def close(self) -> None:
        """End it, and with it all that it forked."""
        self._end()
        if self._process:
            await asyncio.shield(self._process.ended)

    def _end(self) -> None:
        self._hang_up()
        if self._process:
            self._process.kill()

    async def _fork(
        self, request: OpenModel | ForkWorker | ForkInspector | ForkNothing, descriptors: Sequence[int]
    ) -> Process:
        forked: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._awaited[request.number] = forked
        try:
            socket.send_fds(self._control, [encode_packet(request)], list(descriptors))
            return await asyncio.wait_for(forked, self.timeout_s)
        except TimeoutError:
            self._end()
            raise NotStarted(no_process(_HANGS.format(self.timeout_s))) from None
        except OSError as error:
            raise NotStarted(no_process(error.strerror or _ENDED)) from None
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
                if not descriptors:  # this process has too many; that one finds its sockets closed, and ends by that
                    self._fail(number, refused(errno.EMFILE))
                    return
                process = self._children[number] = Process(pid, descriptors[0], partial(self._expect_end, number))
                awaited = self._awaited.get(number)
                if awaited and not awaited.done():
                    awaited.set_result(process)
                else:
                    process.kill()
            case ForkFailed(number, error):
                self._fail(number, refused(error))
            case Exited(number, status) if number in self._children:
                self._children.pop(number).note_end(status)
            case Opened() if not self.opened.done():
                self.opened.set_result(None)
            case OpenFailed(failure) if not self.opened.done():
                self.opened.set_exception(NotStarted(failure))

    def _expect_end(self, number: int) -> None:
        asyncio.get_running_loop().call_later(self.timeout_s, self._end_if_there, number)

    def _end_if_there(self, number: int) -> None:
        if number in self._children:
            self._end()

    def _fail(self, number: int, failure: Failure) -> None:
        awaited = self._awaited.get(number)
        if awaited and not awaited.done():
            awaited.set_exception(NotStarted(failure))

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
        for number in self._awaited:
            self._fail(number, no_process(_ENDED))
        if not self.opened.done():
            self.opened.set_exception(
                NotStarted(Failure("model", "crashed", "The process ended before it had loaded everything."))
            )
            self.opened.exception()  # seen, also if nobody waits for it any more


def _control_pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
