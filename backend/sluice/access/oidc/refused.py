"""Why somebody who went to the provider isn't signed in."""

from __future__ import annotations

from typing import Literal

Reason = Literal["denied", "expired", "failed", "away", "no-role"]
"""The provider or the person said no; it comes too late, or wasn't begun here; something doesn't add up; the provider
doesn't answer; nothing says what this person may do here."""


class Refused(Exception):
    """Nobody was signed in; the message is for the log.

    Attributes:
        reason: for the person.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
