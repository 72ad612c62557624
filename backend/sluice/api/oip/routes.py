"""Every address of the protocol, with the role that each method needs; None is open to everybody.

Each may end in a slash, and those of a model may name a version: an answer that sends a client elsewhere counts as a
failure with most.
"""

from __future__ import annotations

from sluice.api.oip.configuration import get_configuration
from sluice.api.oip.health import live, ready
from sluice.api.oip.infer import infer
from sluice.api.oip.metadata import get_model, get_server
from sluice.api.oip.names import served_entity
from sluice.api.oip.repository import list_models, load, model_ready, unload
from sluice.api.oip.statistics import get_all_statistics, get_statistics
from sluice.api.routing import Endpoint, Finder, RoleRoute, route
from sluice.entities import Role

PREDICT, READ, ADMIN = Role.PREDICT, Role.READ, Role.ADMIN
V2 = "/v2"


def _spelt(path: str, finder: Finder | None = None, **methods: tuple[Role | None, Endpoint]) -> list[RoleRoute]:
    return [route(V2 + path + end, finder, **methods) for end in ("", "/")]


def _of_model(action: str, **methods: tuple[Role | None, Endpoint]) -> list[RoleRoute]:
    return [
        each
        for version in ("", "/versions/{version}")
        for each in _spelt("/models/{name}" + version + action, served_entity, **methods)
    ]


PROBES: list[RoleRoute] = [
    *_spelt("/health/live", GET=(None, live)),
    *_spelt("/health/ready", GET=(None, ready)),
]

ROUTES: list[RoleRoute] = [
    *_of_model("/infer", POST=(PREDICT, infer)),
    *_of_model("/ready", GET=(PREDICT, model_ready)),
    *_of_model("/config", GET=(PREDICT, get_configuration)),
    *_of_model("/stats", GET=(READ, get_statistics)),
    # Before what a model of this name would have here.
    *_spelt("/models/stats", GET=(READ, get_all_statistics)),
    *_of_model("", GET=(PREDICT, get_model)),
    *PROBES,
    *_spelt("", GET=(PREDICT, get_server)),
    *_spelt("/repository/index", POST=(READ, list_models)),
    *_spelt("/repository/models/{name}/load", POST=(ADMIN, load)),
    *_spelt("/repository/models/{name}/unload", POST=(ADMIN, unload)),
]
