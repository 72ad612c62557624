"""Checks of what isn't saved yet: the same judgement as when it is, and nothing is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import (
    BODY_SETTING,
    FORM_OVERHEAD_BYTES,
    MAX_JSON_BYTES,
    UPLOAD_SETTING,
    limited,
    parse_json,
    stream,
)
from sluice.api.leaving import unless_client_leaves
from sluice.api.multipart import Multipart, Part, is_multipart
from sluice.api.native.answers import Answer
from sluice.api.native.inputs import Query
from sluice.api.native.operation import Content, operation
from sluice.api.native.pipelines import new_pipeline
from sluice.api.native.problems import problem_body
from sluice.api.native.resources import limit_bytes
from sluice.api.native.schemas.checks import CheckedPipeline, CheckedResource, ScriptProblemBody
from sluice.api.native.schemas.pipelines import DraftBody
from sluice.api.native.tags import PIPELINES, RESOURCES
from sluice.api.native.uploading import BINARY
from sluice.api.services import Services, services
from sluice.catalog.checking import Checked
from sluice.catalog.uploads import Upload
from sluice.entities import ResourceKind
from sluice.errors import (
    BadRequest,
    DiskFull,
    EmptyUpload,
    InvalidName,
    InvalidScript,
    TooLarge,
    Unprocessable,
    UploadCutOff,
)
from sluice.logs import request_id
from sluice.workers.body import Body, SpooledBody, collect

_MOST_SOURCES = 20
_SOURCE = "source:"


@dataclass
class _Draft:
    """What a form holds."""

    pipeline: DraftBody | None = None
    sources: list[Upload] = field(default_factory=list)
    content: Body | None = None


class CheckQuery(Query):
    """What the text is to be."""

    name: str = Field(
        min_length=1,
        description="The script's name, with its ending: some of the checks go by it.",
        examples=["digits_pre.py"],
    )
    kind: ResourceKind | None = Field(None, description="By default `script` for `.py`, else `data`.")


_TEXT = Content({"text/plain": {"type": "string"}, "application/octet-stream": BINARY}, "The text.", required=False)


@operation(RESOURCES, errors=[BadRequest, InvalidName, TooLarge, UploadCutOff, DiskFull], takes=_TEXT)
async def check_resource(request: Request, query: CheckQuery) -> Answer[CheckedResource]:
    """Tell what is wrong with the text of a script, as an upload of it would.

    Nothing is kept. 200 also where the text is wrong; `ok` tells whether an upload would be taken.
    """
    found = services(request)
    limit = limit_bytes(found, query.name)
    try:
        staged = await found.files.receive(stream(request, limit, setting=UPLOAD_SETTING), limit)
    except EmptyUpload as empty:
        return _checked([ScriptProblemBody(line=None, column=None, message=empty.message, severity="error")])
    try:
        work = found.resources.inspect(Upload(query.name, staged), query.kind)
        inspected = await unless_client_leaves(request, work)
    except InvalidScript as bad:
        line, column = bad.details.get("line"), bad.details.get("column")
        return _checked([ScriptProblemBody(line=line, column=column, message=bad.message, severity="error")])
    finally:
        await found.files.discard(staged)
    problems = [
        ScriptProblemBody(line=warning.line, column=None, message=warning.message, severity="warning")
        for warning in inspected.warnings
    ]
    return _checked(problems, inspected.header.requires if inspected.header else ())


def _checked(problems: list[ScriptProblemBody], requires: tuple[str, ...] = ()) -> Answer[CheckedResource]:
    ok = all(problem.severity == "warning" for problem in problems)
    return Answer(CheckedResource(ok=ok, problems=problems, requires=list(requires)))


_DRAFT = Content(
    {
        "multipart/form-data": {
            "type": "object",
            "properties": {
                "pipeline": DraftBody,
                "input": BINARY,
            },
            "patternProperties": {r"^source:[a-z]+\.py$": BINARY},
            "required": ["pipeline"],
            "additionalProperties": False,
        }
    },
    "`pipeline` is the JSON of a new pipeline, whose `name` may be missing. `source:<name>` is a script's or module's "
    "text that isn't saved, in the place of the resource of that name; as often as needed. `input` is the sample; else "
    "it is the draft's own `sample`, else, without pre-processing, zeros of the model's shapes.",
)


@operation(
    PIPELINES,
    errors=[BadRequest, EmptyUpload, UploadCutOff, TooLarge, Unprocessable, DiskFull],
    takes=_DRAFT,
    gives=Content({"application/json": CheckedPipeline}, "What came of it."),
)
async def check_pipeline(request: Request) -> Response:
    """Tell whether a pipeline would load and how it would answer, with scripts that needn't be saved.

    It is loaded in workers of its own, and a sample is sent through it. Nothing is saved. 200, whatever is wrong with
    the draft: `problem` is what saving it, or a prediction, would have been answered.
    """
    found = services(request)
    async with found.checking.place(), _received(request, found) as draft:
        if draft.pipeline is None:
            raise _field_error("pipeline", "The form needs a field 'pipeline', with the JSON of a new pipeline.")
        work = found.checking.check(new_pipeline(draft.pipeline), draft.sources, draft.content)
        checked = await unless_client_leaves(request, work)
    return Response(_written(checked), media_type="application/json")


def _written(checked: Checked) -> bytes:
    """Return the answer; the output is finished JSON, and isn't read for that."""
    problem, prediction = checked.problem, checked.prediction
    facts = {
        "ok": problem is None,
        "loaded": checked.loaded,
        "ran": prediction is not None,
        "sample": checked.sample,
        "problem": problem_body(problem, request_id.get()) if problem else None,
        "trace": prediction.trace if prediction else problem.details.get("trace") if problem else None,
    }
    output = b"null" if prediction is None else prediction.body
    return b"".join((json.dumps(facts)[:-1].encode(), b',"output":', output, b"}"))


