"""A zygote: a process of one thread that has loaded what others share, and forks them.

The base zygote is started (by `confined`) with a clean environment and imports numpy, onnxruntime and the codec. It
forks one zygote for each model, which opens the session; that one forks the workers. So a worker costs a fork, and its
model's memory is shared.

Forking with a session open is safe because no thread but this one ever ran: onnxruntime runs single-threaded sessions
in the caller's thread, and the environment keeps the numeric libraries from starting any. It is asserted before each
fork.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import hashlib  # noqa: F401  # as numpy.random and Pillow: most workers need them, and here they are shared
import linecache  # noqa: F401
import os
import select
import signal
import site
import socket
from collections.abc import Callable
from pathlib import Path

import numpy.random  # noqa: F401

from sluice.workers.child.allocator import give_back, keep_large_blocks
from sluice.workers.child.belonging import die_with
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.process import work
from sluice.workers.child.sandbox import Held, Stage1, Stage2, enter_stage_one, enter_stage_two
from sluice.workers.child.session import ModelFailed, Session
from sluice.workers.encoding import decode, encode_packet
from sluice.workers.messages import (
    Exited,
    Failure,
    Forked,
    ForkFailed,
    ForkInspector,
    ForkNothing,
    ForkWorker,
    Message,
    Opened,
    OpenFailed,
    OpenModel,
)

with contextlib.suppress(ImportError):  # an environment's workers find their own, if they asked for it
    import PIL.Image

    PIL.Image.preinit()

_PACKET_BYTES = 64 << 10
_MOST_DESCRIPTORS = 4
_DNS = 53

Role = Callable[[], "Role | None"]
"""What this process does from now on; it returns the next role if it becomes another process by forking."""


class Zygote:
    """Serves the requests that come over its control socket."""

    def __init__(self, control: socket.socket, held: Held, session: Session | None = None) -> None:
        self._control = control
        self._held = held
        self._session = session
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._children: dict[int, tuple[int, int]] = {}  # number and process id by pidfd

    def serve(self) -> Role | None:
        """Fork and reap until the server hangs up; return early, with a new role, in each forked child."""
        gc.collect()
        gc.freeze()  # the collector would otherwise write into, and so copy, pages that are shared
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor != self._control.fileno():
                    self._reap(descriptor)
                    continue
                packet, descriptors, flags, _ = socket.recv_fds(self._control, _PACKET_BYTES, _MOST_DESCRIPTORS)
                if not packet:
                    return None
                if role := self._fork(decode(packet), descriptors, complete=not flags & socket.MSG_CTRUNC):
                    return role

    def say_opened(self) -> None:
        """Tell the server that everything is loaded."""
        self._control.send(encode_packet(Opened()))

    def _fork(self, request: Message, descriptors: list[int], *, complete: bool) -> Role | None:
        """Fork as asked; where there is no room for that, say so and go on: others live by this process.

        Args:
            request: what for.
            descriptors: that came along.
            complete: whether all of them did; those beyond the limit of open files don't.
        """
        assert isinstance(request, OpenModel | ForkWorker | ForkInspector | ForkNothing)
        own_pid = os.getpid()
        try:
            if not complete:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            assert len(os.listdir("/proc/self/task")) == 1, "a zygote must have one thread"
            pid = os.fork()
        except OSError as error:
            _close(descriptors)
            self._say_failed(request.number, error)
            return None
        if pid == 0:
            self._forget()
            die_with(own_pid)
            if isinstance(request, OpenModel):
                return lambda: _open_model(request, socket.socket(fileno=descriptors[0]), self._held)
            if isinstance(request, ForkNothing):
                return lambda: None
            if isinstance(request, ForkInspector):
                return lambda: _become_inspector(request, descriptors[0])
            return lambda: _become_worker(request, descriptors, self._held, self._session)
        _close(descriptors)
        own: list[int] = []
        try:
            own.append(os.pidfd_open(pid))
            socket.send_fds(self._control, [encode_packet(Forked(request.number, pid))], own)
        except OSError as error:  # a process that the server couldn't end mustn't be
            _close(own)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self._say_failed(request.number, error)
            return None
        self._children[own[0]] = (request.number, pid)
        self._poll.register(own[0], select.POLLIN)
        return None

    def _say_failed(self, number: int, error: OSError) -> None:
        self._control.send(encode_packet(ForkFailed(number, error.errno or 0)))

    def _forget(self) -> None:
        """Close what belongs to the zygote alone."""
        self._control.close()
        for pidfd in self._children:
            os.close(pidfd)

    def _reap(self, pidfd: int) -> None:
        number, pid = self._children.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        self._control.send(encode_packet(Exited(number, os.waitstatus_to_exitcode(status))))


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _open_model(request: OpenModel, control: socket.socket, held: Held) -> Role | None:
    session = None
    if request.preload:
        try:
            session = Session(request.model)
            give_back()  # loading takes twice the model's size, and every worker would hold it
        except ModelFailed as failed:
            failure = Failure("model", "model-not-loaded", f"The model doesn't load: {failed}")
            control.send(encode_packet(OpenFailed(failure)))
            return None
    zygote = Zygote(control, held, session)
    zygote.say_opened()
    return zygote.serve


def _become_worker(request: ForkWorker, descriptors: list[int], held: Held, session: Session | None) -> None:
    frames, files, output, status = descriptors
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(request.files)
    os.environ |= {"HOME": request.scratch, "TMPDIR": request.scratch}
    policy = ScriptPolicy.from_json(request.policy)
    if _DNS in (policy.ports or ()):
        os.environ["RES_OPTIONS"] = "use-vc"  # names are asked for by TCP, as a list of ports opens nothing else
    model = () if session else (request.model,)
    enter_stage_two(Stage2(request.files, request.scratch, policy, readable=model, unbounded=not session), held)
    if held.packages:
        site.addsitedir(held.packages)  # its .pth files are code, too
    work(frames, files, status, Path(request.files), session, policy)


def _become_inspector(request: ForkInspector, descriptor: int) -> None:
    from sluice.workers.child import inspector  # imported already, by the one that forks inspectors

    inspector.main(descriptor, enter_stage_one(Stage1(**request.rules), forked=True))


def main(control: int, held: Held) -> None:
    """Be the base zygote, and whatever it forks."""
    keep_large_blocks()
    base = Zygote(socket.socket(fileno=control), held)
    role: Role | None = base.serve
    try:
        base.say_opened()
        while role:
            role = role()
    except BaseException:
        os._exit(1)  # without a traceback: what a worker prints goes to callers, who mustn't see our paths
    os._exit(0)  # nothing here needs tidying up, and the libraries' own way out takes long
