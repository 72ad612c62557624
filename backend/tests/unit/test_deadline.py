"""How many seconds a call may take, as its header says."""

from __future__ import annotations

import pytest

from sluice.api.predicting import deadline_s
from sluice.errors import BadRequest


@pytest.mark.parametrize(("values", "seconds"), [((), None), (("2",), 2.0), (("0.25",), 0.25), (("007",), 7.0)])
def test_seconds(values: tuple[str, ...], seconds: float | None) -> None:
    assert deadline_s(*values) == seconds


@pytest.mark.parametrize(
    "value", ["", " ", "0", "0.0", "-1", "+1", "1e3", "1,5", "NaN", "inf", "\u0661", "1" * 20, "1.", ".5", "1\n"]
)
def test_no_seconds(value: str) -> None:
    with pytest.raises(BadRequest, match="Sluice-Deadline"):
        deadline_s(value)


def test_several_headers_are_refused() -> None:
    with pytest.raises(BadRequest, match="Sluice-Deadline"):
        deadline_s("1", "1")