@asynccontextmanager
async def _received(request: Request, found: Services) -> AsyncIterator[_Draft]:
    """Receive a form; what it brought is gone when the block ends."""
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        raise BadRequest("Send a form (multipart/form-data) with the field 'pipeline'.")
    settings, draft = found.settings, _Draft()
    further = FORM_OVERHEAD_BYTES + _MOST_SOURCES * settings.max_script_bytes
    try:
        async for part in Multipart(
            content_type, stream(request, settings.max_body_bytes, further, setting=BODY_SETTING)
        ).parts():
            await _receive(part, draft, found)
        yield draft
    finally:
        if isinstance(draft.content, SpooledBody):
            draft.content.close()
        await asyncio.shield(asyncio.gather(*(found.files.discard(source.staged) for source in draft.sources)))


async def _receive(part: Part, draft: _Draft, found: Services) -> None:
    if part.name == "pipeline" and draft.pipeline is None:
        raw = b"".join([chunk async for chunk in limited(part.content, MAX_JSON_BYTES, MAX_JSON_BYTES)])
        draft.pipeline = parse_json(raw, DraftBody)
    elif part.name == "input" and draft.content is None:
        limit_bytes = found.settings.max_body_bytes
        content = limited(part.content, limit_bytes, limit_bytes, setting=BODY_SETTING)
        draft.content = await collect(content, limit_bytes)
    elif part.name.startswith(_SOURCE):
        await _receive_source(part, draft, found)
    elif part.name in ("pipeline", "input"):
        raise _field_error(part.name, "This field was given twice.")
    else:
        raise _field_error(part.name, "There is no such field; known are pipeline, source:<name of a script>, input.")


async def _receive_source(part: Part, draft: _Draft, found: Services) -> None:
    name = part.name.removeprefix(_SOURCE)
    if not name.lower().endswith(".py"):
        raise _field_error(part.name, "Only Python files can be sent unsaved. Name one, as in 'source:pre.py'.")
    if len(draft.sources) == _MOST_SOURCES:
        raise _field_error(part.name, f"Send at most {_MOST_SOURCES} sources.")
    if any(name == source.file_name for source in draft.sources):
        raise _field_error(part.name, "This field was given twice.")
    limit = found.settings.max_script_bytes
    content = limited(part.content, limit, limit, setting=UPLOAD_SETTING)
    draft.sources.append(Upload(name, await found.files.receive(content, limit)))


def _field_error(name: str, message: str) -> Unprocessable:
    return Unprocessable(message, fields={name: message})
