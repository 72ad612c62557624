"""What a script says that it needs: the block `# /// script` of its text.

Source: PEP 723; packaging.python.org, Inline script metadata.
"""

from __future__ import annotations

import difflib
import platform
import re
import tomllib
from dataclasses import asdict, dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from sluice.workers.child.bad_script import BadScript

# As the specification has it, but that nothing need stand between the two lines.
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)*)^# ///$")
_ALMOST = re.compile(r"(?m)^[ \t]*#[ \t]*///[ \t]*script\b")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")
_KEYS = ("dependencies", "requires-python", "tool")


@dataclass(frozen=True)
class Header:
    """What one script needs.

    Attributes:
        requires: dependencies as written, such as `scipy>=1.16`.
        requires_python: versions of Python, or None for any.
        line: 1-based, of the block's beginning.
    """

    requires: tuple[str, ...]
    requires_python: str | None
    line: int

    def to_json(self) -> dict[str, Any]:
        """Return its fields, JSON-able."""
        return asdict(self)


def read_header(text: str, name: str) -> Header | None:
    """Return what the script's header says, or None where it has none.

    Args:
        text: of the script, its lines ended by a newline only.
        name: of its file.

    Raises:
        BadScript: the header can't be read, or asks for what can't be had here; names the line.
    """
    blocks = [block for block in _BLOCK.finditer(text) if block["type"] == "script"]
    if not blocks:
        return None
    if len(blocks) > 1:
        line = _line_of(text, blocks[1].start())
        raise _bad(text, name, line, "there are two of them. Put all dependencies into one block `# /// script`")
    return _Block(text, name, blocks[0]).read()


def looks_like_header(text: str) -> int | None:
    """Return the line of what is probably meant as a header but isn't one, and so has no effect."""
    found = _ALMOST.search(text)
    return _line_of(text, found.start()) if found else None


class _Block:
    def __init__(self, text: str, name: str, block: re.Match[str]) -> None:
        self._text = text
        self._name = name
        self._line = _line_of(text, block.start())
        lines = block["content"].rstrip("\n").split("\n")
        self._lines = [line[2:] if line.startswith("# ") else line[1:] for line in lines]

    def read(self) -> Header:
        data = self._parsed()
        for key in data:
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, n=1)
                meant = f"; did you mean `{near[0]}`?" if near else f". Known are {', '.join(_KEYS[:2])}."
                raise self._bad(key, f"`{key}` has no meaning there{meant}")
        return Header(self._requires(data), self._requires_python(data), self._line)

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads("\n".join(self._lines) + "\n")
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            at = int(place[1]) if place and place[1] else len(self._lines)
            reason = _TOML_PLACE.sub("", str(error))
            raise _bad(self._text, self._name, self._line + at, f"it isn't TOML: {reason}") from None
        except RecursionError:
            raise _bad(self._text, self._name, self._line, "it is nested too deep") from None

    def _requires(self, data: dict[str, Any]) -> tuple[str, ...]:
        listed = data.get("dependencies", [])
        if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
            raise self._bad("dependencies", '`dependencies` must be a list of texts, such as ["scipy>=1.16"]')
        for text in listed:
            try:
                requirement = Requirement(text)
            except InvalidRequirement as error:
                reason = str(error).splitlines()[0]
                raise self._bad(text, f"'{text}' is no dependency such as 'scipy>=1.16': {reason}") from None
            if requirement.url:
                raise self._bad(
                    text,
                    f"'{text}' names an address. Only names and versions are permitted; put the wheel into the "
                    "package index, or into the folder of wheels, that the server uses",
                )
        return tuple(listed)

    def _requires_python(self, data: dict[str, Any]) -> str | None:
        text = data.get("requires-python")
        if text is None:
            return None
        try:
            fits = SpecifierSet(text).contains(platform.python_version(), prereleases=True)
        except (InvalidSpecifier, TypeError, AttributeError):
            message = "`requires-python` must be a text such as '>=3.11'"
            raise self._bad("requires-python", message) from None
        if not fits:
            message = f"it needs Python {text}, and here is Python {platform.python_version()}"
            raise self._bad("requires-python", message)
        assert isinstance(text, str)
        return text

    def _bad(self, mentioning: str, why: str) -> BadScript:
        """Return the error, placed at the first line of the block that mentions something."""
        found = (number for number, line in enumerate(self._lines, 1) if mentioning in line)
        return _bad(self._text, self._name, self._line + next(found, 0), why)


def _bad(text: str, name: str, line: int, why: str) -> BadScript:
    source = text.split("\n")[line - 1]
    end = "" if why.endswith(("?", ".")) else "."
    return BadScript(f"The header of '{name}' can't be used (line {line}): {why}{end}", line, line_text=source)


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
