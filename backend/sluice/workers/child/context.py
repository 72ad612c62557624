"""`sluice_call`: the module by which the two scripts of a pipeline share what belongs to one call.

    from sluice_call import context

It exists in workers only, and is made here instead of lying in a file, so that it is there in every environment.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

NAME = "sluice_call"

shared: dict[Any, Any] = {}
"""What `context` is: emptied in place when a call ends, as scripts hold this very dict."""


class _SluiceCall(ModuleType):
    """What belongs to the call that runs now: `context` is a dict, empty when the call begins."""

    @property
    def context(self) -> dict[Any, Any]:
        """A dict for pre-processing to fill and for post-processing of the same call to read."""
        return shared

    @context.setter
    def context(self, value: Any) -> None:
        raise AttributeError("`sluice_call.context` can't be replaced; fill it: `context['size'] = image.size`.")


def provide() -> None:
    """Let scripts import it."""
    sys.modules[NAME] = _SluiceCall(NAME, _SluiceCall.__doc__)
