"""The bodies of the native API: what comes in is checked here, what goes out has its keys from here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from sluice.api.versions import etag
from sluice.entities import ResourceKind, Role


class Body(BaseModel):
    """A JSON object with camelCase keys, none of them unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True
    )


class Incoming(Body):
    """A request's body; only the camelCase keys are known and no type is bent to fit."""

    model_config = ConfigDict(validate_by_name=False, strict=True)


def json_response(body: Body, status: int = 200, version: str | None = None) -> Response:
    """Return an answer with this body, and with the tag of a version where there is one."""
    headers = None if version is None else {"ETag": etag(version)}
    return Response(body.model_dump_json(by_alias=True), status, headers, media_type="application/json")


class SignIn(Incoming):
    """One of the two ways in: the code of a one-time link, or an API token."""

    code: Annotated[str, Field(max_length=200)] | None = None
    token: Annotated[str, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> SignIn:
        if (self.code is None) == (self.token is None):
            raise ValueError("Send either 'code' or 'token'.")
        return self


class SessionBody(Body):
    """Who is signed in."""

    name: str
    role: Role


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("The time is outside the years 1 to 9999.") from None


class NewToken(Incoming):
    """A token to be made."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")]
    role: Annotated[Role, Field(strict=False)]
    expires_at: Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)] | None = None


class TokenBody(Body):
    """A token without its secret."""

    id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None


class CreatedTokenBody(TokenBody):
    """A token with its secret, which is shown this once."""

    secret: str


class TokenList(Body):
    """All tokens, oldest first."""

    items: list[TokenBody]
    next_cursor: str | None = None


class SandboxBody(Body):
    """What confines scripts on this machine, found by trying: `full`, `partial` or `none`."""

    level: str
    landlock_abi: int
    seccomp: bool
    missing: tuple[str, ...]


class DiskBody(Body):
    """The file system that holds the data folder, and what the folder takes of it."""

    free_bytes: int
    total_bytes: int
    data_bytes: int


class SystemBody(Body):
    """Versions and limits of the server, and the room that it has."""

    version: str
    started_at: datetime
    max_upload_bytes: int
    max_body_bytes: int
    deadline_s: float
    workers: int
    intra_op_threads: int
    memory_mb: int
    max_answer_bytes: int
    onnxruntime: str
    sandbox: SandboxBody
    disk: DiskBody


class OpsetBody(Body):
    """One operator set that a model imports."""

    domain: str
    version: int


class TensorBody(Body):
    """One input or output; `symbols` has the names of variable dimensions."""

    name: str
    type: str
    datatype: str | None
    shape: list[int] | None
    symbols: list[str | None] | None


class ModelBody(Body):
    """A model with what its file says."""

    id: str
    name: str
    revision: int
    created_at: datetime
    file_name: str
    size_bytes: int
    sha256: str
    ir_version: int
    opsets: list[OpsetBody]
    producer_name: str
    producer_version: str
    graph_name: str
    model_version: int
    inputs: list[TensorBody]
    outputs: list[TensorBody]
    description: str
    active: bool
    used_by: list[str]


class ModelPatch(Incoming):
    """What to change about a model: what is left out stays; a description of null is none.

    Source: RFC 7396.
    """

    name: str = ""  # these two can't be null; their defaults are never read
    description: str | None = None
    active: bool = True


class ReplacedModel(ModelBody):
    """A model whose content was replaced: which pipelines have a new revision now, and what is different."""

    pipelines: list[str]
    changes: list[str]


class ModelList(Body):
    """All models, by name."""

    items: list[ModelBody]
    next_cursor: str | None = None


class WarningBody(Body):
    """Something in a script that will probably not work."""

    line: int
    module: str
    message: str


class EnvironmentState(Body):
    """What scripts import, and whether it is installed; `log` is an address below `/api/v1/`."""

    key: str
    state: Literal["building", "ready", "failed", "absent", "off"]
    requires: list[str]
    reason: str | None
    log: str


class EnvironmentBody(EnvironmentState):
    """An environment with the versions of all its packages."""

    packages: list[str]
    finished_at: datetime | None
    used_by: list[str]


class EnvironmentList(Body):
    """All environments; what the newest standard is, and where this server's own libraries differ from it."""

    items: list[EnvironmentBody]
    next_cursor: str | None = None
    enabled: bool
    standard: str
    differing: list[str]
    core: list[str]


class ResourceBody(Body):
    """A script, a helper module or a data file."""

    id: str
    name: str
    kind: ResourceKind
    revision: int
    created_at: datetime
    size_bytes: int
    sha256: str
    warnings: list[WarningBody]
    environment: EnvironmentState | None
    used_by: list[str]


class ReplacedResource(ResourceBody):
    """A resource that was replaced or renamed: which pipelines have a new revision now, and what is different."""

    pipelines: list[str]
    changes: list[str]


class ResourcePatch(Incoming):
    """What to change about a resource: what is left out stays.

    Source: RFC 7396.
    """

    name: str = ""  # can't be null; the default is never read


class ResourceWithText(ResourceBody):
    """A resource with its text; null where it isn't text or is large."""

    text: str | None


class ResourceList(Body):
    """All resources, by name."""

    items: list[ResourceBody]
    next_cursor: str | None = None


class ScriptProblemBody(Body):
    """Something that is wrong with a script, or probably is."""

    line: int | None
    column: int | None
    message: str
    severity: Literal["error", "warning"]


class CheckedResource(Body):
    """What an upload of this text would be told; `requires` are the packages that its header names."""

    ok: bool
    problems: list[ScriptProblemBody]
    requires: list[str]


class ExampleBody(Body):
    """An example, and whether its pipeline is there."""

    pipeline: str
    present: bool


class ExampleList(Body):
    """All examples."""

    items: list[ExampleBody]


class LoadedExampleBody(Body):
    """What became of an example."""

    pipeline: str
    created: bool
    problem: str | None


class LoadedExampleList(Body):
    """What became of all examples."""

    items: list[LoadedExampleBody]


DataFiles = Annotated[list[str], Field(max_length=100)]


class PolicyFields(Incoming):
    """What a pipeline may use; null is the server's default."""

    deadline_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] | None = None
    workers: Annotated[int, Field(ge=1, le=1024)] | None = None
    intra_op_threads: Annotated[int, Field(ge=1, le=256)] | None = None
    memory_mb: Annotated[int, Field(ge=16, le=1 << 20)] | None = None
    max_answer_bytes: Annotated[int, Field(ge=1, le=1 << 34)] | None = None
    sample: str | None = None


