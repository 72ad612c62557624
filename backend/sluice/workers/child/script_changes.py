"""Tells in sentences what is different about the next revision of a script; neither is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable

_MOST_NAMES = 10


def script_changes(old: bytes, new: bytes) -> list[str]:
    """Return what changed; both are UTF-8 and Python, as far as this Python knows."""
    try:
        before, after = (_Outline(ast.parse(text.decode("utf-8-sig"))) for text in (old, new))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []  # another version of Python took the old one
    return [*after.since(before)] or ["Only comments or layout changed."]


class _Outline:
    """What a script defines, imports and does besides."""

    def __init__(self, tree: ast.Module) -> None:
        self.defined: dict[str, str] = {}
        self.imported: dict[str, None] = {}
        self.besides: list[str] = []
        for node in tree.body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self.defined[node.name] = ast.dump(node)
                case ast.Import():
                    self.imported |= dict.fromkeys(alias.name for alias in node.names)
                case ast.ImportFrom(module=str(module), level=0):
                    self.imported |= dict.fromkeys([module])
                case _:
                    self.besides.append(ast.dump(node))

    def since(self, before: _Outline) -> Iterable[str]:
        """Yield what is different from an earlier one."""
        changed = [name for name, text in self.defined.items() if before.defined.get(name, text) != text]
        yield from _sentence(changed, "changed.", "changed.")
        yield from _sentence(_missing(self.defined, before.defined), "is new.", "are new.")
        yield from _sentence(_missing(before.defined, self.defined), "is gone.", "are gone.")
        yield from _sentence(_missing(self.imported, before.imported), "is imported now.", "are imported now.")
        yield from _sentence(
            _missing(before.imported, self.imported), "isn't imported any more.", "aren't imported any more."
        )
        if self.besides != before.besides:
            yield "What runs when the script is loaded changed."


def _missing(names: Iterable[str], known: Iterable[str]) -> list[str]:
    return [name for name in names if name not in set(known)]


def _sentence(names: list[str], one: str, several: str) -> Iterable[str]:
    told = [f"`{name}`" for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        told.append(f"{len(names) - _MOST_NAMES} more")
    if len(told) > 1:
        yield f"{', '.join(told[:-1])} and {told[-1]} {several}"
    elif told:
        yield f"{told[0]} {one}"
