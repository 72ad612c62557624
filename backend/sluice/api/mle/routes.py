"""Every address of the drop-in API, with the role that each method needs."""

from __future__ import annotations

from sluice.api.mle.models import (
    activate_model,
    add_model,
    deactivate_model,
    delete_all_models,
    delete_model,
    get_model,
    get_model_source,
    list_models,
)
from sluice.api.mle.pipelines import (
    add_pipeline,
    delete_all_pipelines,
    delete_pipeline,
    get_pipeline,
    list_pipelines,
)
from sluice.api.mle.resources import (
    add_resource,
    delete_all_resources,
    delete_resource,
    get_resource,
    list_resources,
)
from sluice.api.mle.scoring import apply_model, apply_pipeline, to_apply
from sluice.api.routing import RoleRoute, route
from sluice.entities import Role

PREDICT, READ, ADMIN = Role.PREDICT, Role.READ, Role.ADMIN
PREFIX = "/service/zementis/onnx"

ROUTES: list[RoleRoute] = [
    route(PREFIX + "/apply/{name}", POST=(READ, apply_model)),
    route(PREFIX + "/apply-pipeline/{name}", to_apply, POST=(PREDICT, apply_pipeline)),
    route(PREFIX + "/models", GET=(READ, list_models), POST=(ADMIN, add_model), DELETE=(ADMIN, delete_all_models)),
    route(PREFIX + "/models/{name}", GET=(READ, get_model), DELETE=(ADMIN, delete_model)),
    route(PREFIX + "/models/{name}/source", GET=(READ, get_model_source)),
    route(PREFIX + "/models/{name}/activate", PUT=(ADMIN, activate_model)),
    route(PREFIX + "/models/{name}/deactivate", PUT=(ADMIN, deactivate_model)),
    route(
        PREFIX + "/resources",
        GET=(READ, list_resources),
        POST=(ADMIN, add_resource),
        DELETE=(ADMIN, delete_all_resources),
    ),
    route(PREFIX + "/resources/{name}", GET=(READ, get_resource), DELETE=(ADMIN, delete_resource)),
    route(
        PREFIX + "/pipelines",
        GET=(READ, list_pipelines),
        POST=(ADMIN, add_pipeline),
        DELETE=(ADMIN, delete_all_pipelines),
    ),
    route(PREFIX + "/pipelines/{name}", GET=(READ, get_pipeline), DELETE=(ADMIN, delete_pipeline)),
]
