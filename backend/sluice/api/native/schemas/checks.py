"""What checks of what isn't saved yet say."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sluice.api.native.schemas.base import Body
from sluice.api.native.schemas.problems import Problem


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


class CheckedPipeline(Body):
    """What would come of saving a pipeline and sending it a sample."""

    ok: bool
    loaded: bool
    ran: bool = Field(description="Whether the sample got its answer, which is `output`.")
    sample: Literal["input", "stored", "made"] | None
    problem: Problem | None
    trace: dict[str, Any] | None
    output: Any
