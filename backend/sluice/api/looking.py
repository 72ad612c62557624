"""What changed on the server since the last look: found by comparing, so that whatever changes needn't tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sluice.catalog.snapshot import Current, Entity
from sluice.entities import Model, Pipeline
from sluice.environments.service import Environments
from sluice.prediction.records import Records
from sluice.workers.supervisor import Supervisor

# Under load there are calls between any two looks, and figures needn't change as fast as one can look.
_LOOKS_FOR_CALLS = 8

Facts = Mapping[str, tuple[str, object]]
"""By id: the name, and something that is equal as long as nothing changed."""


@dataclass(frozen=True)
class Change:
    """What isn't as it was.

    Attributes:
        what: the kinds of things: `pipelines`, `models`, `resources`, `environments`, `states`,
            `statistics`.
        names: of those that changed; of what was renamed both.
    """

    what: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.what)

    def __or__(self, other: Change) -> Change:
        return Change(self.what | other.what, self.names | other.names)


class Looking:
    """Compares the catalog, the pools and the environments with how they were; costs microseconds for each pipeline."""

    def __init__(self, current: Current, supervisor: Supervisor, environments: Environments, records: Records) -> None:
        self._current = current
        self._records = records
        self._supervisor = supervisor
        self._environments = environments
        self._snapshot = current.value
        self._pools, self._installed = self._states(), self._environment_states()
        self._calls, self._looks = self._last_calls(), 0

    def look(self) -> Change:
        """Return what changed since the last look, or since this was made."""
        before, now = self._snapshot, self._current.value
        pools, installed = self._states(), self._environment_states()
        change = _compare("states", self._pools, pools) | _compare("environments", self._installed, installed)
        if now is not before:
            change |= _compare("models", _facts(before.models), _facts(now.models))
            change |= _compare("resources", _facts(before.resources), _facts(now.resources))
            change |= _compare("pipelines", _facts(before.pipelines), _facts(now.pipelines))
        self._snapshot, self._pools, self._installed = now, pools, installed
        self._looks += 1
        if self._looks % _LOOKS_FOR_CALLS == 0:
            before_calls, self._calls = self._calls, self._last_calls()
            change |= _compare("statistics", before_calls, self._calls)
        return change

    def _last_calls(self) -> Facts:
        value = self._current.value
        found = {id: (value.find(id), at) for id, at in self._records.used_at().items()}
        return {id: (entity.name, at) for id, (entity, at) in found.items() if entity}

    def _states(self) -> Facts:
        value, state = self._current.value, self._supervisor.state
        runnable: list[Pipeline | Model] = [*value.pipelines, *value.models]
        return {each.id: (each.name, state(each.revision_id)) for each in runnable}

    def _environment_states(self) -> Facts:
        return {each.key: (each.key, each) for each in self._environments.all()}


def _facts(entities: Iterable[Entity]) -> Facts:
    return {entity.id: (entity.name, entity) for entity in entities}


def _compare(kind: str, before: Facts, now: Facts) -> Change:
    changed = [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
    names = frozenset(facts[key][0] for facts in (before, now) for key in changed if key in facts)
    return Change(frozenset({kind}) if changed else frozenset(), names)
