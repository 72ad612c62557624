"""Brings records to the database and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection

from sluice.catalog.snapshot import Current
from sluice.entities import Model, Pipeline
from sluice.prediction.history import HOUR_S, MINUTE_S, History, Key, newest
from sluice.prediction.retention import DAY_S, SPAN_AGES_S, Retention
from sluice.prediction.slot import SPANS_S
from sluice.storage.failures import Failure, FailureStore
from sluice.storage.statistics import Span, StatisticsStore

log = logging.getLogger(__name__)

_SPANS_AT_ONCE = 10  # each takes the event loop half a millisecond, most of it in Tortoise
_REST_S = 0.01  # after each part, or hundreds of pipelines would keep the event loop from all else for long
_REMOVE_EVERY_S = 900


class Storing:
    """Stores what changed in histories, and removes what is too old or whose pipeline or model is gone.

    Args:
        histories: by the id of the pipeline or model.
        retention: how long and how much is kept.
        current: the catalog.

    Attributes:
        works: whether the last attempt to store went well.
    """

    def __init__(self, histories: dict[str, History], retention: Retention, current: Current) -> None:
        self._histories = histories
        self._retention = retention
        self._ages_s = {**SPAN_AGES_S, SPANS_S[-1]: retention.days * DAY_S}
        self._current = current
        self._spans = StatisticsStore()
        self._failures = FailureStore()
        self._turn = asyncio.Lock()
        self._failures_turn = asyncio.Lock()
        self._hurry = asyncio.Event()
        self._removed_at = 0
        self.works = True

    async def read(self, minute: int) -> None:
        """Take up what is stored of all pipelines and models that are there."""
        last = await self._spans.last()
        await self._forget({*last, *await self._failures.subjects()})
        for id, (ended, failed) in last.items():
            if self._current.value.find(id):
                history = self._histories[id] = History(id)
                history.last_at, history.last_failed_at = ended, failed
        for span_s in SPANS_S:
            since = minute - HOUR_S if span_s == MINUTE_S else minute - minute % span_s
            for span in await self._spans.since(span_s, since):
                if span.subject_id in self._histories:
                    self._histories[span.subject_id].take_up(span)

    async def store(self, minute: int) -> None:
        """Store what changed; what can't be stored now is tried again the next time."""
        async with self._turn:
            try:
                await self._forget(set(self._histories))
                await self._store_spans()
                for history in list(self._histories.values()):
                    if history.failures:
                        await self._store_failures(history)
                        await self._rest()
                if minute - self._removed_at >= _REMOVE_EVERY_S:
                    await self._remove_old(minute)
                    self._removed_at = minute
                self.works = True
                for history in self._histories.values():
                    history.let_go(minute)
            except Exception as error:  # whatever keeps a database from working; predictions go on
                if self.works:
                    log.warning("Statistics can't be stored, they wait in memory: %s", error or type(error).__name__)
                self.works = False
                for history in self._histories.values():
                    history.give_up({span_s: minute - age_s for span_s, age_s in self._ages_s.items()})
                    history.drop_inputs(self._retention.inputs_bytes)

    def hurry(self) -> None:
        """Rest no more: the server ends."""
        self._hurry.set()

    async def failures(self, history: History) -> list[Failure]:
        """Return the failures that are kept, newest first; inputs that are stored aren't read."""
        stored = await self._failures.of(history.subject_id)
        known = {failure.id for failure in stored}
        return list(newest([*stored, *(one for one in history.failures if one.id not in known)]))

    async def content(self, history: History, id: str) -> bytes | None:
        """Return the input of a failure, if it is kept."""
        for failure in history.failures:
            if failure.id == id:
                return failure.content
        return await self._failures.content(history.subject_id, id)

    async def clear_failures(self, history: History, subject: Model | Pipeline) -> None:
        """Remove all failures of a subject, whose history it is."""
        async with self._failures_turn:
            await self._failures.clear(subject)
            history.failures.clear()

    async def spans(self, history: History, span_s: int, since: int) -> list[Span]:
        """Return what is stored of the spans since then."""
        return await self._spans.since(span_s, since, history.subject_id)

    async def _store_spans(self) -> None:
        unstored = [(history, key) for history in self._histories.values() for key in sorted(history.unstored)]
        for begin in range(0, len(unstored), _SPANS_AT_ONCE):
            some = unstored[begin : begin + _SPANS_AT_ONCE]
            for history, key in some:
                history.unstored.remove(key)  # before anything is awaited: what is counted meanwhile puts it back
            try:
                await self._spans.write([_span(history, key) for history, key in some])
            except BaseException:
                for history, key in some:
                    history.unstored.add(key)
                raise
            await self._rest()

    async def _store_failures(self, history: History) -> None:
        async with self._failures_turn:
            new = list(history.failures)
            await self._failures.write(new)
            done = {failure.id for failure in new}
            history.failures = [one for one in history.failures if one.id not in done]
            stored = await self._failures.of(history.subject_id)
            kept = list(newest(stored))
            await self._failures.remove({one.id for one in stored} - {one.id for one in kept})
            await self._failures.remove_inputs(_beyond(kept, self._retention.inputs_bytes))

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REST_S):
                await self._hurry.wait()

    async def _remove_old(self, minute: int) -> None:
        await self._spans.remove_before({span_s: minute - age_s for span_s, age_s in self._ages_s.items()})
        await self._failures.remove_before(minute - self._retention.days * DAY_S)
        keeping = [pipeline.id for pipeline in self._current.value.pipelines if pipeline.policy.keep_inputs]
        await self._failures.remove_inputs_before(minute - self._retention.inputs_days * DAY_S, keeping)

    async def _forget(self, ids: Collection[str]) -> None:
        """Remove all of pipelines and models that are gone; a call that ended late may have brought some back."""
        gone = [id for id in ids if not self._current.value.find(id)]
        if gone:
            await self._spans.forget(gone)
            for id in gone:
                self._histories.pop(id, None)


def _span(history: History, key: Key) -> Span:
    assert history.last_at
    span_s, at = key
    return Span(history.subject_id, span_s, at, history.last_at, history.last_failed_at, history.spans[key].to_text())


def _beyond(failures: list[Failure], most_bytes: int) -> list[str]:
    """Return the failures whose inputs are too much, of these with the newest first."""
    held, beyond = 0, []
    for failure in failures:
        if failure.kept:
            held += failure.size_bytes or 0
            if held > most_bytes:
                beyond.append(failure.id)
    return beyond
