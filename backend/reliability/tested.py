"""Runs tests as a row: all of them must pass."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_TESTS = Path(__file__).parents[1] / "tests"


@dataclass(frozen=True)
class Tested:
    """What came of tests.

    Attributes:
        names: of all that ran.
        wrongs: what failed, was skipped, or kept them from running.
    """

    names: list[str]
    wrongs: list[str]


def tested(folder: Path, *files: str) -> Tested:
    """Run files of tests, and leave nothing but their report in a folder."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    ran = subprocess.run(
        [*command, f"--basetemp={folder / 'tests'}", *(str(_TESTS / file) for file in files)],
        cwd=_TESTS.parents[1],
        capture_output=True,
        text=True,
    )
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    wrongs = [
        f"{case.get('name')}: {child.get('message', child.tag)[:300]}"
        for case in cases
        for child in case
        if child.tag in ("failure", "error", "skipped")
    ]
    if ran.returncode and not wrongs:
        wrongs.append(f"pytest ended with status {ran.returncode}: {ran.stdout[-1000:]}")
    return Tested([str(case.get("name")) for case in cases], wrongs)
