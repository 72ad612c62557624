"""Collects measurements and prints them as a table."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TextIO

from benchmarks.rows import Goal, Limit, Metric

OURS, LIMIT, FASTAPI = "ours", "limit", "FastAPI"
YES, NO, NOT_MEASURED = "yes", "no", "not measured"

HEAD = ("", "ours", "limit", "FastAPI", "ours/limit", "ours/FastAPI", "to reach", "reached?")
UNITS: dict[str, str] = {"rate": "/s", "p50_ms": " ms", "p99_ms": " ms", "memory_mib": " MiB", "cold_s": " s"}
LABELS: dict[str, str] = {"p99_ms": "p99"}
LEGEND = """\
Medians of {rounds} interleaved rounds; a ratio is the median of the rounds' own ratios. What isn't a share of the limit
was set on a quiet machine; "in proportion" means that it is reached when this machine's speed, as the limit shows it,
is taken into account, "tie" that less than a fifth is missing."""


class Results:
    """All measurements of a session.

    Args:
        lines: gets each one at once, as a line of JSON.
    """

    def __init__(self, lines: TextIO | None) -> None:
        self._lines = lines
        self._found: dict[tuple[str, str], list[Mapping[str, float]]] = defaultdict(list)
        self._notes: list[str] = []

    def add(self, row: str, contender: str, measured: Mapping[str, float]) -> None:
        """Keep one measurement."""
        rounds = self._found[row, contender]
        rounds.append(measured)
        if self._lines:
            told = {"row": row, "contender": contender, "round": len(rounds), **measured}
            print(json.dumps(told), file=self._lines, flush=True)
        figures = ", ".join(_shown(value, metric) for metric, value in measured.items())
        print(f"  {row}, round {len(rounds)}, {contender}: {figures}", flush=True)

    def note(self, text: str) -> None:
        """Keep a sentence to be printed below the table, once."""
        if text not in self._notes:
            self._notes.append(text)

    def table(self, rows: Mapping[str, tuple[Sequence[Goal], Limit | None]]) -> str:
        """Return the table of rows by name, with the notes below."""
        lines: list[tuple[str, ...]] = [HEAD]
        for row, (goals, limit) in rows.items():
            lines += self._row(row, goals, limit)
        widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
        text = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        ]
        rounds = max((len(found) for found in self._found.values()), default=0)
        return "\n".join([*text, "", LEGEND.format(rounds=rounds), *self._notes])

    def missed(self, rows: Mapping[str, tuple[Sequence[Goal], Limit | None]]) -> list[str]:
        """Return what is to be reached, as far as it can be, and isn't by a fifth or more, or wasn't measured."""
        return [
            f"{row}: {verdict}, {_told(goal.asked)}"
            for row, (goals, limit) in rows.items()
            for goal in goals
            if (verdict := self._judged(row, goal.asked, limit)) in (NO, NOT_MEASURED)
        ]

    def _row(self, row: str, goals: Sequence[Goal], limit: Limit | None) -> list[tuple[str, ...]]:
        metrics: list[Metric] = [goal.metric for goal in goals]
        if limit and "rate" not in metrics:
            metrics.insert(0, "rate")
        if limit and "p99_ms" not in metrics:
            metrics.append("p99_ms")
        by_metric = {goal.metric: goal for goal in goals}
        lines = []
        for metric in metrics:
            cells = [_shown(self._median(row, contender, metric), metric) for contender in (OURS, LIMIT, FASTAPI)]
            ratios = [self._ratio(row, contender, metric) for contender in (LIMIT, FASTAPI)]
            goal = by_metric.get(metric)
            told = (_told(goal), self._judged(row, goal, limit)) if goal else ("", "")
            name = f"  {LABELS[metric]}" if metric in LABELS else row
            lines.append((name, *cells, *("" if ratio is None else f"{ratio:.2f}" for ratio in ratios), *told))
        return lines

    def _judged(self, row: str, goal: Goal, limit: Limit | None) -> str:
        verdict = self._reached(row, goal, limit)
        return "tie" if verdict == NO and self._reached(row, goal.nearly, limit) != NO else verdict

    def _reached(self, row: str, goal: Goal, limit: Limit | None) -> str:
        ours = self._median(row, OURS, goal.metric)
        if ours is None:
            return NOT_MEASURED
        if goal.of_limit:
            share = self._ratio(row, LIMIT, "rate")
            return NOT_MEASURED if share is None else YES if share >= goal.value else NO
        if ours >= goal.value if goal.more_is_better else ours <= goal.value:
            return YES
        now = self._median(row, LIMIT, "rate")
        if limit is None or now is None:
            return NO
        speed = now / limit.usual
        scaled = goal.value * speed if goal.more_is_better else goal.value / speed
        return "in proportion" if (ours >= scaled if goal.more_is_better else ours <= scaled) else NO

    def _median(self, row: str, contender: str, metric: str) -> float | None:
        values = [measured[metric] for measured in self._found[row, contender] if metric in measured]
        return statistics.median(values) if values else None

    def _ratio(self, row: str, contender: str, metric: str) -> float | None:
        pairs = zip(self._found[row, OURS], self._found[row, contender], strict=False)
        ratios = [ours[metric] / other[metric] for ours, other in pairs if metric in ours and metric in other]
        return statistics.median(ratios) if ratios else None


def _told(goal: Goal) -> str:
    if goal.of_limit:
        return f">= {goal.value:g} of the limit"
    return f"{'>=' if goal.more_is_better else '<='} {_shown(goal.value, goal.metric)}"


def _shown(value: float | None, metric: str) -> str:
    if value is None:
        return ""
    digits = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return digits + UNITS.get(metric, "")
