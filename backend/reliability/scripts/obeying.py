"""Helper module of both scripts: does the deed that a call asks for, in the step that it names."""

import importlib
import json

order = {}
calls = 0


def receive(content):
    """Remember what a call asks for, and return its number."""
    global order, calls
    order = json.loads(content)
    calls += 1
    return order["number"]


def obey(step):
    """Do the deed, such as `crashing.segfault`, if this is its step; return what it returns."""
    if order.get("step") != step:
        return None
    module, _, name = order["deed"].partition(".")
    return getattr(importlib.import_module(module), name)()
