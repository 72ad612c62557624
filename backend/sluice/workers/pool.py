"""The workers of one pipeline: a bounded queue in front, a deadline over each call, a new worker for each lost one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice

from sluice.errors import NotAvailable, QueueFull, Stopped, WorkerDied
from sluice.workers.body import Body
from sluice.workers.breaker import Breaker
from sluice.workers.call import Call, Prediction, Reply, Witness
from sluice.workers.crew import Crew, Events, Plan
from sluice.workers.deadlines import Deadlines
from sluice.workers.folder import PoolFolder
from sluice.workers.lateness import Lateness
from sluice.workers.limits import Limits
from sluice.workers.messages import Answer, Failed, Failure, Inference, Traced
from sluice.workers.priorities import Priorities
from sluice.workers.queue import CallQueue
from sluice.workers.shortage import NO_PROCESS
from sluice.workers.state import Note, Occupancy, PoolState, Tally
from sluice.workers.target import Target
from sluice.workers.tending import MODERATE_MS, Tending
from sluice.workers.vitals import Patient, Vitals
from sluice.workers.worker import Worker
from sluice.workers.zygotes import Zygotes

log = logging.getLogger(__name__)

# A fast worker gets its next calls before it has answered the last, so that it never waits for the server.
_FAST_MS = 1.0
_FAST_DEPTH = 16
# So does one of moderate speed when calls are waiting in a row: it would be idle for the server's part of each.
_MODERATE_DEPTH = 2
# Who waits no longer mustn't hurt others: a call that runs, or begins later, has so long before its worker is killed.
_CLIENT_LEFT = "its client left"
_GRACE_S = 1.0
_LOOK_AGAIN_S = 0.25
_MOST_ATTEMPTS = 3
_ACCIDENTS = ("crashed", NO_PROCESS)
_MOST_NOTES = 5


class Pool:
    """The workers of one target, and the calls for them.

    Args:
        target: what each worker loads.
        limits: server-wide defaults.
        zygotes: where its workers come from.
        new_folder: returns a folder that nobody else has.
        tally: told when workers start and end.
        secrets: returns those that its workers get, or raises NotStarted.
    """

    def __init__(
        self,
        target: Target,
        limits: Limits,
        zygotes: Zygotes,
        new_folder: Callable[[Target], PoolFolder],
        tally: Callable[[], Tally],
        secrets: Callable[[], dict[str, str]],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._target = target
        self._limits = limits
        self._zygotes = zygotes
        self._new_folder = new_folder
        self._tally = tally
        self._secrets = secrets
        self._plan = Plan.of(target, limits)
        self._events = Events(self._on_ready, self._on_failed, self._on_answer, self._on_end)
        self._crew = self._new_crew()
        self._queue = CallQueue(target.label, limits.queue_calls, limits.queue_bytes)
        self._breaker = Breaker(target.label, self._loop.time, self._note)
        self._tending = Tending(self._plan, self._note, lambda: self._mean_run_ms, self._put_back)
        self._priorities = Priorities(lambda: self._mean_run_ms)
        self._notes: deque[Note] = deque(maxlen=_MOST_NOTES)
        self._used_at = self._loop.time()
        self._resting: set[asyncio.Task[None]] = set()
        self._served = False
        self._failed_starts = 0
        self._mean_run_ms = _FAST_MS
        self._closed = False
        self._deadlines = Deadlines(self._unfinished, self._expire)
        self._lateness = Lateness(target.policy.deadline_s, limits.deadline_s)
        self._progress = asyncio.Event()  # a call has ended somehow

    @property
    def state(self) -> PoolState:
        """How it is doing now."""
        notes = tuple(self._notes)
        if failure := self._breaker.failure:
            return PoolState("broken", failure.message, failure.step, notes)
        if self._crew.strength:
            return PoolState("ready", notes=notes)
        return PoolState("starting" if self._crew.starting else "idle", notes=notes)

    @property
    def occupancy(self) -> Occupancy:
        """What it has to do now, and who does it."""
        waiting, workers = self._queue, self._crew.workers
        busy = sum(worker.open and bool(worker.calls) for worker in workers)
        return Occupancy(
            waiting=len(waiting),
            waiting_bytes=waiting.held_bytes,
            oldest_s=0.0 if waiting.queued_at is None else time.perf_counter() - waiting.queued_at,
            running=sum(len(worker.calls) for worker in workers),
            busy=busy,
            ready=self._crew.strength - busy,
            leaving=len(workers) - self._crew.strength,
            starting=int(self._crew.starting),
            processes=tuple((worker.pid, self._sharing_with(worker)) for worker in workers if worker.pid),
        )

    @property
    def unfinished(self) -> int:
        """How many calls aren't answered yet."""
        return sum(not call.answer.done() for call in self._unfinished())

    async def warm(self) -> None:
        """Return once a worker is up.

        Raises:
            PipelineBroken: it doesn't start; says what doesn't load and why.
            NotAvailable: the pool was closed meanwhile.
        """
        while not self._crew.strength:
            if self._closed:
                raise self._stopped()
            await asyncio.wait([self._crew.start_one()])
            if self._breaker.failure:
                raise self._breaker.refusal()

    def retry(self) -> None:
        """Forget why it is broken, and try to start a worker now."""
        self._breaker.heal()
        if not self._closed:
            self._crew.start_if_short()

    def note_room(self) -> None:
        """Take notice that processes can be started again, for lack of which it may be broken."""
        if self._breaker.failure and self._breaker.failure.kind == NO_PROCESS:
            self._breaker.note_load()  # as good as that: what kept one from it is over
            self._keep()

    def submit(
        self,
        body: Body,
        deadline_s: float | None = None,
        trace: bool = False,
        witness: Witness | None = None,
        request: str = "",
        inference: Inference | None = None,
        caller: str = "",
    ) -> asyncio.Future[Prediction]:
        """Return the future answer to one call; cancelling it tells that nobody waits any more.

        Args:
            body: complete; the caller keeps it open until the future is done.
            deadline_s: over queue and run; may only shorten the pipeline's own.
            trace: whether to look at what each step is given and returns.
            witness: told how it ended, if somebody still waits then; not told of what is raised here.
            request: id of the request that it came with.
            inference: what is to know of a body that isn't in our own form.
            caller: whose call it is; callers take turns.

        Raises:
            QueueFull: too many calls or bytes wait; also by the future: others, who have less, wait there now.
            PipelineBroken: no worker starts, or they end time and again; also by the future.
            NotAvailable: the pool is closing; also by the future.
            PredictionFailed: by the future: a step failed on this body.
            DeadlineExceeded: by the future: it took too long; the worker was killed.
            WorkerDied: by the future: the process that ran it ended.
        """
        answer: asyncio.Future[Prediction] = self._loop.create_future()
        call = self.accept(answer, body, deadline_s, trace, witness, request, inference, caller)

        def settle(answer: asyncio.Future[Prediction]) -> None:
            if answer.cancelled():
                self.abandon(call)

        answer.add_done_callback(settle)
        return answer

    def accept(
        self,
        answer: Reply,
        body: Body,
        deadline_s: float | None = None,
        trace: bool = False,
        witness: Witness | None = None,
        request: str = "",
        inference: Inference | None = None,
        caller: str = "",
    ) -> Call:
        """Take one call whose answer goes straight to `answer`, without a turn of the event loop in between.

        As `submit` otherwise; who waits no longer says so by `abandon`.
        """
        if self._closed:
            raise self._stopped()
        self._queue.check_room(len(body), caller)
        now = self._loop.time()
        allowed = self._target.policy.deadline_s or self._limits.deadline_s
        within_s = min(allowed, deadline_s or allowed)
        queued_at = time.perf_counter()
        call = Call(
            body, answer, now + within_s, within_s, queued_at,
            trace=trace, witness=witness, request=request, inference=inference, caller=caller,
        )  # fmt: skip
        if self._breaker.wary:
            self._breaker.admit(call)
        self._used_at = now
        self._deadlines.watch(call.deadline_at)
        if not self._queue and not self._breaker.wary and (worker := self._least_busy(self._depth())):
            worker.send(call)
            return call
        if displaced := self._queue.append(call):
            displaced.fail(
                QueueFull(f"Too much waits for the {self._target.label}, most of it yours. Try again later.")
            )
        self._dispatch()
        return call

    @contextmanager
    def expecting(self, size: int, caller: str = "") -> Iterator[None]:
        """Refuse a call before its body has come, else count that body as if it waited; raises what `submit` does."""
        if self._closed:
            raise self._stopped()
        if self._breaker.wary:
            self._breaker.check(caller)
        with self._queue.expecting(size, caller):
            yield

    def abandon(self, call: Call) -> None:
        """Drop a call whose client left: at once while it waits, after a grace period once it runs."""
        if self._queue.remove(call):
            self._progress.set()
        else:
            self._end_in_time(call)

    async def drain(self) -> None:
        """Answer every call that it has, then end every worker; how long that takes is bounded by their deadlines."""
        while any(not call.answer.done() for call in self._unfinished()):
            self._progress.clear()
            await self._progress.wait()
        self._closed = True
        self._deadlines.close()
        await asyncio.gather(self._crew.close(), *self._resting)

    def stop(self) -> None:
        """Take no more calls, and fail those that aren't answered yet."""
        self._closed = True
        for call in list(self._unfinished()):
            call.fail(Stopped(f"The {self._target.label} was stopped before it answered. Try again."))
        self._queue.take_all()
        self._progress.set()

    def glance(self) -> None:
        """See who computes long, as `Priorities.glance`."""
        if self._crew.workers:
            self._priorities.glance(self._crew)

    def look(self, now: float, everybody: bool) -> list[tuple[Worker, Patient]]:
        """Look after the workers, as `Tending.look`; give them back when no call came for long."""
        if self._plan.idle_s and self._crew.active:
            if self._crew.starting or any(self._unfinished()):
                self._used_at = now
            elif now - self._used_at >= self._plan.idle_s and not self._closed:
                self._rest()
        return self._tending.look(self._crew, now, everybody)

    def judge(self, worker: Worker, vitals: Vitals, zygote: Vitals | None) -> None:
        """Act on what was measured, as `Tending.judge`."""
        self._tending.judge(worker, vitals, zygote, self._loop.time())

    def _put_back(self, calls: list[Call]) -> None:
        self._queue.put_back([call for call in calls if not call.answer.done()])
        self._dispatch()

    def _rest(self) -> None:
        """Give back all that it has; the next call finds a crew that starts anew."""
        closing = self._loop.create_task(self._crew.close())
        self._resting.add(closing)
        closing.add_done_callback(self._resting.discard)
        self._crew = self._new_crew()

    def _note(self, text: str) -> None:
        self._notes.appendleft(Note(datetime.now(UTC), text))

    def _new_crew(self) -> Crew:
        return Crew(self._plan, self._zygotes, self._new_folder(self._target), self._events, self._secrets)

    def _stopped(self) -> NotAvailable:
        return NotAvailable(f"The {self._target.label} was stopped. Try again.")

    def _dispatch(self) -> None:
        if self._breaker.wary:
            self._dispatch_with_care()
            return
        waiting = self._queue
        while waiting and (worker := self._least_busy(self._depth())):
            worker.send(self._queue.take())
        if waiting:
            self._crew.start_if_short()

    def _depth(self) -> int:
        """Return how many calls a worker may have; the second waits for the first, even if another is free before."""
        if self._mean_run_ms < _FAST_MS:
            return _FAST_DEPTH
        in_a_row = len(self._queue) > len(self._crew.workers) >= self._plan.most
        return _MODERATE_DEPTH if in_a_row and self._mean_run_ms < MODERATE_MS else 1

    def _dispatch_with_care(self) -> None:
        """Try one call at a time of those whose losses make them wait; let others by.

        Until somebody is answered again no worker gets more than one call, so that a loss costs nobody else.
        """
        breaker, waiting = self._breaker, self._queue
        depth = 1 if breaker.losses else self._depth()
        while waiting and (worker := self._least_busy(depth)):
            call = waiting.take_first(breaker.may_go)
            if call is None:
                return
            if breaker.passes_over(call):
                self._refuse(call)
            else:
                worker.send(call)
        if waiting:
            self._crew.start_if_short()

    def _least_busy(self, depth: int) -> Worker | None:
        """Return the open worker with the fewest calls, fewer than `depth`."""
        least, fewest = None, depth
        for worker in self._crew.workers:
            if worker.open and len(worker.calls) < fewest:
                least, fewest = worker, len(worker.calls)
        return least

    def _sharing_with(self, worker: Worker) -> int | None:
        # A worker with a session of its own has loaded the model itself.
        return worker.zygote_pid if self._plan.model.preload else None

    def _on_ready(self) -> None:
        self._tally().starts["ok"] += 1
        self._served, self._failed_starts = True, 0
        self._used_at = self._loop.time()
        self._breaker.note_load()
        self._priorities.began(self._crew.workers[-1])
        self._dispatch()

    def _on_failed(self, failure: Failure) -> None:
        self._tally().starts["failed"] += 1
        self._failed_starts += 1
        if self._crew.strength:
            return  # the others serve on
        if self._served and failure.kind in _ACCIDENTS and self._failed_starts < _MOST_ATTEMPTS:
            self._dispatch()  # it loaded before; the calls wait for the next attempt
            self._keep()
            return
        self._breaker.note_failed_load(failure)
        self._refuse_waiting()

    def _on_answer(self, worker: Worker, call: Call, message: Answer | Traced | Failed) -> None:
        self._progress.set()
        if self._breaker.minds_answers:
            self._breaker.note_answer(call, not isinstance(message, Failed))
        self._mean_run_ms += (sum(message.timings_ms.values()) - self._mean_run_ms) * 0.1
        if worker.nice:
            self._priorities.answered(self._crew, worker)
        if self._plan.recycle_calls:
            self._tending.answered(self._crew, worker)
        if type(message) is Failed and message.failure.out_of_memory:
            self._crew.replace(worker)  # what it holds may be why
        if self._queue:
            self._dispatch()

    def _on_end(self, worker: Worker, how: str) -> None:
        """Fail the call that ran, give the others back to the queue's head, start anew on demand."""
        self._tally().ends[worker.cause] += 1
        self._progress.set()
        oldest = worker.calls[0] if worker.calls else None
        # A script may hide that it began a call: one that is the oldest each time is to blame in the end.
        began = worker.running and not worker.spares
        if oldest and began and how != _CLIENT_LEFT:
            self._priorities.note_loss()
        if oldest and not oldest.answer.done() and (began or oldest.attempts >= _MOST_ATTEMPTS):
            log.warning("a worker of %s ended in step %s: %s", self._target.label, worker.step, how)
            hopeless = self._breaker.note_loss(worker.step, worker.place, how, oldest, self._queue)
            oldest.fail(_died(worker, oldest, how))  # which may close its body
            for call in hopeless:
                self._queue.remove(call)
                self._refuse(call)
        for call in islice(worker.calls, 1, None):
            call.attempts -= 1  # it only waited there
        self._queue.put_back([call for call in worker.calls if not call.answer.done()])
        if self._closed:
            return
        self._dispatch()
        if oldest and not self._breaker.failure:
            self._crew.start_if_short()  # where calls came, more will
        self._keep()

    def _keep(self) -> None:
        """See that a pinned pipeline has a worker."""
        if self._target.policy.pinned and not self._crew.strength and not self._breaker.failure and not self._closed:
            self._crew.start_one()

    def _refuse_waiting(self) -> None:
        for call in self._queue.take_all():
            self._refuse(call)
        self._progress.set()

    def _refuse(self, call: Call) -> None:
        if not call.answer.done():
            call.fail(self._breaker.refusal(call.caller, call.body))
        self._progress.set()

    def _expire(self, call: Call) -> None:
        if call.answer.done():
            return
        worker = self._runner(call)
        if worker:
            call.fail(self._lateness.running(call, worker))
            worker.kill_soon("deadline", "deadline")
        elif self._queue.remove(call):
            call.fail(self._lateness.waiting(call, self._crew))
            self._progress.set()
        else:
            call.fail(self._lateness.waiting(call))
            self._end_in_time(call)

    def _end_in_time(self, call: Call, begun: bool = False) -> None:
        """Have a call that nobody waits for any more end: its worker is killed a grace period after it was seen to run.

        One that was sent behind another is in the worker's socket and can't be called back: it runs later, unless it is
        lost with its worker. Most are quick, so nobody else is to lose a worker to them.
        """
        worker = next((worker for worker in self._crew.workers if call in worker.calls), None)
        if worker is None:
            return
        if begun and call.deadline_at <= self._loop.time():
            worker.kill_soon("deadline", "deadline")
        elif begun:
            worker.kill_soon(_CLIENT_LEFT, "client-left")
        else:
            call.body = b""  # it has been sent, and isn't to be kept in memory until then
            begun = worker.calls[0] is call
            self._loop.call_later(_GRACE_S if begun else _LOOK_AGAIN_S, self._end_in_time, call, begun)

    def _runner(self, call: Call) -> Worker | None:
        # By our own count: what the process itself notes, a script could forge to outlive its deadline.
        return next((worker for worker in self._crew.workers if worker.calls and worker.calls[0] is call), None)

    def _unfinished(self) -> Iterator[Call]:
        yield from self._queue
        for worker in self._crew.workers:
            yield from worker.calls


def _died(worker: Worker, call: Call, how: str) -> WorkerDied:
    message = f"The process that ran the call ended in {worker.place}: {how}. Other calls are not affected."
    return WorkerDied(message, **worker.seen(call), **worker.blame)
