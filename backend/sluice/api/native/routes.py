"""Every address of the native API, with the role that each method needs; None is open to everybody."""

from __future__ import annotations

from sluice.api.native.audit import download_audit, list_audit
from sluice.api.native.bound import named_pipeline
from sluice.api.native.checks import check_pipeline, check_resource
from sluice.api.native.environments import (
    get_environment,
    get_environment_log,
    list_environments,
    rebuild_environment,
)
from sluice.api.native.events import stream_events
from sluice.api.native.examples import list_examples, load_examples
from sluice.api.native.health import get_health
from sluice.api.native.models import (
    add_model,
    change_model,
    delete_model,
    download_model,
    get_model,
    get_template,
    list_models,
    replace_model,
)
from sluice.api.native.oidc import begin_oidc, end_oidc
from sluice.api.native.openapi.endpoint import openapi_route
from sluice.api.native.pipelines import (
    add_pipeline,
    change_pipeline,
    delete_pipeline,
    get_pipeline,
    list_pipelines,
    retry_pipeline,
)
from sluice.api.native.predictions import predict_with_model, predict_with_pipeline
from sluice.api.native.resources import (
    add_resource,
    delete_resource,
    download_resource,
    get_resource,
    list_resources,
    rename_resource,
    replace_resource,
)
from sluice.api.native.secrets import list_secrets, remove_secret, set_secret
from sluice.api.native.session import change_password, get_session, list_ways, sign_in, sign_out
from sluice.api.native.sessions import end_session, list_sessions
from sluice.api.native.statistics import (
    clear_model_failures,
    clear_pipeline_failures,
    get_failure_input,
    get_model_statistics,
    get_pipeline_statistics,
    list_model_failures,
    list_pipeline_failures,
    list_statistics,
)
from sluice.api.native.system import get_system
from sluice.api.native.tokens import create_token, list_tokens, revoke_token
from sluice.api.native.users import add_user, change_user, delete_user, get_user, list_users
from sluice.api.routing import RoleRoute, route, with_action
from sluice.entities import Role

PREDICT, READ, ADMIN = Role.PREDICT, Role.READ, Role.ADMIN
V1 = "/api/v1"

_PIPELINE_PREDICTIONS = route(
    V1 + "/pipelines/{name}/predictions", named_pipeline, POST=(PREDICT, predict_with_pipeline)
)
_MODEL_PREDICTIONS = route(V1 + "/models/{name}/predictions", POST=(READ, predict_with_model))
PREDICTIONS = {
    "pipeline": _PIPELINE_PREDICTIONS.actions.table["POST"],
    "model": _MODEL_PREDICTIONS.actions.table["POST"],
}
"""What `sluice.shortcut` serves too, by kind."""

_RESOURCE = route(
    V1 + "/resources/{name}",
    GET=(READ, get_resource),
    PATCH=(ADMIN, rename_resource),
    DELETE=(ADMIN, delete_resource),
)
_PIPELINE = route(
    V1 + "/pipelines/{name}",
    GET=(READ, get_pipeline),
    PATCH=(ADMIN, change_pipeline),
    DELETE=(ADMIN, delete_pipeline),
)

ROUTES: list[RoleRoute] = [
    _PIPELINE_PREDICTIONS,
    _MODEL_PREDICTIONS,
    route(V1 + "/session", POST=(None, sign_in), GET=(PREDICT, get_session), DELETE=(PREDICT, sign_out)),
    route(V1 + "/session/ways", GET=(None, list_ways)),
    route(V1 + "/session/password", PUT=(PREDICT, change_password)),
    route(V1 + "/sessions", GET=(ADMIN, list_sessions)),
    route(V1 + "/sessions/{id}", DELETE=(ADMIN, end_session)),
    route(V1 + "/users", GET=(ADMIN, list_users), POST=(ADMIN, add_user)),
    route(V1 + "/users/{id}", GET=(ADMIN, get_user), PATCH=(ADMIN, change_user), DELETE=(ADMIN, delete_user)),
    route(V1 + "/session/oidc", GET=(None, begin_oidc)),
    route(V1 + "/session/oidc/callback", GET=(None, end_oidc)),
    route(V1 + "/health", GET=(READ, get_health)),
    route(V1 + "/system", GET=(READ, get_system)),
    route(V1 + "/events", GET=(READ, stream_events)),
    route(V1 + "/audit", GET=(ADMIN, list_audit)),
    route(V1 + "/audit/lines", GET=(ADMIN, download_audit)),
    route(V1 + "/tokens", GET=(ADMIN, list_tokens), POST=(ADMIN, create_token)),
    route(V1 + "/tokens/{id}", DELETE=(ADMIN, revoke_token)),
    route(V1 + "/models", GET=(READ, list_models), POST=(ADMIN, add_model)),
    route(
        V1 + "/models/{name}",
        GET=(READ, get_model),
        PATCH=(ADMIN, change_model),
        DELETE=(ADMIN, delete_model),
    ),
    route(V1 + "/models/{name}/template", GET=(READ, get_template)),
    route(V1 + "/models/{name}/content", GET=(READ, download_model), PUT=(ADMIN, replace_model)),
    route(V1 + "/resources", GET=(READ, list_resources), POST=(ADMIN, add_resource)),
    with_action(_RESOURCE, "check", ADMIN, check_resource),
    _RESOURCE,
    route(V1 + "/resources/{name}/content", GET=(READ, download_resource), PUT=(ADMIN, replace_resource)),
    route(V1 + "/examples", GET=(READ, list_examples), POST=(ADMIN, load_examples)),
    route(V1 + "/environments", GET=(READ, list_environments)),
    route(V1 + "/environments/{key}", GET=(READ, get_environment)),
    route(V1 + "/environments/{key}/log", GET=(READ, get_environment_log)),
    route(V1 + "/environments/{key}/rebuild", POST=(ADMIN, rebuild_environment)),
    route(V1 + "/pipelines", GET=(READ, list_pipelines), POST=(ADMIN, add_pipeline)),
    with_action(_PIPELINE, "check", ADMIN, check_pipeline),
    _PIPELINE,
    route(V1 + "/pipelines/{name}/retry", POST=(ADMIN, retry_pipeline)),
    route(V1 + "/statistics", GET=(READ, list_statistics)),
    route(V1 + "/pipelines/{name}/statistics", GET=(READ, get_pipeline_statistics)),
    route(
        V1 + "/pipelines/{name}/failures",
        GET=(READ, list_pipeline_failures),
        DELETE=(ADMIN, clear_pipeline_failures),
    ),
    route(V1 + "/pipelines/{name}/failures/{id}/input", GET=(ADMIN, get_failure_input)),
    route(V1 + "/pipelines/{name}/secrets", GET=(READ, list_secrets)),
    route(V1 + "/pipelines/{name}/secrets/{secret}", PUT=(ADMIN, set_secret), DELETE=(ADMIN, remove_secret)),
    route(V1 + "/models/{name}/statistics", GET=(READ, get_model_statistics)),
    route(
        V1 + "/models/{name}/failures",
        GET=(READ, list_model_failures),
        DELETE=(ADMIN, clear_model_failures),
    ),
]
ROUTES.append(openapi_route(ROUTES, V1))
