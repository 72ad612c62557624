"""Pipelines."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sluice.api.native.schemas.base import WHOLE, Body, Incoming, Name, Patch
from sluice.api.native.schemas.environments import EnvironmentState
from sluice.api.native.schemas.samples import NEW_PIPELINE, PIPELINE, SECRET, example

PipelineState = Literal["ready", "starting", "idle", "broken", "inactive"]

_MOST_PORTS = 100


def _network(value: object) -> object:
    if value is None or value in ("off", "open"):
        return value
    if isinstance(value, list) and 0 < len(value) <= _MOST_PORTS:
        ports = [int(port) for port in value if type(port) in (int, float) and port in range(1, 65536)]
        if len(ports) == len(value):
            return sorted(set(ports))
    raise ValueError(f"It must be off, open or a list of TCP ports from 1 to 65535, at most {_MOST_PORTS}.")


Port = Annotated[int, Field(ge=1, le=65535)]
Ports = Annotated[list[Port], Field(min_length=1, max_length=_MOST_PORTS)]
NetworkField = Annotated[
    Literal["off", "open"] | Ports | None,
    BeforeValidator(_network),
    Field(description="`off`, `open` (TCP and UDP), or the only TCP ports that scripts may connect to."),
]


def _in_an_environment(text: str) -> str:
    if "\0" in text:
        raise ValueError("It can't hold the character U+0000.")
    return text


VariableValue = Annotated[str, Field(max_length=8192), AfterValidator(_in_an_environment)]
Variables = Annotated[
    dict[str, VariableValue],
    Field(max_length=100, description="What scripts find in `os.environ`; everybody who may look can read it."),
]
SecretValue = Annotated[str, Field(min_length=1, max_length=32_768), AfterValidator(_in_an_environment)]
DataFiles = Annotated[list[Name], Field(max_length=100)]


class PolicyFields(Incoming):
    """What a pipeline may use; null is the server's default."""

    deadline_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] | None = None
    workers: Annotated[int, Field(ge=1, le=1024), WHOLE] | None = None
    intra_op_threads: Annotated[int, Field(ge=1, le=256), WHOLE] | None = None
    memory_mb: Annotated[int, Field(ge=16, le=1 << 20), WHOLE] | None = None
    scratch_mb: Annotated[int, Field(ge=0, le=1 << 20), WHOLE] | None = None
    threads: Annotated[int, Field(ge=1, le=4096), WHOLE] | None = None
    network: NetworkField = None
    max_answer_bytes: Annotated[int, Field(ge=1, le=1 << 34), WHOLE] | None = None
    sample: Name | None = None


class NewPipelineBody(PolicyFields):
    """A pipeline to be made; its parts by name."""

    model_config = example(NEW_PIPELINE)

    name: Name
    model: Name
    pre_processing: Name | None = None
    post_processing: Name | None = None
    data_files: DataFiles = Field([])
    pinned: bool = False
    keep_inputs: bool = False
    variables: Variables = Field({})
    secrets: Annotated[
        dict[str, SecretValue],
        Field(max_length=100, description="What scripts find in `os.environ` and nobody can read; see Secrets."),
    ] = Field({}, repr=False)


class DraftBody(NewPipelineBody):
    """A pipeline to be checked; it needs no name."""

    model_config = example(NEW_PIPELINE)

    name: str = ""


class PipelinePatch(PolicyFields, Patch):
    """What to change about a pipeline: what is left out stays, null is nothing or the default."""

    name: Name = ""
    model: Name = ""
    pre_processing: Name | None = None
    post_processing: Name | None = None
    data_files: DataFiles | None = None
    pinned: bool | None = None
    keep_inputs: bool | None = None
    variables: Variables | None = None


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

    model_config = example(PIPELINE)

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
    scratch_mb: int | None
    threads: int | None
    network: Literal["off", "open"] | list[int] | None
    max_answer_bytes: int | None
    pinned: bool
    sample: str | None
    keep_inputs: bool
    variables: dict[str, str]
    state: PipelineState
    reason: str | None
    notes: list[NoteBody]
    steps: list[StepBody]
    environment: EnvironmentState | None


class PipelineList(Body):
    """All pipelines, by name."""

    model_config = example({"items": [PIPELINE], "nextCursor": None})

    items: list[PipelineBody]
    next_cursor: str | None = None


class SecretPut(Incoming):
    """A secret's value."""

    model_config = example({"value": "s3cr3t"})

    value: SecretValue = Field(repr=False)


class SecretBody(Body):
    """That there is a secret; its value is in no answer."""

    model_config = example(SECRET)

    name: str
    set_at: datetime


class SecretList(Body):
    """The secrets of a pipeline, by name."""

    model_config = example({"items": [SECRET], "nextCursor": None})

    items: list[SecretBody]
    next_cursor: str | None = None
