"""What scripts of some years ago use and today's NumPy and Pillow don't have any more, with what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from typing import Any

_MOST = 100

# Full name -> replacement, in which {} stands for the module as the script spells it.
NUMPY = {
    "alen": "len(a)",
    "alltrue": "{}.all",
    "asfarray": "{}.asarray(a, dtype=float)",
    "asscalar": "a.item()",
    "bool8": "{}.bool_",
    "bytes0": "{}.bytes_",
    "cast": "{}.asarray(a, dtype=...)",
    "cfloat": "{}.complex128",
    "clongfloat": "{}.clongdouble",
    "complex": "complex",
    "complex_": "{}.complex128",
    "cumproduct": "{}.cumprod",
    "find_common_type": "{}.result_type",
    "float": "float",
    "float_": "{}.float64",
    "in1d": "{}.isin",
    "Inf": "{}.inf",
    "Infinity": "{}.inf",
    "infty": "{}.inf",
    "int": "int",
    "int0": "{}.intp",
    "issubclass_": "issubclass",
    "loads": "pickle.loads",
    "longcomplex": "{}.clongdouble",
    "longfloat": "{}.longdouble",
    "mat": "{}.asmatrix",
    "msort": "{}.sort(a, axis=0)",
    "NaN": "{}.nan",
    "NINF": "-{}.inf",
    "NZERO": "-0.0",
    "object": "object",
    "object0": "{}.object_",
    "PINF": "{}.inf",
    "product": "{}.prod",
    "PZERO": "0.0",
    "rank": "{}.ndim",
    "round_": "{}.round",
    "safe_eval": "ast.literal_eval",
    "singlecomplex": "{}.complex64",
    "sometrue": "{}.any",
    "str": "str",
    "str0": "{}.str_",
    "string_": "{}.bytes_",
    "trapz": "{}.trapezoid",
    "uint0": "{}.uintp",
    "unicode": "str",
    "unicode_": "{}.str_",
}
PILLOW = {
    "Image.ANTIALIAS": "{}.LANCZOS",
    "Image.CUBIC": "{}.BICUBIC",
    "Image.LINEAR": "{}.BILINEAR",
    "Image.PILLOW_VERSION": "PIL.__version__",
    "Image.VERSION": "PIL.__version__",
    "Image.fromstring": "{}.frombytes",
    "Image.isImageType": "isinstance(image, {}.Image)",
    "ImageMath.eval": "{}.lambda_eval",
    "PILLOW_VERSION": "{}.__version__",
    "VERSION": "{}.__version__",
}
REMOVED = {f"numpy.{name}": new for name, new in NUMPY.items()} | {f"PIL.{name}": new for name, new in PILLOW.items()}

# Method -> module whose objects had it, which objects, and what to write instead.
METHODS = {
    "itemset": ("numpy", "an array", "`a[...] = value`"),
    "newbyteorder": ("numpy", "an array", "`a.view(a.dtype.newbyteorder(...))`"),
    "ptp": ("numpy", "an array", "`np.ptp(a)`"),
    "tostring": ("numpy", "an array", "`a.tobytes()`"),
    "getsize": ("PIL", "a font", "`left, top, right, bottom = font.getbbox(text)`"),
    "getsize_multiline": ("PIL", "a font", "`draw.multiline_textbbox((0, 0), text, font)`"),
    "multiline_textsize": ("PIL", "a drawing", "`left, top, right, bottom = draw.multiline_textbbox((0, 0), text)`"),
    "textsize": ("PIL", "a drawing", "`left, top, right, bottom = draw.textbbox((0, 0), text)`"),
}
_LIBRARIES = {"numpy": "NumPy", "PIL": "Pillow"}
_PACKAGES = {"numpy": "numpy", "PIL": "pillow"}
_MISSED = {"AttributeError", "ImportError", "ModuleNotFoundError"}


def removed_names(tree: ast.Module, own_packages: Set[str] = frozenset()) -> list[dict[str, Any]]:
    """Return a warning for each line and name, as the fields of `entities.ScriptWarning`; the first hundred.

    Args:
        tree: the script.
        own_packages: that it names in its header; it chose their versions itself.
    """
    nodes = list(_unguarded(tree))
    uses = _Uses(nodes, {module for module, package in _PACKAGES.items() if package not in own_packages})
    found = {(line, text): None for node in nodes for line, text in uses.of(node)}
    return [{"line": line, "module": "", "message": text} for line, text in sorted(found)[:_MOST]]


class _Uses:
    """Reads what names stand for, as far as the script's imports tell.

    Args:
        nodes: of the script.
        modules: whose names to look for.
    """

    def __init__(self, nodes: list[ast.AST], modules: Set[str]) -> None:
        self._modules = modules
        self._imported: dict[str, str] = {}
        for node in nodes:
            match node:
                case ast.Import():
                    for alias in node.names:
                        self._imported[alias.asname or alias.name.partition(".")[0]] = (
                            alias.name if alias.asname else alias.name.partition(".")[0]
                        )
                case ast.ImportFrom(module=str(module), level=0):
                    for alias in node.names:
                        self._imported[alias.asname or alias.name] = f"{module}.{alias.name}"
        self._seen = {name.partition(".")[0] for name in self._imported.values()} & modules
        # What a script sets itself is there.
        self._set = {self._name(n) for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}

    def of(self, node: ast.AST) -> Iterator[tuple[int, str]]:
        """Yield line and message for what a node uses."""
        match node:
            case ast.ImportFrom(module=str(module), level=0):
                for alias in node.names:
                    yield from self._told(node.lineno, f"{module}.{alias.name}", alias.name, module)
            case ast.Attribute(ctx=ast.Load()):
                if (name := self._name(node)) and name not in self._set:
                    yield from self._told(node.lineno, name, ast.unparse(node), ast.unparse(node.value))
            case ast.Call(func=ast.Attribute(attr=method)) if method in METHODS and self._name(node.func) is None:
                module, owner, instead = METHODS[method]
                if module in self._seen:
                    yield (
                        node.func.end_lineno or node.lineno,
                        f"Line {node.func.end_lineno} calls `.{method}()`. If that is {owner} of {_LIBRARIES[module]}, "
                        f"it hasn't got it any more: write {instead}.",
                    )

    def _told(self, line: int, name: str, spelt: str, module: str) -> Iterator[tuple[int, str]]:
        top = name.partition(".")[0]
        if name in REMOVED and top in self._modules:
            instead = REMOVED[name].format(module)
            yield line, f"Line {line} uses `{spelt}`, which {_LIBRARIES[top]} removed. Write `{instead}` instead."

    def _name(self, node: ast.AST) -> str | None:
        """Return the full name of what is imported, or of something in it; None for all else."""
        if isinstance(node, ast.Name):
            return self._imported.get(node.id)
        if isinstance(node, ast.Attribute) and (owner := self._name(node.value)):
            return f"{owner}.{node.attr}"
        return None


def _unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """Walk everything but a `try` that has its own way out of a missing name."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Try) and any(map(_expects_missing, child.handlers))):
            yield child
            yield from _unguarded(child)


def _expects_missing(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _MISSED for kind in kinds)
