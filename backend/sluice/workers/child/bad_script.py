"""Why a script can't be used."""

from __future__ import annotations

_MAX_LINE_TEXT = 400


class BadScript(Exception):
    """The script can't be used.

    Attributes:
        message: says why and how to mend it.
        line: 1-based, as is `column`.
        line_text: the line to blame.
        unreadable: whether it isn't even Python.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        line_text: str | None = None,
        *,
        unreadable: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.line_text = line_text and line_text[:_MAX_LINE_TEXT]
        self.unreadable = unreadable
