"""Asks axe what keeps people with a keyboard, a screen reader or weak eyes from using a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "frontend/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


COLOURS = ["color-contrast", "link-in-text-block"]


def barriers(page: Page, *, colours_only: bool = False) -> list[str]:
    """Return what axe finds of a serious or critical kind, each with the elements that it concerns."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())  # not as a script of the page, whose policy would refuse it
    found: dict[str, Any] = page.evaluate(
        "only => axe.run(document, { runOnly: only, resultTypes: ['violations'] })",
        {"type": "rule", "values": COLOURS} if colours_only else {"type": "tag", "values": STANDARDS},
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
