"""Checks a script without running it: text, syntax, `process`, imports."""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement

from sluice.workers.child.bad_script import BadScript
from sluice.workers.child.packages import brings, header_line, is_known, normalized, own_module, package_of
from sluice.workers.child.removed_names import removed_names
from sluice.workers.child.script_header import Header, looks_like_header, read_header

# What a worker imports itself is in every environment.
_EVERYWHERE = frozenset(
    {"google", "ml_dtypes", "numpy", "onnxruntime", "orjson", "packaging", "pydantic_core", "sluice_call"}
)
_NO_HEADER = (
    "Line {line} looks like the beginning of a header but has no effect: a header is `# /// script`, then lines that "
    "begin with `# `, then `# ///`, each from the first column on."
)

_HIDDEN = (
    "Scripts can't import this file: `import {module}` finds the module of that name that is there already. "
    "Upload it under another name."
)


@dataclass(frozen=True)
class Checked:
    """What is known of a script that isn't run.

    Attributes:
        warnings: what will probably not work, as the fields of `entities.ScriptWarning`.
        header: what it says that it needs, or None where it doesn't say.
    """

    warnings: list[dict[str, Any]]
    header: Header | None


def check_script(content: bytes, name: str, needs_process: bool) -> Checked:
    """Return what its text tells.

    Raises:
        BadScript: not UTF-8, not Python, no fitting `process`, or a header that can't be used.
    """
    text = _decode(content, name)
    tree = _parse(text, name)
    if needs_process:
        _check_process(tree, name, text.splitlines())
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    header = read_header(lines, name)
    named = {normalized(Requirement(text).name) for text in header.requires} if header else set()
    warnings = sorted(
        [*_unresolved_imports(tree, named), *removed_names(tree, named)], key=lambda warning: warning["line"]
    )
    if not needs_process and (module := name.removesuffix(".py")) in (_EVERYWHERE | sys.stdlib_module_names):
        warnings.insert(0, {"line": 1, "module": module, "message": _HIDDEN.format(module=module)})
    if header is None and (line := looks_like_header(lines)):
        warnings.insert(0, {"line": line, "module": "", "message": _NO_HEADER.format(line=line)})
    return Checked(warnings, header)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"'{name}' is not UTF-8 text: byte 0x{content[error.start]:02x} in line {line}. Save it as UTF-8."
        raise BadScript(message, line=line, unreadable=True) from None


def _parse(text: str, name: str) -> ast.Module:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadScript(
            f"'{name}' is not valid Python: line {line} has a null byte. Save it as UTF-8.", line, unreadable=True
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, filename=name)
            compile(tree, name, "exec")  # finds what the grammar allows but the language doesn't
    except SyntaxError as error:
        where = f"line {error.lineno}" + (f", column {error.offset}" if error.offset else "") if error.lineno else "it"
        source = text.splitlines()
        line_text = source[error.lineno - 1] if error.lineno and error.lineno <= len(source) else None
        raise BadScript(
            f"'{name}' is not valid Python: {error.msg} ({where}).",
            error.lineno,
            error.offset or None,
            line_text,
            unreadable=True,
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or "it is nested too deep"
        raise BadScript(f"'{name}' is not valid Python: {reason}.", unreadable=True) from None
    return tree


def _check_process(tree: ast.Module, name: str, source: list[str]) -> None:
    found = None
    for node in _top_level(tree.body):
        if _binds_process(node):
            found = node
    if found is None:
        raise BadScript(
            f"'{name}' has no function `process`. Define `def process(content):` at the top level, "
            "or upload the file as a helper module."
        )
    if isinstance(found, ast.AsyncFunctionDef):
        message = f"`process` in '{name}' is async. Make it a plain function: `def process(content):`."
    elif isinstance(found, ast.FunctionDef) and (count := _wrong_arguments(found.args)):
        message = f"`process` in '{name}' must take exactly one argument, not {count}: `def process(content):`."
    else:
        return
    raise BadScript(message, found.lineno, found.col_offset + 1, source[found.lineno - 1])


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that bind names of the module, also inside `if` and `try`."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from _top_level(getattr(node, part, []))
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                yield from _top_level(handler.body)


def _binds_process(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == "process"
        case ast.Assign():
            return any(isinstance(target, ast.Name) and target.id == "process" for target in node.targets)
        case ast.AnnAssign():
            return isinstance(node.target, ast.Name) and node.target.id == "process" and node.value is not None
        case ast.Import() | ast.ImportFrom():
            return any((alias.asname or alias.name) in ("process", "*") for alias in node.names)
    return False


def _wrong_arguments(arguments: ast.arguments) -> str | None:
    """Return what `process` takes, in words, unless it is one argument."""
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    more = [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    more += [argument.arg for argument in arguments.kwonlyargs]
    more += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    if len(positional) == 1 and not more:
        return None
    listed = [*positional, *more]
    if len(listed) == 1:
        return f"`{listed[0]}`"
    return f"{len(listed)} ({', '.join(listed)})" if listed else "none"


def _unresolved_imports(tree: ast.Module, named: set[str]) -> Iterator[dict[str, Any]]:
    seen = set()
    for node in _unguarded(tree):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(module), level=0):
                names = [module]
            case _:
                continue
        for name in names:
            top = name.partition(".")[0]
            if top in seen or brings(named, top):
                continue
            # With packages of its own, a script finds those and what they bring along, nothing else.
            found = top in _EVERYWHERE or top in sys.stdlib_module_names if named else _resolves(top)
            if not found:
                seen.add(top)
                yield {"line": node.lineno, "module": top, "message": _missing(top, node.lineno, bool(named))}


def _unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """Walk everything but the bodies of `try`: an import there has its own way out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Try):
            continue
        yield child
        yield from _unguarded(child)


def _resolves(module: str) -> bool:
    if module in _EVERYWHERE or module in sys.stdlib_module_names or module in sys.modules:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _missing(module: str, line: int, has_packages: bool) -> str:
    if has_packages:
        return (
            f"Line {line} imports '{module}', which the header doesn't name. Unless one of its packages brings it "
            f'along, add "{package_of(module)}" to `dependencies` there. {own_module(module)}'
        )
    own = "" if is_known(module) else f" {own_module(module)}"
    return f"Line {line} imports '{module}', which is not installed here. {header_line(module)}.{own}"
