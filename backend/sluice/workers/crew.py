"""The processes of one pool, from its first call until it is idle or closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass, replace

from sluice.workers.call import Call
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.folder import PoolFolder
from sluice.workers.limits import Limits
from sluice.workers.messages import Answer, Failed, Failure, Load, Traced
from sluice.workers.shortage import NO_PROCESS, failure_of, no_process
from sluice.workers.target import Target
from sluice.workers.veil import Veil
from sluice.workers.worker import Worker
from sluice.workers.zygote import NotStarted
from sluice.workers.zygotes import ModelKey, Zygotes

log = logging.getLogger(__name__)

_MOST_BACK_OFF_S = 5.0

Farewell = Callable[[Worker], Awaitable[None]]
"""What is done with a worker that is replaced, after its last call."""


@dataclass(frozen=True)
class Plan:
    """How the workers of a target are started and kept.

    Attributes:
        label: of the target.
        model: which zygote forks them.
        load: what they load.
        scripts: what their scripts may use.
        most: how many of them.
        start_timeout_s: longest that loading may take.
        idle_s: without a call for so long, they end; 0 is never.
        recycle_calls: each is replaced after so many; 0 is never.
        growth_bytes: and after growing by more; 0 is never.
    """

    label: str
    model: ModelKey
    load: Load
    scripts: ScriptPolicy
    most: int
    start_timeout_s: float
    idle_s: float
    recycle_calls: int
    growth_bytes: int

    @classmethod
    def of(cls, target: Target, limits: Limits) -> Plan:
        """Return the plan for a target."""
        threads = limits.threads_of(target.policy)
        preload = threads == 1  # forking is safe without further threads only
        scripts = limits.scripts_of(target.policy)
        return cls(
            label=target.label,
            model=ModelKey(target.model.path, preload, target.environment, scripts.network != "off"),
            load=Load(
                model=str(target.model.path),
                inputs=[spec.to_json() for spec in target.inputs],
                outputs=[spec.to_json() for spec in target.outputs],
                pre=target.pre.name if target.pre else None,
                post=target.post.name if target.post else None,
                intra_op_threads=threads,
                max_answer_bytes=target.policy.max_answer_bytes or limits.max_answer_bytes,
                sample=target.policy.sample,
                warm=target.policy.pinned or target.policy.sample is not None,
                variables=dict(target.policy.variables),
            ),
            scripts=scripts,
            most=limits.workers_of(target.policy),
            start_timeout_s=limits.start_timeout_s,
            idle_s=0.0 if target.policy.pinned else limits.idle_s,
            recycle_calls=limits.recycle_calls,
            # In time: at its limit each larger call would fail.
            growth_bytes=min(limits.recycle_growth_mb, scripts.memory_mb // 2) << 20,
        )


@dataclass(frozen=True)
class Events:
    """Who is told what happens.

    Attributes:
        ready: a worker is up.
        failed: none could be started; nobody starts another one by itself.
        answered: after each answer.
        ended: a worker is gone, and how it ended; `calls` holds what it left unanswered.
    """

    ready: Callable[[], None]
    failed: Callable[[Failure], None]
    answered: Callable[[Worker, Call, Answer | Traced | Failed], None]
    ended: Callable[[Worker, str], None]


class Crew:
    """Starts workers, one at a time; has a new one ready before it lets one go that is to be replaced.

    Until the first is started it costs nothing.

    Args:
        plan: how they are started.
        zygotes: where they come from.
        folder: of this crew alone; removed when it is closed.
        events: who is told.
        secrets: returns those that the workers get, or raises NotStarted.

    Attributes:
        workers: that have loaded; those that aren't `open` get no further calls.
    """

    def __init__(
        self,
        plan: Plan,
        zygotes: Zygotes,
        folder: PoolFolder,
        events: Events,
        secrets: Callable[[], dict[str, str]],
    ) -> None:
        self._plan = plan
        self._zygotes = zygotes
        self._folder = folder
        self._events = events
        self._secrets = secrets
        self._starting: asyncio.Task[None] | None = None
        self._loading: Worker | None = None
        self._failures = 0  # to start one, in a row
        self._replaces_at = 0.0
        self._replaced: dict[Worker, Farewell | None] = {}
        self._leaving: dict[Worker, Farewell | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._enlisted = False
        self.workers: list[Worker] = []

    @property
    def active(self) -> bool:
        """Whether it holds anything that `close` gives back."""
        return self._enlisted

    @property
    def starting(self) -> bool:
        """Whether a worker is on its way."""
        return self._starting is not None

    @property
    def loading(self) -> str:
        """Where that worker is, in words; empty while it has no process."""
        worker = self._loading
        return worker.place if worker and worker.pid and not worker.ended else ""

    @property
    def strength(self) -> int:
        """How many workers take calls."""
        return sum(worker.open for worker in self.workers)

    def start_one(self) -> asyncio.Task[None]:
        """Return the running start of one more worker."""
        if self._starting is None:
            if not self._enlisted:
                self._enlisted = True
                self._zygotes.enlist(self._plan.model)
            # Its workers outlive the request that made it: what is logged of them later isn't that one's.
            self._starting = asyncio.create_task(self._start(), context=Context())
        return self._starting

    def start_if_short(self) -> None:
        """Start one more worker, if there may be one."""
        if self._starting is None and self.strength < self._plan.most:
            self.start_one()

    def replace(self, worker: Worker, farewell: Farewell | None = None) -> None:
        """Let a worker go as soon as another one is ready in its place; harmless if that is under way.

        Args:
            worker: takes calls until then, and finishes those that it has.
            farewell: awaited before it is ended.
        """
        if worker.open and worker not in self._replaced and asyncio.get_running_loop().time() >= self._replaces_at:
            self._replaced[worker] = farewell
            self.start_one()

    def let_go(self, worker: Worker) -> None:
        """Give a worker no more calls, and end it after those that it has; another one starts where calls wait."""
        self._replaced.pop(worker, None)
        self._leaving[worker] = None
        worker.open = False

    def dismiss(self, worker: Worker) -> None:
        """End a worker that has no calls."""
        worker.open = False
        worker.kill_soon("there are too many", "idle")

    async def close(self) -> None:
        """End all of them at once."""
        if self._starting:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        await asyncio.gather(*(worker.kill("the pool was closed") for worker in list(self.workers)))
        if self._enlisted:
            self._enlisted = False  # before the pause: others share that zygote, and closing twice mustn't end it
            await self._zygotes.release(self._plan.model)
        await self._folder.remove()

    async def _start(self) -> None:
        failure = None
        try:
            self._zygotes.check(self._plan.scripts)
            secrets = self._secrets()
            if self._failures > 1:
                await asyncio.sleep(min(0.1 * 2 ** (self._failures - 2), _MOST_BACK_OFF_S))
            await self._folder.lay_out()
            worker = self._loading = Worker(
                await self._zygotes.get(self._plan.model),
                replace(self._plan.load, variables=self._plan.load.variables | secrets) if secrets else self._plan.load,
                self._plan.scripts,
                self._folder.files,
                self._folder.next_scratch(),
                self._on_answer,
                self._on_end,
                Veil(secrets.values()) if secrets else None,
            )
            await worker.start(self._plan.start_timeout_s)
        except NotStarted as not_started:
            failure = not_started.failure
        except Exception as error:
            if failure := failure_of(error):
                log.error("no worker process for %s: %s", self._plan.label, error)
            else:
                log.exception("no worker process for %s", self._plan.label)
                failure = no_process("the server's log says why")
        else:
            self.workers.append(worker)
        finally:
            self._starting = self._loading = None
        if failure:
            self._failures += 1
            self._replaced.clear()  # who is to be replaced serves on
            self._replaces_at = asyncio.get_running_loop().time() + _MOST_BACK_OFF_S
            log.warning("a worker of %s doesn't start: %s", self._plan.label, failure.message)
            if failure.kind == NO_PROCESS:
                self._zygotes.room.doubt()
            self._events.failed(failure)
        else:
            self._failures = 0
            self._let_one_go()
            self._events.ready()

    def _let_one_go(self) -> None:
        if not self._replaced:
            return
        worker = next(iter(self._replaced))
        self._leaving[worker] = self._replaced.pop(worker)
        worker.open = False
        if not worker.calls:
            self._see_off(worker)
        if self._replaced:
            self.start_one()

    def _see_off(self, worker: Worker) -> None:
        task = asyncio.create_task(self._say_farewell(worker, self._leaving.pop(worker)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say_farewell(self, worker: Worker, farewell: Farewell | None) -> None:
        try:
            if farewell:
                await farewell(worker)
        finally:
            await worker.kill("it was replaced", "replaced")

    def _on_answer(self, worker: Worker, call: Call, message: Answer | Traced | Failed) -> None:
        self._events.answered(worker, call, message)
        if not worker.calls and worker in self._leaving:
            self._see_off(worker)

    def _on_end(self, worker: Worker, how: str) -> None:
        self._replaced.pop(worker, None)
        self._leaving.pop(worker, None)
        if worker in self.workers:  # it served
            self.workers.remove(worker)
            self._events.ended(worker, how)
