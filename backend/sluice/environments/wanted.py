"""From what scripts say that they need to one set of requirements, with the worker's own among them."""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

from packaging.requirements import Requirement

from sluice.entities import ScriptHeader

_EXACT = ("ml-dtypes", "onnxruntime", "orjson", "pydantic-core")
# A script may need another numpy than the server has; the worker works with any from the server's own lower bound on.
_BOUNDED = "numpy"

PYTHON = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
"""What a built environment fits: files for another Python or machine are of no use here."""


@dataclass(frozen=True)
class Wanted:
    """What one environment must hold.

    Attributes:
        requires: what the scripts name, sorted.
        core: what a worker imports itself, as requirements.
    """

    requires: tuple[str, ...]
    core: tuple[str, ...]

    @classmethod
    def by(cls, headers: Iterable[ScriptHeader | None]) -> Wanted | None:
        """Return what these headers together need, or None where they name nothing."""
        return cls.of([text for header in headers if header for text in header.requires])

    @classmethod
    def of(cls, requires: Iterable[str]) -> Wanted | None:
        """Return what these requirements come to, or None where there are none."""
        texts = {str(Requirement(text)) for text in requires}
        return cls(tuple(sorted(texts, key=str.casefold)), core_requirements()) if texts else None

    @property
    def key(self) -> str:
        """The same for the same needs on the same server; another version of onnxruntime makes another."""
        text = json.dumps([self.requires, self.core, f"{sys.version_info[0]}.{sys.version_info[1]}"])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        """Return its fields, JSON-able."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Wanted:
        """Return what `to_json` told."""
        return cls(tuple(data["requires"]), tuple(data["core"]))


@cache
def core_requirements() -> tuple[str, ...]:
    """Return what a worker imports: the server's own versions, but for numpy a lower bound."""
    own = (Requirement(text) for text in requires("sluice") or ())
    bound = next(requirement for requirement in own if requirement.name == _BOUNDED)
    return (f"{bound.name}{bound.specifier}", *(f"{name}=={version(name)}" for name in _EXACT))


@cache
def installed_core() -> tuple[str, ...]:
    """Return the server's own versions of all that `core_requirements` brings; they are taken where they fit."""
    waiting, found = [_BOUNDED, *_EXACT], dict[str, str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
        needed = (Requirement(text) for text in requires(name) or ())
        waiting += [each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    return tuple(f"{name}=={number}" for name, number in sorted(found.items()))
