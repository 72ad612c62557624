"""`backend/docs/watching.md` and the dashboard beside it tell what the server tells, all of it and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from sluice.api.metrics import server, subjects
from sluice.workers.state import EndCause

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "watching.md").read_text("utf-8")
DASHBOARD = json.loads((DOCS / "grafana.json").read_text("utf-8"))
FAMILIES = {family.name: family for family in (*subjects.FAMILIES, *server.FAMILIES)}
OF_THE_PROCESS = re.compile(r"process_(cpu_seconds_total|resident_memory_bytes|open_fds|max_fds)")
NAMES = {
    name: family.name
    for family in FAMILIES.values()
    for name in {
        "counter": [f"{family.name}_total"],
        "gauge": [family.name],
        "histogram": [f"{family.name}_{part}" for part in ("bucket", "sum", "count")],
    }[family.kind]
}


def queries(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [text for key, text in value.items() if key in ("expr", "query") and isinstance(text, str)]
        return own + [text for part in value.values() for text in queries(part)]
    return [text for part in value for text in queries(part)] if isinstance(value, list) else []


def metrics_in(text: str) -> set[str]:
    return set(re.findall(r"\b(?:sluice|process)_[a-z_]+\b", text))


def test_the_dashboard_shows_each_metric_and_only_what_there_is() -> None:
    asked = {name for query in queries(DASHBOARD) for name in metrics_in(query)}
    strange = {name for name in asked if name not in NAMES and not OF_THE_PROCESS.fullmatch(name)}
    assert strange == set()
    assert {NAMES[name] for name in asked if name in NAMES} == FAMILIES.keys()


def test_the_panels_lie_beside_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_the_table_of_metrics_is_that_of_the_code() -> None:
    table = [
        f"| `{family.name}{'_total' if family.kind == 'counter' else ''}` | {family.kind} | {family.help} |"
        for family in FAMILIES.values()
    ]
    assert re.findall(r"^\| `sluice_.*$", TEXT, re.MULTILINE) == table, "The table should be:\n" + "\n".join(table)


def test_the_causes_are_named() -> None:
    paragraph = next(line for line in TEXT.split("\n\n") if line.startswith("Causes of a worker's end"))
    assert set(re.findall(r"`([a-z-]+)`", paragraph)) == set(get_args(EndCause))


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL))
def test_the_configurations_are_yaml_and_name_what_there_is(block: str) -> None:
    found = yaml.safe_load(block)
    assert found.keys() in ({"scrape_configs"}, {"groups"})
    assert metrics_in(block) <= NAMES.keys()