class NewPipelineBody(PolicyFields):
    """A pipeline to be made; its parts by name."""

    name: str
    model: str
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: DataFiles = []
    pinned: bool = False
    keep_inputs: bool = False


class DraftBody(NewPipelineBody):
    """A pipeline to be checked; it needs no name."""

    name: str = ""


class PipelinePatch(PolicyFields):
    """What to change about a pipeline: what is left out stays, null is nothing or the default.

    Source: RFC 7396.
    """

    name: str = ""  # these two can't be null; their defaults are never read
    model: str = ""
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: DataFiles | None = None
    pinned: bool | None = None
    keep_inputs: bool | None = None


class StepBody(Body):
    """One step and whether it is ready."""

    step: Literal["pre-processing", "model", "post-processing"]
    name: str
    revision: int
    ready: bool
    reason: str | None


class NoteBody(Body):
    """Something that happened to a pipeline's workers, for people to read."""

    at: datetime
    text: str


class PipelineBody(Body):
    """A pipeline, its parts by name, and how it is doing."""

    id: str
    name: str
    revision: int
    created_at: datetime
    model: str
    pre_processing: str | None
    post_processing: str | None
    data_files: list[str]
    deadline_s: float | None
    workers: int | None
    intra_op_threads: int | None
    memory_mb: int | None
    max_answer_bytes: int | None
    pinned: bool
    sample: str | None
    keep_inputs: bool
    state: Literal["ready", "starting", "idle", "broken", "inactive"]
    reason: str | None
    notes: list[NoteBody]
    steps: list[StepBody]
    environment: EnvironmentState | None


class PipelineList(Body):
    """All pipelines, by name."""

    items: list[PipelineBody]
    next_cursor: str | None = None
