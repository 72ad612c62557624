"""How a call's input and its answer are written: our own JSON here, other protocols beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import pydantic_core

from sluice.workers.child.answer import to_json
from sluice.workers.child.failing import Unfit
from sluice.workers.child.inputs import ModelInput, prepare

Piece = bytes | memoryview


class Written(NamedTuple):
    """A finished answer.

    Attributes:
        pieces: sent one behind the other.
        head_bytes: how much of it is JSON, if something else follows; else 0.
        compressed: whether it is; `head_bytes` counts what it was before.
    """

    pieces: Sequence[Piece]
    head_bytes: int = 0
    compressed: bool = False

    @property
    def whole(self) -> bytes:
        """All of it, joined; for looking at it."""
        return b"".join(self.pieces)


class Form(Protocol):
    """Reads one call's input and writes its answer."""

    wraps_content: bool
    """Whether what pre-processing gets must be taken out of the input."""

    output_names: list[str] | None
    """Of the outputs that the model must give; None for all."""

    def content(self, given: bytes) -> bytes:
        """Return what pre-processing gets.

        Raises:
            Unfit: the input isn't in this form.
        """

    def feed(self, given: bytes) -> dict[str, Any]:
        """Return what the model gets.

        Raises:
            Unfit: the input isn't in this form, or doesn't fit the model.
        """

    def write(self, result: Any, max_bytes: int) -> Written:
        """Return the answer; `result` is an array by output name, or what post-processing returned.

        Raises:
            NotJson: it holds something that has no form.
            TooLong: it is longer than `max_bytes`.
        """


class TooLong(Exception):
    """The answer has more bytes than are allowed: `size`."""

    def __init__(self, size: int) -> None:
        self.size = size


class Plain:
    """Our own form: the raw body for pre-processing, else JSON by input name; the answer is JSON."""

    wraps_content = False
    output_names: list[str] | None = None

    def __init__(self, inputs: Sequence[ModelInput]) -> None:
        self._inputs = inputs

    def content(self, given: bytes) -> bytes:
        """Return the body as it is."""
        return given

    def feed(self, given: bytes) -> dict[str, Any]:
        """Read JSON."""
        if not given.strip():
            raise Unfit("bad-json", f"The input is empty; expected {self._wanted()}.")
        try:
            values = pydantic_core.from_json(given, allow_inf_nan=True)
        except ValueError as error:
            message = f"The input is not JSON: {error}. Without pre-processing the input is {self._wanted()}."
            raise Unfit("bad-json", message) from None
        return prepare(values, self._inputs, "The input")

    def write(self, result: Any, max_bytes: int) -> Written:
        """Write JSON."""
        answer = to_json(result)
        if len(answer) > max_bytes:
            raise TooLong(len(answer))
        return Written((answer,))

    def _wanted(self) -> str:
        names = ", ".join(f'"{i.spec.name}": [...]' for i in self._inputs)
        return f"a JSON object {{{names}}} of nested lists"
