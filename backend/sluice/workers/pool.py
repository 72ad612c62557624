"""The workers of one pipeline: a bounded queue in front, a deadline over each call, a new worker for each lost one."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from sluice.entities import Policy
from sluice.errors import DeadlineExceeded, NotAvailable, PipelineBroken, QueueFull, WorkerDied
from sluice.workers.body import Body
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.cores import available_cores, workers_fitting
from sluice.workers.deadlines import Deadlines
from sluice.workers.folder import PoolFolder
from sluice.workers.messages import Answer, Failed, Failure, Load, Traced
from sluice.workers.target import Target
from sluice.workers.worker import Call, Prediction, Reply, Worker
from sluice.workers.zygote import NotStarted
from sluice.workers.zygotes import ModelKey, Zygotes

log = logging.getLogger(__name__)

# A fast worker gets its next calls before it has answered the last, so that it never waits for the server.
_FAST_MS = 1.0
_FAST_DEPTH = 16
# A client that leaves mustn't hurt others: its call may finish within this time before the worker is killed.
_GRACE_S = 1.0
_MAX_BACK_OFF_S = 5.0
_MOST_ATTEMPTS = 3
_ACCIDENTS = ("crashed", "no-process")


@dataclass(frozen=True)
class Limits:
    """What each pool may use where the pipeline's policy says nothing else.

    Attributes:
        workers: most processes of one pool; 0 is as many as fit the cores.
        deadline_s: over queue and run of one call.
        queue_calls: most calls that wait in one pool.
        queue_bytes: most bytes of their bodies.
        start_timeout_s: longest that a worker may take to load.
        max_answer_bytes: longest answer.
        scripts: what scripts may use.
        intra_op_threads: threads of one model in one worker.
        idle_s: without a call for so long, a pool ends its processes; 0 is never.
        recycle_calls: a worker is replaced after so many; 0 is never.
        recycle_growth_mb: and after growing by so much; 0 is never.
        cores: that this machine lends.
    """

    workers: int
    deadline_s: float
    queue_calls: int
    queue_bytes: int
    start_timeout_s: float
    max_answer_bytes: int
    scripts: ScriptPolicy = field(default_factory=ScriptPolicy)
    intra_op_threads: int = 1
    idle_s: float = 600.0
    recycle_calls: int = 0
    recycle_growth_mb: int = 256
    cores: int = field(default_factory=available_cores)

    def threads_of(self, policy: Policy) -> int:
        """Return how many threads a pipeline's model may use in one worker."""
        return policy.intra_op_threads or self.intra_op_threads

    def workers_of(self, policy: Policy) -> int:
        """Return how many workers a pipeline may have: what was asked for, else what fits the cores."""
        return policy.workers or self.workers or workers_fitting(self.cores, self.threads_of(policy))

    def scripts_of(self, policy: Policy) -> ScriptPolicy:
        """Return what a pipeline's scripts may use; the model's own threads come on top."""
        threads = self.scripts.threads + self.threads_of(policy) - 1
        return replace(self.scripts, memory_mb=policy.memory_mb or self.scripts.memory_mb, threads=threads)


@dataclass(frozen=True)
class PoolState:
    """How a pool is doing.

    Attributes:
        state: `idle` has no process now and starts one on demand.
        reason: why it is broken.
        step: the one to blame.
    """

    state: Literal["ready", "starting", "idle", "broken"]
    reason: str | None = None
    step: str | None = None


