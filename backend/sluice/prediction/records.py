"""Records of the predictions: minute totals and the last failures, kept in memory and stored once a minute.

A call is counted where it ends (`Account`, told by `workers.call.Call`), in memory and without asking for the time. A
timer moves the counts to the spans that they belong to as each minute ends (`History`), and stores what has changed in
the background (`Storing`). So a server that is killed loses the last minute at most, and no call waits for a database.

All is kept by id, so that it outlives new names and revisions, and goes with the pipeline or model.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator

from sluice.catalog.snapshot import Current
from sluice.entities import Model, Pipeline
from sluice.prediction.account import Account, Book, Tell
from sluice.prediction.history import MINUTE_S, History, Untold
from sluice.prediction.retention import Retention
from sluice.prediction.slot import Slot
from sluice.prediction.storing import Storing
from sluice.storage.failures import Failure

STORE_EVERY_S = 60.0
_MOST_KEPT_BYTES = 32 << 20
_CLOSE_WITHIN_S = 5.0

Subject = Pipeline | Model


class Records:
    """The records of all pipelines and models.

    Args:
        current: the catalog.
        retention: how long and how much is kept.
        tell: writes the problems that callers get.
        clock: seconds since 1970.
    """

    def __init__(
        self, current: Current, retention: Retention, tell: Tell, clock: Callable[[], float] = time.time
    ) -> None:
        self._current = current
        self._clock = clock
        self._book = Book(tell, clock, retention.input_bytes, self._note_kept)
        self._accounts: dict[str, Account] = {}
        self._histories: dict[str, History] = {}
        self._storing = Storing(self._histories, retention, current)
        self._minute = self._this_minute()
        self._kept_bytes = 0
        self._enough = asyncio.Event()
        self._timer: asyncio.Task[None] | None = None
        self._store_task: asyncio.Task[None] | None = None

    @property
    def minute(self) -> int:
        """When the minute began that runs, in seconds since 1970."""
        return self._minute

    @property
    def stored(self) -> bool:
        """Whether storing worked the last time."""
        return self._storing.works

    async def open(self) -> None:
        """Read what is stored, and go on from there."""
        await self._storing.read(self._minute)
        for history in self._histories.values():
            history.end_minutes(self._minute)
            history.let_go(self._minute)
        self._timer = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Store all there is, unless that takes too long."""
        if self._timer:
            self._timer.cancel()
        self._storing.hurry()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                if self._store_task:
                    await asyncio.wait([self._store_task])
                await self.store()

    def used_at(self) -> dict[str, float]:
        """Return by id when the last call ended of what was called since the start; only good for comparing."""
        return {id: history.used_at for id, history in self._histories.items()}

    def account(self, subject: Subject) -> Account:
        """Return where the calls of a revision are counted."""
        return self._accounts.get(subject.revision_id) or self._new_account(subject)

    def take(self) -> dict[str, Untold]:
        """Return by id what was counted since the last time, of all that was called since the start."""
        self.fold()
        return {id: history.take() for id, history in self._histories.items()}

    def histories(self) -> Iterator[tuple[Subject, History]]:
        """Yield each pipeline and model that was ever called, by name, with all its calls folded."""
        self.fold()
        for subject in self._subjects():
            history = self._histories.get(subject.id)
            if history and history.last_at is not None:
                yield subject, history

    async def slots(self, subject: Subject, span_s: int, since: int) -> dict[int, Slot]:
        """Return what happened to the calls of one since then, by the beginning of each span of a length."""
        stored = await self._storing.spans(self._history(subject), span_s, since)
        history = self._history(subject)  # as it is after the pause
        slots = {}
        for span in stored:
            if (span_s, span.at) not in history.spans:
                slots[span.at] = Slot.from_text(span.counts)
                await asyncio.sleep(0)
        slots.update({at: slot for (length_s, at), slot in history.spans.items() if length_s == span_s and at >= since})
        return slots

    async def failures(self, subject: Subject) -> list[Failure]:
        """Return the last failures, newest first; inputs that are stored aren't read."""
        return await self._storing.failures(self._history(subject))

    async def input_of(self, subject: Subject, failure_id: str) -> bytes | None:
        """Return the input of one of its failures, if it is kept."""
        return await self._storing.content(self._history(subject), failure_id)

    async def clear_failures(self, subject: Subject) -> None:
        """Remove the failures and their inputs."""
        await self._storing.clear_failures(self._history(subject), subject)

    async def store(self) -> None:
        """Store what has changed."""
        await self._fold_gently()
        self._kept_bytes = 0
        self._forget_old_revisions()
        await self._storing.store(self._minute)

    def fold(self) -> None:
        """Move all that was counted to its spans of time."""
        clock = self._clock()
        for history in self._histories.values():
            history.fold(self._minute, clock)
        minute = self._this_minute()
        if minute != self._minute:
            self._minute = minute
            for history in self._histories.values():
                history.end_minutes(minute)

    async def _fold_gently(self) -> None:
        """Fold, letting predictions go between any two: hundreds of pipelines take a while."""
        for history in list(self._histories.values()):
            history.fold(self._minute, self._clock())
            await asyncio.sleep(0)
        self.fold()

    def _history(self, subject: Subject) -> History:
        self.fold()
        return self._histories.get(subject.id) or History(subject.id)

    def _new_account(self, subject: Subject) -> Account:
        history = self._histories.setdefault(subject.id, History(subject.id))
        keep_inputs = isinstance(subject, Pipeline) and subject.policy.keep_inputs
        account = self._accounts[subject.revision_id] = Account(history, subject.revision, keep_inputs, self._book)
        return account

    def _forget_old_revisions(self) -> None:
        current = {subject.revision_id for subject in self._subjects()}
        self._accounts = {id: account for id, account in self._accounts.items() if id in current}

    def _subjects(self) -> tuple[Subject, ...]:
        value = self._current.value
        return (*value.pipelines, *value.models)

    def _note_kept(self, size_bytes: int) -> None:
        self._kept_bytes += size_bytes
        if self._kept_bytes > _MOST_KEPT_BYTES:
            self._enough.set()

    def _this_minute(self) -> int:
        return int(self._clock()) // MINUTE_S * MINUTE_S

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STORE_EVERY_S - self._clock() % STORE_EVERY_S):
                    await self._enough.wait()
            self._enough.clear()
            await self._fold_gently()
            if self._store_task is None or self._store_task.done():
                self._store_task = asyncio.create_task(self.store())
