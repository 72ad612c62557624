"""One worker process with the calls that were sent to it; answers come in the order of the calls."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import mmap
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sluice.workers import scratch, tracing
from sluice.workers.body import SpooledBody
from sluice.workers.call import Call
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.prints import read_printed
from sluice.workers.descriptors import Descriptors
from sluice.workers.encoding import BrokenFrame, encode, encode_again, encode_packet
from sluice.workers.frames import FrameBody, Frames
from sluice.workers.launch import Process, describe_end
from sluice.workers.messages import (
    STATUS,
    STEPS,
    Answer,
    Failed,
    Failure,
    Load,
    LoadFailed,
    Message,
    Ready,
    Run,
    Tidied,
    Tidy,
    Traced,
    Weigh,
    Weighed,
)
from sluice.workers.state import EndCause
from sluice.workers.veil import Veil
from sluice.workers.zygote import NotStarted, Zygote

log = logging.getLogger(__name__)

_SOCKET_BUFFER_BYTES = 4 << 20
_JOINED_BYTES = 64 << 10  # below that it costs less to copy than to send in parts
_CPU_TIME = 2  # CPUCLOCK_SCHED in the kernel's number of a process's clock; Python has no clock_getcpuclockid
# A script that shortened the shared page would have the server killed (SIGBUS) when it looks at it.
_SIZE_SEALED = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
_RUN, _RUN_TRACED = encode_packet(Run()), encode_packet(Run(trace=True))


class Worker:
    """One process.

    Args:
        zygote: forks it.
        load: what it loads first.
        policy: what its scripts may use.
        files: its working folder, with the scripts.
        scratch: its home and temporary folder; made here, removed when it ends.
        on_answer: called after each answer.
        on_end: called once when it is gone, with how it ended; `calls` holds what it left unanswered.
        veil: hides its secrets in what is told of its calls.

    Attributes:
        calls: sent and unanswered, oldest first.
        open: whether it takes calls; not any more once its socket is closed or another one has its place.
        answered: how many calls.
        used_at: event loop time of the last call's coming.
        spares: whether its end may be due to earlier calls than the one that runs, which then goes to another worker.
        cause: why it ended, as long as it didn't: by itself.
        blame: further facts about why it was ended, JSON-able.
        nice: its priority, 0 is the usual one.
        tidied_bytes: what it had in memory after it gave back all it could; None until it has said so.
    """

    def __init__(
        self,
        zygote: Zygote,
        load: Load,
        policy: ScriptPolicy,
        files: Path,
        scratch: Path,
        on_answer: Callable[[Worker, Call, Answer | Traced | Failed], None],
        on_end: Callable[[Worker, str], None],
        veil: Veil | None = None,
    ) -> None:
        self._zygote = zygote
        self._load = load
        self._policy = policy
        self._files = files
        self._scratch = scratch
        self._on_answer = on_answer
        self._on_end = on_end
        self._veil = veil
        self.calls: deque[Call] = deque()
        self.open = True
        self._unsent: list[bytes] = []
        loop = asyncio.get_running_loop()
        self.answered = 0
        self._forges = False
        self.used_at = loop.time()
        self.spares = False
        self.cause: EndCause = "crashed"
        self.blame: dict[str, str] = {}
        self.nice = 0
        self.tidied_bytes: int | None = None
        self._loaded: asyncio.Future[None] = loop.create_future()
        self._process: Process | None = None
        self._gone: asyncio.Task[None] | None = None
        self._weighed: asyncio.Future[str] | None = None
        self._tidying = 0
        self._why: str | None = None

    async def start(self, timeout_s: float) -> None:
        """Return once it has loaded everything.

        Raises:
            NotStarted: something doesn't load, crashes while loading, or takes too long.
        """
        await self._launch()
        try:
            self._transport.write(encode(self._load))
            await asyncio.wait_for(asyncio.shield(self._loaded), timeout_s)
        except TimeoutError:
            message = (
                f"Loading didn't end within {timeout_s:g} s (SLUICE_START_TIMEOUT_S); it was in {self.place}. "
                "Let scripts do less at their top level, or raise that."
            )
            failure = self._failure("start-timeout", message)
            await self.kill("it didn't load")
            raise NotStarted(failure) from None
        except BaseException:
            await self.kill("it didn't load")
            raise
        assert self._process
        if self._process.ended.done():
            how = describe_end(self._process.ended.result())
            raise NotStarted(Failure("input", "crashed", f"The process ended right after it had loaded: {how}."))
        self.used_at = asyncio.get_running_loop().time()

    async def _launch(self) -> None:
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            self._scratch.mkdir(mode=0o700, parents=True)
            ours.callback(scratch.remove, self._scratch)
            frames, their_frames = _socket_pair()
            ours.enter_context(frames)
            theirs.enter_context(their_frames)
            our_descriptors, their_descriptors = socket.socketpair()
            theirs.enter_context(their_descriptors)
            self._descriptors = Descriptors(our_descriptors, lambda: self._on_lost(None))
            ours.callback(self._descriptors.close)
            self._output = os.memfd_create("sluice-output", os.MFD_CLOEXEC)
            ours.callback(os.close, self._output)
            fcntl.fcntl(self._output, fcntl.F_SETFL, os.O_APPEND)  # emptying it also rewinds it
            status = os.memfd_create("sluice-status", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            theirs.callback(os.close, status)
            os.truncate(status, mmap.PAGESIZE)
            fcntl.fcntl(status, fcntl.F_ADD_SEALS, _SIZE_SEALED)
            self._status = ours.enter_context(mmap.mmap(status, mmap.PAGESIZE))
            self._rest = ours.enter_context(frames.dup())
            self._frames = Frames(self._on_frame, self._on_lost, self._load.max_answer_bytes)
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_unix_connection(lambda: self._frames, sock=frames)
            ours.callback(self._transport.abort)
            descriptors = [their_frames.fileno(), their_descriptors.fileno(), self._output, status]
            process = await self._zygote.fork_worker(
                self._files, self._scratch, self._load.model, self._policy, descriptors
            )
            # From here on nothing is awaited: whoever gives up now finds a process to kill.
            self._process = process
            self._gone = loop.create_task(self._finish(process))
            ours.pop_all()

    def _close(self) -> None:
        self._frames.release()
        self._descriptors.close()
        os.close(self._output)
        self._status.close()

    def send(self, call: Call) -> None:
        """Give it one more call."""
        call.sent_at = time.perf_counter()
        self.used_at = asyncio.get_running_loop().time()
        call.attempts += 1
        self.calls.append(call)
        if isinstance(call.body, SpooledBody):
            self._send_now()
            self._descriptors.send(call.body.descriptor)
            if not self.open:  # it is ending, and its calls go to another one
                return
            self._transport.write(encode(Run(True, call.trace, call.inference)))
        else:
            if call.inference is not None:
                run = encode_packet(Run(False, call.trace, call.inference))
            else:
                run = _RUN_TRACED if call.trace else _RUN
            self._unsent += (encode_again(run, len(call.body)), call.body)
            if len(self._unsent) == 2:
                # One system call, and one waking of the process, for all calls of this turn of the loop.
                asyncio.get_running_loop().call_soon(self._send_now)

    def take_back(self) -> list[Call]:
        """Return the calls behind the oldest; it must be ended once it has answered that one, for it has them all."""
        behind = list(self.calls)[1:]
        for call in behind:
            self.calls.pop()
            call.attempts -= 1  # it only waited here
        return behind

    def _send_now(self) -> None:
        unsent, self._unsent = self._unsent, []
        if not unsent or self._transport.is_closing():
            return
        if sum(map(len, unsent)) < _JOINED_BYTES:
            self._transport.write(b"".join(unsent))
        else:
            self._transport.writelines(unsent)

    @property
    def step(self) -> str:
        """The step that runs, or ran last, as the process itself noted it."""
        _, step = STATUS.unpack_from(self._status)
        return STEPS[min(step, len(STEPS) - 1)]

    @property
    def script(self) -> str | None:
        """The name of the script of that step, if it is one's."""
        by_step = {"pre-processing": self._load.pre, "post-processing": self._load.post}
        return by_step.get(self.step)

    @property
    def place(self) -> str:
        """That step in words."""
        return f"the step {self.step}" + (f" ('{self.script}')" if self.script else "")

    @property
    def running(self) -> Call | None:
        """The call that it has begun and not answered."""
        begun, _ = STATUS.unpack_from(self._status)
        return self.calls[0] if self.calls and begun > self.answered else None

    def printed(self) -> str | None:
        """What the running call has printed so far, capped; it stays readable after the process's end."""
        printed = read_printed(self._output)
        return self._veil.text(printed) if self._veil and printed else printed

    def seen(self, call: Call) -> dict[str, Any]:
        """Return what is known of a call that can't answer any more, by the key of the answer to it."""
        printed = self.printed()
        steps = tracing.noted_steps(self._status, call.sent_at) if call is self.running else []
        steps_ms = sum(step["ms"] for step in steps)
        trace = tracing.trace_of(call.queued_at, call.sent_at, steps, steps_ms, printed)
        known = {"script": self.script, "printed": printed or None}
        return {"step": self.step, **{key: value for key, value in known.items() if value}, "trace": trace}

    @property
    def pid(self) -> int | None:
        """Of its process, which may be another's once that has ended; None before there is one."""
        return self._process.pid if self._process else None

    @property
    def ended(self) -> bool:
        """Whether its process is gone."""
        return self._process is not None and self._process.ended.done()

    @property
    def zygote_pid(self) -> int | None:
        """Of the process whose memory it shares."""
        return self._zygote.pid

    @property
    def scratch(self) -> Path:
        """Its temporary folder."""
        return self._scratch

    def cpu_s(self) -> float:
        """Return how much CPU time it has taken so far."""
        if self.pid is None or self.ended:
            return 0.0
        try:
            return time.clock_gettime(~self.pid << 3 | _CPU_TIME)
        except OSError:  # ended, and nobody has said so yet
            return 0.0

    def be_nice(self, nice: int) -> bool:
        """Set its priority; tell whether the kernel let us, which only root may raise it again."""
        if self.ended:
            return True
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with contextlib.suppress(ProcessLookupError):
                    os.setpriority(os.PRIO_PROCESS, int(thread), nice)
        except PermissionError:
            return False
        except FileNotFoundError:
            return True
        self.nice = nice
        return True

    def tidy(self) -> None:
        """Have it give back what memory it can; `tidied_bytes` says then what it has."""
        if not self._transport.is_closing():
            self._tidying += 1
            self._transport.write(encode(Tidy()))

    async def weigh(self, timeout_s: float) -> str:
        """Return which of its scripts' globals hold much memory, in words; empty if it can't say so in time."""
        self._weighed = asyncio.get_running_loop().create_future()
        if not self._transport.is_closing():
            self._transport.write(encode(Weigh()))
            await asyncio.wait([self._weighed], timeout=timeout_s)
        return self._weighed.result() if self._weighed.done() else ""

    async def kill(self, why: str, cause: EndCause = "closed") -> None:
        """End it at once, and return when it is gone and cleaned up."""
        self.kill_soon(why, cause)
        if self._gone:
            await asyncio.shield(self._gone)

    def kill_soon(self, why: str, cause: EndCause, **blame: str) -> None:
        """End it at once without waiting until it is gone; the first reason counts."""
        if not self._why:
            self._why, self.cause, self.blame = why, cause, blame
        self.open = False
        if self._process:
            self._process.kill()

    def _on_frame(self, message: Message, body: FrameBody) -> None:
        match message:
            case Answer() | Traced() | Failed() if self.calls and message.number == self.answered + 1:
                if isinstance(message, Answer) and message.head_bytes > len(body) and not message.compressed:
                    raise BrokenFrame("an answer shorter than its head")
                if self._veil and not isinstance(message, Answer):
                    message = self._veil.message(message)
                call = self.calls.popleft()
                self.answered += 1
                call.finish(message, body)
                self._on_answer(self, call, message)
                if self._forges and not self.calls:
                    raise BrokenFrame("it answered twice")
            case Answer() | Traced() | Failed() if self.calls and message.number <= self.answered:
                # A script forged the one that went out. Others' calls may be on their way to it, so it is ended later.
                self._forges, self.open = True, False
            case Ready() if not self._loaded.done():
                self._loaded.set_result(None)
            case LoadFailed(failure) if not self._loaded.done():
                self._loaded.set_exception(NotStarted(self._veil.failure(failure) if self._veil else failure))
            case Tidied(held_bytes) if self._tidying:
                self._tidying -= 1
                self.tidied_bytes = held_bytes
            case Weighed(text) if self._weighed and not self._weighed.done():
                self._weighed.set_result(self._veil.text(text) if self._veil else text)
            case _:
                raise BrokenFrame(f"an unexpected {message.kind}")

    def _on_lost(self, broken: str | None) -> None:
        """End a process whose frames can't be trusted, or that closed its socket."""
        self.open = False
        if broken:
            self.kill_soon(f"it broke the protocol: {broken}", "broken-protocol")
        elif self._process:
            self._process.kill()

    async def _finish(self, process: Process) -> None:
        status = await process.ended
        self._transport.abort()
        self._read_rest()
        how = self._why or describe_end(status)
        if not self._loaded.done():
            message = f"The process ended while loading: {how}; it was in {self.place}."
            self._loaded.set_exception(NotStarted(self._failure("crashed", message)))
            self._loaded.exception()  # seen: `start` may have given up waiting
        if self._weighed and not self._weighed.done():
            self._weighed.set_result("")
        self._on_end(self, how)
        self._close()
        try:
            await asyncio.to_thread(scratch.remove, self._scratch)
        except OSError as error:
            log.warning("a worker's temporary folder can't be removed: %s", error)

    def _read_rest(self) -> None:
        """Take the answers that it sent before it ended; the transport drops them when a write fails first."""
        with self._rest, contextlib.suppress(OSError):
            while size := self._rest.recv_into(self._frames.get_buffer(-1)):
                self._frames.buffer_updated(size)

    def _failure(self, kind: str, message: str) -> Failure:
        return Failure(self.step, kind, message, script=self.script, printed=self.printed())


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    pair = socket.socketpair()
    for end in pair:
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            end.setsockopt(socket.SOL_SOCKET, option, _SOCKET_BUFFER_BYTES)
    return pair
