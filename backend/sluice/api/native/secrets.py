"""Secrets of pipelines: set and removed, but never told."""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request

from sluice.api.native.answers import Answer, NoContent
from sluice.api.native.operation import operation
from sluice.api.native.parameters import NamedPipeline
from sluice.api.native.schemas.pipelines import SecretBody, SecretList, SecretPut
from sluice.api.native.tags import PIPELINES
from sluice.api.services import services
from sluice.entities import Secret
from sluice.errors import Conflict, DiskFull, InvalidPipeline, NotFound, PipelineBroken


class NamedSecret(NamedPipeline):
    """A secret's address."""

    secret: str = Field(description="The secret's name, as scripts find it in `os.environ`.", examples=["API_KEY"])


@operation(PIPELINES, errors=[NotFound])
async def list_secrets(request: Request, path: NamedPipeline) -> Answer[SecretList]:
    """Tell which secrets a pipeline has, and since when; never their values."""
    pipeline = services(request).current.value.pipeline(path.name)
    return Answer(SecretList(items=[_body(secret) for secret in pipeline.secrets]))


@operation(PIPELINES, errors=[NotFound, InvalidPipeline, PipelineBroken, Conflict, DiskFull])
async def set_secret(request: Request, path: NamedSecret, body: SecretPut) -> Answer[SecretBody]:
    """Set a secret of a pipeline, once new workers were loaded with it; calls go on meanwhile."""
    return Answer(_body(await services(request).pipelines.set_secret(path.name, path.secret, body.value)))


@operation(PIPELINES, errors=[NotFound, InvalidPipeline, PipelineBroken, Conflict, DiskFull])
async def remove_secret(request: Request, path: NamedSecret) -> NoContent:
    """Take a secret from a pipeline, once new workers were loaded without it; calls go on meanwhile."""
    await services(request).pipelines.remove_secret(path.name, path.secret)
    return NoContent()


def _body(secret: Secret) -> SecretBody:
    return SecretBody(name=secret.name, set_at=secret.set_at)
