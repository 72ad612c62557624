"""The beginning of what is text, or of bytes that are."""

from __future__ import annotations

_NOT_IN_TEXT = frozenset(range(32)) - frozenset(b"\t\n\f\r")
_CONTINUES = 0b10  # the first two bits of each further byte of a character in UTF-8


def beginning(value: str | memoryview, most: int) -> str | None:
    """Return at most so many characters of a text, or None where these bytes aren't one (in UTF-8)."""
    if isinstance(value, str):
        # With a lone surrogate it could be written nowhere.
        return str.__getitem__(value, slice(0, most)).encode(errors="replace").decode() or None
    raw = bytes(value.cast("B")[:most])
    if not _NOT_IN_TEXT.isdisjoint(raw):
        return None
    if len(raw) < value.nbytes:  # the cut may go through a character
        last = next((i for i in range(1, min(4, len(raw)) + 1) if raw[-i] >> 6 != _CONTINUES), 0)
        raw = raw[: len(raw) - last] if last and raw[-last] >= 0x80 else raw
    try:
        return raw.decode() or None
    except UnicodeDecodeError:
        return None