class Pool:
    """The workers of one target.

    Args:
        target: what each worker loads.
        limits: server-wide defaults.
        zygotes: where its workers come from.
        folder: of this pool alone; removed when it has ended.
    """

    def __init__(self, target: Target, limits: Limits, zygotes: Zygotes, folder: PoolFolder) -> None:
        self._loop = asyncio.get_running_loop()
        self._target = target
        self._zygotes = zygotes
        threads = limits.threads_of(target.policy)
        self._preload = threads == 1  # forking is safe without further threads only
        self._model_key = ModelKey(target.model.path, self._preload, target.environment)
        zygotes.enlist(self._model_key)
        self._limits = limits
        self._folder = folder
        self._most = limits.workers_of(target.policy)
        self._scripts = limits.scripts_of(target.policy)
        self._load = Load(
            model=str(target.model.path),
            inputs=[spec.to_json() for spec in target.inputs],
            outputs=[spec.to_json() for spec in target.outputs],
            pre=target.pre.name if target.pre else None,
            post=target.post.name if target.post else None,
            intra_op_threads=threads,
            max_answer_bytes=target.policy.max_answer_bytes or limits.max_answer_bytes,
        )
        self._queue: deque[Call] = deque()
        self._queued_bytes = 0
        self._workers: list[Worker] = []
        self._starting: asyncio.Task[None] | None = None
        self._broken: Failure | None = None
        self._retry_at = 0.0
        self._served = False
        self._losses = 0  # in a row, since the last answer
        self._mean_run_ms = _FAST_MS
        self._closed = False
        self._deadlines = Deadlines(self._unfinished, self._expire)
        self._progress = asyncio.Event()  # a call has ended somehow

    @property
    def state(self) -> PoolState:
        """How it is doing now."""
        if self._workers:
            return PoolState("ready")
        if self._broken:
            return PoolState("broken", self._broken.message, self._broken.step)
        return PoolState("starting" if self._starting else "idle")

    async def warm(self) -> None:
        """Return once a worker is up.

        Raises:
            PipelineBroken: it doesn't start; says what doesn't load and why.
            NotAvailable: the pool was closed meanwhile.
        """
        while not self._workers:
            if self._closed:
                raise self._stopped()
            await asyncio.wait([self._start_one()])
            if self._broken:
                raise _broken(self._target, self._broken)

    def retry(self) -> None:
        """Forget why it is broken, and try to start a worker now."""
        self._broken, self._losses = None, 0
        if not self._closed and not self._workers:
            self._start_one()

    def submit(self, body: Body, deadline_s: float | None = None, trace: bool = False) -> asyncio.Future[Prediction]:
        """Return the future answer to one call; cancelling it tells that nobody waits any more.

        Args:
            body: complete; the caller keeps it open until the future is done.
            deadline_s: over queue and run; may only shorten the pipeline's own.
            trace: whether to look at what each step is given and returns.

        Raises:
            QueueFull: too many calls or bytes wait.
            PipelineBroken: no worker starts; also by the future.
            NotAvailable: the pool is closing; also by the future.
            PredictionFailed: by the future: a step failed on this body.
            DeadlineExceeded: by the future: it took too long; the worker was killed.
            WorkerDied: by the future: the process that ran it ended.
        """
        answer: asyncio.Future[Prediction] = self._loop.create_future()
        call = self.accept(answer, body, deadline_s, trace)

        def settle(answer: asyncio.Future[Prediction]) -> None:
            if answer.cancelled():
                self.abandon(call)

        answer.add_done_callback(settle)
        return answer

    def accept(self, answer: Reply, body: Body, deadline_s: float | None = None, trace: bool = False) -> Call:
        """Take one call whose answer goes straight to `answer`, without a turn of the event loop in between.

        As `submit` otherwise; who waits no longer says so by `abandon`.
        """
        now = self._loop.time()
        self._admit(len(body), now)
        allowed = self._target.policy.deadline_s or self._limits.deadline_s
        call = Call(body, answer, now + min(allowed, deadline_s or allowed), now, trace=trace)
        self._deadlines.watch(call.deadline_at)
        self._queue.append(call)
        self._queued_bytes += len(body)
        self._dispatch()
        return call

    async def drain(self) -> None:
        """Answer every call that it has, then end every worker; how long that takes is bounded by their deadlines."""
        while any(not call.answer.done() for call in self._unfinished()):
            self._progress.clear()
            await self._progress.wait()
        self._closed = True
        if self._starting:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        await asyncio.gather(*(worker.kill("the pool was closed") for worker in list(self._workers)))
        await self._zygotes.release(self._model_key)
        await self._folder.remove()

    def stop(self) -> None:
        """Take no more calls, and fail those that aren't answered yet."""
        self._closed = True
        for call in list(self._unfinished()):
            call.fail(self._stopped())
        self._take_queue()

    def _stopped(self) -> NotAvailable:
        return NotAvailable(f"The {self._target.label} was stopped. Try again.")

    def _admit(self, size: int, now: float) -> None:
        if self._closed:
            raise self._stopped()
        if self._broken and not self._workers and now < self._retry_at:
            raise _broken(self._target, self._broken)
        if len(self._queue) >= self._limits.queue_calls:
            raise QueueFull(f"{len(self._queue)} calls wait for the {self._target.label} already. Try again later.")
        if self._queue and self._queued_bytes + size > self._limits.queue_bytes:
            raise QueueFull(f"{self._queued_bytes} bytes wait for the {self._target.label} already. Try again later.")

    def _dispatch(self) -> None:
        depth = _FAST_DEPTH if self._mean_run_ms < _FAST_MS else 1
        while self._queue:
            least, most = None, depth
            for worker in self._workers:
                if worker.open and len(worker.calls) < most:
                    least, most = worker, len(worker.calls)
            if least is None:
                break
            call = self._queue.popleft()
            self._queued_bytes -= len(call.body)
            least.send(call)
        if self._queue and len(self._workers) < self._most:
            self._start_one()

    def _start_one(self) -> asyncio.Task[None]:
        """Return the running start of one more worker."""
        if self._starting is None:
            self._starting = self._loop.create_task(self._start())
        return self._starting

    async def _start(self) -> None:
        try:
            if self._losses > 1:
                await asyncio.sleep(min(0.1 * 2 ** (self._losses - 2), _MAX_BACK_OFF_S))
            await self._folder.lay_out()
            zygote = await self._zygotes.get(self._model_key)
            worker = Worker(
                zygote,
                self._load,
                self._scripts,
                self._folder.files,
                self._folder.next_scratch(),
                self._on_answer,
                self._on_end,
            )
            await worker.start(self._limits.start_timeout_s)
        except NotStarted as not_started:
            self._note_broken(not_started.failure)
        except OSError as error:
            log.error("no worker process for %s: %s", self._target.label, error)
            self._note_broken(Failure("input", "no-process", f"No worker process can be started: {error.strerror}."))
        else:
            self._broken = None
            self._served = True
            self._workers.append(worker)
        finally:
            self._starting = None
        if not self._closed:
            self._dispatch()

    def _note_broken(self, failure: Failure) -> None:
        self._losses += 1
        log.warning("a worker of %s doesn't start: %s", self._target.label, failure.message)
        if self._workers:
            return  # the others serve on
        if self._served and failure.kind in _ACCIDENTS and self._losses < _MOST_ATTEMPTS:
            return  # it loaded before; the calls wait for the next attempt
        self._broken = failure
        back_off_s = min(0.1 * 2**self._losses, _MAX_BACK_OFF_S)
        self._retry_at = self._loop.time() + back_off_s
        for call in self._take_queue():
            call.fail(_broken(self._target, failure))

    def _on_answer(self, message: Answer | Traced | Failed) -> None:
        self._progress.set()
        self._losses = 0
        self._mean_run_ms += (sum(message.timings_ms.values()) - self._mean_run_ms) * 0.1
        if self._queue:
            self._dispatch()

    def _on_end(self, worker: Worker, how: str) -> None:
        """Fail the call that ran, give the others back to the queue's head, start anew on demand."""
        if worker not in self._workers:
            return  # it never served
        self._workers.remove(worker)
        self._progress.set()
        running = worker.running
        if running:
            self._losses += 1
            log.warning("a worker of %s ended in step %s: %s", self._target.label, worker.step, how)
            running.fail(_died(worker, how))
        for call in worker.calls:
            if call.attempts >= _MOST_ATTEMPTS:  # a script may hide that it began
                call.fail(_died(worker, how))
        waiting = [call for call in worker.calls if not call.answer.done()]
        self._queue.extendleft(reversed(waiting))
        self._queued_bytes += sum(len(call.body) for call in waiting)
        if not self._closed:
            self._dispatch()

    def _expire(self, call: Call) -> None:
        if call.answer.done():
            return
        took_s = call.deadline_at - call.queued_at
        worker = self._runner(call)
        if worker:
            message = f"The call didn't end within its deadline of {took_s:g} s; it was in the step {worker.step}."
            call.fail(DeadlineExceeded(message, **_seen(worker)))
            worker.kill_soon("deadline")
        else:
            self._remove_from_queue(call)
            message = f"The call waited for its whole deadline of {took_s:g} s; other calls were before it."
            call.fail(DeadlineExceeded(message, step="queue"))

    def abandon(self, call: Call) -> None:
        """Drop a call whose client left: at once while it waits, after a grace period while it runs."""
        self._remove_from_queue(call)
        if self._runner(call):
            self._loop.call_later(_GRACE_S, self._kill_if_running, call)

    def _kill_if_running(self, call: Call) -> None:
        worker = self._runner(call)
        if worker:
            worker.kill_soon("its client left")

    def _runner(self, call: Call) -> Worker | None:
        # By our own count: what the process itself notes, a script could forge to outlive its deadline.
        return next((worker for worker in self._workers if worker.calls and worker.calls[0] is call), None)

    def _remove_from_queue(self, call: Call) -> None:
        if call in self._queue:
            self._queue.remove(call)
            self._queued_bytes -= len(call.body)
            self._progress.set()

    def _unfinished(self) -> Iterator[Call]:
        yield from self._queue
        for worker in self._workers:
            yield from worker.calls

    def _take_queue(self) -> list[Call]:
        calls = list(self._queue)
        self._queue.clear()
        self._queued_bytes = 0
        self._progress.set()
        return calls


def _seen(worker: Worker) -> dict[str, str]:
    printed = worker.printed()
    return {"step": worker.step, **({"printed": printed} if printed else {})}


def _died(worker: Worker, how: str) -> WorkerDied:
    message = f"The process that ran the call ended in the step {worker.step}: {how}. Other calls are not affected."
    return WorkerDied(message, **_seen(worker))


def _broken(target: Target, failure: Failure) -> PipelineBroken:
    details = {key: value for key, value in failure.to_json().items() if key != "message"}
    return PipelineBroken(f"The {target.label} can't run: {failure.message}", **details)
