"""What mends a build that failed: uv's own words are about options of uv, which nobody can set here."""

from __future__ import annotations

import re

_HINT_OF_SOURCES = re.compile(r" ?hint: Wheels are required for .*? because building from source is disabled[^)]*\)")
_UNREACHABLE = ("Failed to fetch", "error sending request", "Could not connect", "dns error")
_UNREACHED = (
    "The package index can't be reached: see the settings SLUICE_PACKAGE_INDEX, SLUICE_PACKAGE_PROXY and "
    "SLUICE_PACKAGE_CA, or put wheels into SLUICE_PACKAGE_FOLDER."
)
_NO_WHEELS = "Sluice installs wheels only: name another version, or put a wheel into SLUICE_PACKAGE_FOLDER."


_FOLDERS = re.compile(r"(?:file://|(?<![\w:/.~-]))/(?:[^\s/'\"`]+/)+")


def without_paths(text: str) -> str:
    """Return what uv said with the names of files alone: where they lie on this machine is no reader's concern."""
    return _FOLDERS.sub("", text)


def is_unreachable(reason: str) -> bool:
    """Tell whether the index is to blame rather than what was asked of it."""
    return any(text in reason for text in _UNREACHABLE)


def mended(reason: str) -> str:
    """Return uv's reason with what mends it, in Sluice's terms."""
    if is_unreachable(reason):
        return f"{_UNREACHED} {reason}"
    text, _ = _HINT_OF_SOURCES.subn("", reason)
    return f"{text} {_NO_WHEELS}" if "no usable wheels" in reason else text


def added_by_sluice(reason: str, core: tuple[str, ...]) -> str:
    """Return which of a reason's requirements are Sluice's own and not the scripts', as a sentence, or nothing."""
    own = [text for text in core if re.search(rf"\b{re.escape(re.split('[=<>!~]', text)[0])}\b", reason)]
    return f" Sluice itself adds {', '.join(own)}, which its workers import." if own else ""
