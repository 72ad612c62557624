"""Checks of what isn't saved yet: the same judgement as when it is, and nothing is kept."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import stream
from sluice.api.leaving import unless_client_leaves
from sluice.api.native.resources import kind_of_text, limit_bytes
from sluice.api.native.schemas import CheckedResource, ScriptProblemBody, json_response
from sluice.api.services import services
from sluice.catalog.uploads import Upload
from sluice.errors import EmptyUpload, InvalidScript, Unprocessable


async def check_resource(request: Request) -> Response:
    """Tell what is wrong with the text of a script, as an upload of it would."""
    found = services(request)
    name = request.query_params.get("name")
    if not name:
        message = "Name the script by ?name=, with its ending: some of the checks go by it."
        raise Unprocessable(message, fields={"name": message})
    kind = kind_of_text(request.query_params.get("kind"))
    limit = limit_bytes(found, name)
    try:
        staged = await found.files.receive(stream(request, limit), limit)
    except EmptyUpload as empty:
        return _checked([ScriptProblemBody(line=None, column=None, message=empty.message, severity="error")])
    try:
        work = found.resources.inspect(Upload(name, staged), kind)
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


def _checked(problems: list[ScriptProblemBody], requires: tuple[str, ...] = ()) -> Response:
    ok = all(problem.severity == "warning" for problem in problems)
    return json_response(CheckedResource(ok=ok, problems=problems, requires=list(requires)))
