"""The short forms of rows of `reliability` on a few calls, models and requests, always the same ones."""

from __future__ import annotations

from pathlib import Path

from reliability import bad_models, bad_requests, crossed_answers, overload
from reliability.row import Outcome


def test_no_answer_is_another_caller_s(tmp_path: Path) -> None:
    outcome = crossed_answers.called(500, tmp_path, seed=1)
    assert outcome.wrongs == [], _told(outcome)


def test_an_overloaded_pipeline_answers_or_says_when_to_come_again(tmp_path: Path) -> None:
    outcome = overload.answered(1.0, 16, tmp_path)
    assert outcome.wrongs == [], _told(outcome)


def test_damaged_models_and_bombs_are_taken_or_refused(tmp_path: Path) -> None:
    outcome = bad_models.uploaded(40, tmp_path, seed=1, inspect_timeout_s=3)
    assert outcome.wrongs == [], _told(outcome)


def test_requests_that_nobody_would_send_are_answered_or_hung_up_on(tmp_path: Path) -> None:
    outcome = bad_requests.sent(bad_requests.Counts(odd=150, near=50), tmp_path, seed=1)
    assert outcome.wrongs == [], _told(outcome)


def _told(outcome: Outcome) -> str:
    return "\n".join([outcome.reached, *outcome.wrongs, *outcome.figures])
