"""Imports the database layer where time counts."""

from __future__ import annotations

import inspect
from typing import NoReturn


def import_tortoise() -> None:
    """Import Tortoise without its search for comments: it parses all 1,800 lines of its models for those of none.

    That is 40 ms of a start. Nothing else may be imported meanwhile, in no thread either.
    """
    getsource = inspect.getsource
    inspect.getsource = _no_source  # type: ignore[assignment]  # which it takes for a class without source
    try:
        import tortoise  # noqa: F401
    finally:
        inspect.getsource = getsource


def _no_source(_: object) -> NoReturn:
    raise OSError("not looked for")
