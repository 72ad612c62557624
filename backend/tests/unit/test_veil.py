"""Secrets are hidden in what is told of calls, in each form that Python and JSON give them."""

from __future__ import annotations

import pytest

from sluice.workers.messages import Failed, Failure, Traced
from sluice.workers.veil import Veil

PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQ==\n-----END KEY-----\n"


@pytest.mark.parametrize("secret", ["s3cr3t", "with 'quotes' and \\", "umlaut \xe4\u2603", PEM])
def test_a_secret_is_hidden_however_it_is_written(secret: str) -> None:
    for told in (secret, repr(secret), f"KeyError({secret!r})", str([secret])):
        shown = Veil([secret]).text(f"before {told} after")
        assert "***" in shown
        assert secret not in shown
        assert repr(secret)[1:-1] not in shown


def test_lines_of_a_long_one_are_hidden_too() -> None:
    assert Veil([PEM]).text("MIIEvQIBADANBgkqhkiG9w0B") == "***"


def test_the_longest_goes_first_and_short_ones_stay() -> None:
    assert Veil(["abcd", "abcdefgh", "xy"]).text("abcdefgh abcd xy") == "*** *** xy"
    assert Veil(["xy"]).text("xy") == "xy"


def test_all_texts_of_a_message_are_looked_at() -> None:
    veil = Veil(["s3cr3t"])
    failure = Failure("model", "script-raised", "s3cr3t!", line=3, line_text="s3cr3t", printed="s3cr3t")
    trace = {"printed": "s3cr3t", "steps": [{"ms": 1.5, "facts": {"s3cr3t": ["s3cr3t", None]}}]}
    failed = veil.message(Failed(failure, {"model": 1.0}, trace, 7))
    assert "s3cr3t" not in str(failed)
    assert isinstance(failed, Failed)
    assert (failed.number, failed.failure.line, failed.failure.kind) == (7, 3, "script-raised")
    assert "s3cr3t" not in str(veil.message(Traced({}, trace, 7)))
