"""What an error's body holds, by its class; the keys beside the common ones are here.

Source: RFC 9457.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.alias_generators import to_camel

from sluice import errors
from sluice.api.errors import status_of


class FieldProblem(BaseModel):
    """What is wrong with one field or parameter of the request."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong: `code` is for programs, `detail` for people."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", frozen=True, defer_build=True)

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str = Field(description="Of the request: every line of the log that it caused has it.")
    errors: list[FieldProblem] = Field([], description="Where fields of the request are to blame.")


class _WithPipelines(Problem):
    pipelines: list[str] = Field(description="The names of those that need it.", examples=[["digits"]])


class _WithModel(Problem):
    model: str = Field(description="The model's name.", examples=["digits"])


class _WithLimit(Problem):
    limit_bytes: int = Field(examples=[524288000])


class _WithPlace(Problem):
    line: int = Field(0, description="Of the script, from 1.")
    column: int = Field(0, description="From 1.")
    line_text: str = ""


class _WithStep(Problem):
    step: str = Field("", description="Where it happened.", examples=["pre-processing", "model", "post-processing"])
    kind: str = Field("", description="A word for programs.", examples=["script-raised", "wrong-shape"])
    script: str = ""
    line: int = Field(0, description="Of the script, from 1.")
    line_text: str = ""
    exception: str = ""
    printed: str = Field("", description="What the scripts printed in this call.")
    input: str = Field("", description="The model's input that is to blame.")
    trace: dict[str, Any] = Field({}, description="As a prediction's with `?trace=true`, as far as the call came.")


_DETAILS: Mapping[type[errors.SluiceError], type[Problem]] = {
    errors.InUse: _WithPipelines,
    errors.ModelInactive: _WithModel,
    errors.TooLarge: _WithLimit,
    errors.InvalidScript: _WithPlace,
    errors.InvalidPipeline: _WithStep,
    errors.PredictionFailed: _WithStep,
    errors.WorkerDied: _WithStep,
    errors.NotAvailable: _WithStep,
    errors.QueueFull: _WithStep,
    errors.RateExceeded: _WithStep,
    errors.PipelineBroken: _WithStep,
    errors.DeadlineExceeded: _WithStep,
}


def _errors() -> Iterator[type[errors.SluiceError]]:
    for _, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, errors.SluiceError) and found is not errors.SluiceError:
            yield found


def _problem(name: str, base: type[Problem], code: str, status: int, doc: str) -> type[Problem]:
    detail = {"type": f"urn:sluice:problem:{code}", "title": code.replace("-", " ").capitalize(), "detail": doc}
    example: dict[str, Any] = {**detail, "status": status, "code": code, "requestId": "6f1c0a52"}
    example |= {
        to_camel(name): field.examples[0]
        for name, field in base.model_fields.items()
        if field.examples and field.is_required()
    }
    fields: dict[str, Any] = {"code": (Literal[code], ...), "status": (Literal[status], ...)}
    made: type[Problem] = create_model(name, __base__=base, __doc__=doc, **fields)
    made.model_config["json_schema_extra"] = {"examples": [example]}
    return made


PROBLEMS: Mapping[type[errors.SluiceError], type[Problem]] = {
    error: _problem(
        f"{error.__name__}Problem",
        _DETAILS.get(error, Problem),
        error.code,
        status_of(error.__new__(error)),
        inspect.cleandoc(error.__doc__ or "").split("\n\n")[0],
    )
    for error in _errors()
}
"""The body of each error."""

INTERNAL = _problem(
    "InternalErrorProblem",
    Problem,
    "internal-error",
    500,
    "Something went wrong inside the server. Its log tells more under the request id.",
)
"""The body of the answer to an exception that nobody foresaw."""
