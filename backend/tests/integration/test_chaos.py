"""Pipelines that crash, hang, leak, fork and flood, beside good ones on a real server.

`make reliability` does it for minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reliability.run import Limits, Run

pytestmark = pytest.mark.alone


def test_harm_costs_only_the_call_that_does_it(tmp_path: Path) -> None:
    report = Run(tmp_path).report(idle_s=1.0, seconds=10.0, limits=Limits())
    assert report.wrongs == [], "\n".join([*report.wrongs, *report.figures])
