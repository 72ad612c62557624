"""What a name that is taken, or a part that is needed, is answered with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sluice.errors import InUse, NameTaken

Kind = Literal["model", "resource", "pipeline"]


def name_taken(kind: Kind, name: str) -> NameTaken:
    """Return the error for a name that another one has, perhaps in another case."""
    change = f"PATCH pipelines/{name} changes it" if kind == "pipeline" else f"PUT {kind}s/{name}/content replaces it"
    return NameTaken(
        f"A {kind} named '{name}' exists already. Choose another name, for case doesn't count, or delete it first; "
        f"{change} without a pause.",
        kind,
        name,
    )


def in_use(kind: Kind, name: str, pipelines: Iterable[Any]) -> InUse:
    """Return the error for a part that these pipelines need."""
    names = sorted(map(str, pipelines), key=str.casefold)
    listed = ", ".join(f"'{pipeline}'" for pipeline in names)
    needing = f"The pipeline {listed} needs" if len(names) == 1 else f"The pipelines {listed} need"
    return InUse(f"{needing} the {kind} '{name}'. {_way_out(kind, len(names) == 1)}", kind, name, names)


def _way_out(kind: Kind, one: bool) -> str:
    pipelines = "it" if one else "them"
    return f"Delete {pipelines} first, or PATCH {pipelines} to another {kind}."
