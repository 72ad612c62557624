"""What was counted since the start, by the names of today, so that no number under a name ever goes back."""

from __future__ import annotations

from collections import Counter

from sluice.catalog.snapshot import Current
from sluice.entities import Pipeline
from sluice.prediction.records import Records, Subject
from sluice.prediction.slot import Slot
from sluice.workers.supervisor import Supervisor

_MOST_GONE = 1000


class Series:
    """All that was counted under one name.

    Attributes:
        calls: that ended, and how long those took that were answered.
        input_bytes: of the calls that a pool took.
        output_bytes: of the answers.
        starts: of workers, by `ok` or `failed`.
        ends: of workers, by cause.
    """

    def __init__(self) -> None:
        self.calls = Slot()
        self.input_bytes = self.output_bytes = 0
        self.starts: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()


class Ledger:
    """Takes the counts of pipelines and models to the names that these have when somebody reads.

    Records go by id. A pipeline that gets the name that another one had goes on where that one stopped: to whoever
    watches a name its numbers only grow. So what is gone is remembered, the last `_MOST_GONE` names of it.

    Args:
        current: the catalog.
        records: of the calls.
        supervisor: knows what happened to the workers.
    """

    def __init__(self, current: Current, records: Records, supervisor: Supervisor) -> None:
        self._current = current
        self._records = records
        self._supervisor = supervisor
        self._series: dict[tuple[bool, str], Series] = {}

    def read(self) -> list[tuple[Subject, Series]]:
        """Return each pipeline and each model that is there, by name, with all that was counted under its name."""
        counted, tallies = self._records.take(), self._supervisor.take_tallies()
        value = self._current.value
        subjects: list[Subject] = [*value.pipelines, *value.models]
        found = []
        for subject in subjects:
            key = (isinstance(subject, Pipeline), subject.name)
            # Put behind all others: in front is what is gone, longest first.
            series = self._series[key] = self._series.pop(key) if key in self._series else Series()
            if taken := counted.get(subject.id):
                series.calls.add(taken.calls)
                series.input_bytes += taken.input_bytes
                series.output_bytes += taken.output_bytes
            if tally := tallies.get(subject.id):
                series.starts.update(tally.starts)
                series.ends.update(tally.ends)
            found.append((subject, series))
        for key in list(self._series)[: max(0, len(self._series) - len(subjects) - _MOST_GONE)]:
            del self._series[key]
        return found
