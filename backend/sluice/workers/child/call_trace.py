"""What each step of one call was given and returned, for the caller to see."""

from __future__ import annotations

from typing import Any

from sluice.workers.child.facts import Facts

_STATISTICS_S = 0.5


class CallTrace:
    """Collects the facts of one call.

    Args:
        output_names: of the model.
        full: whether to look at all values of large arrays too.
    """

    def __init__(self, output_names: list[str], full: bool) -> None:
        self._names = output_names
        self._look = Facts(_STATISTICS_S if full else 0.0)
        self._known: dict[str, dict[str, Any]] = {}
        self._last: tuple[Any, list[dict[str, Any]]] | None = None

    def given(self, step: str, value: Any) -> None:
        """Note what a step begins with."""
        if self._last and self._last[0] is value:  # it is what the step before returned
            self._note(step, "given", self._last[1])
        else:
            self._note(step, "given", self._look.of_all(value, self._names if step == "post-processing" else None))

    def returned(self, step: str, value: Any) -> None:
        """Note what a step ended with."""
        facts = self._look.of_all(value, self._names if step == "model" else None)
        self._last = (value, facts)
        self._note(step, "returned", facts)

    def steps(self, timings_ms: dict[str, float]) -> list[dict[str, Any]]:
        """Return the steps that ran, in their order, as a trace has them."""
        return [{"step": step, "ms": round(ms, 3), **self._known.get(step, {})} for step, ms in timings_ms.items()]

    def _note(self, step: str, way: str, facts: list[dict[str, Any]]) -> None:
        self._known.setdefault(step, {})[way] = facts
