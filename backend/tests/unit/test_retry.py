"""Which errors say that the same request may be sent again, and which only that it is no use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.responses import Response

from sluice import errors
from sluice.api.errors import add_headers

# All others say "no".
SAFE = {
    errors.UploadCutOff,
    errors.NotAvailable,
    errors.QueueFull,
    errors.RateExceeded,
    errors.TooManyAttempts,
    errors.PipelineBroken,
}
RAN = {errors.WorkerDied, errors.Stopped}


def classes(of: type[errors.SluiceError] = errors.SluiceError) -> Iterator[type[errors.SluiceError]]:
    for cls in of.__subclasses__():
        yield cls
        yield from classes(cls)


def test_who_may_come_again() -> None:
    found = set(classes()) - {errors.DeadlineExceeded}
    assert {cls for cls in found if cls.retry == "safe"} == SAFE
    assert {cls for cls in found if cls.retry == "ran"} == RAN


@pytest.mark.parametrize(("step", "says"), [("queue", "safe"), ("model", "ran"), ("pre-processing", "ran")])
def test_a_call_that_waited_until_its_deadline_never_ran(step: str, says: str) -> None:
    answer = Response()
    add_headers(answer, errors.DeadlineExceeded("It took too long.", step=step))
    assert answer.headers["sluice-retry"] == says
    assert "retry-after" not in answer.headers


def test_when_to_come_again() -> None:
    answer = Response()
    add_headers(answer, errors.QueueFull("As many wait as may.", 7))
    assert (answer.headers["sluice-retry"], answer.headers["retry-after"]) == ("safe", "7")
