"""What the tests with schemathesis add to it; schemathesis loads this."""

from __future__ import annotations

import re

import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.openapi.checks import IgnoredAuth
from schemathesis.specs.openapi.checks import allow_header_conformance, ignored_auth

from sluice.api.versions import TAGS_PATTERN

BESIDE_NAMES = frozenset({"/resources/check", "/pipelines/check"})
"""Something may have the name `check`: then these paths have its methods too."""

REASONS = {
    "invalid-name": "names aren't like files' paths and have no characters that can't be seen",
    "invalid-model": "random bytes are no model",
    "invalid-script": "random bytes are no script",
    "invalid-pipeline": "it names parts that aren't there, or that don't fit",
    "prediction-failed": "the input doesn't fit the model",
    "idempotency-key-reused": "the example of a key was used before, for something else",
    "empty-upload": "a file has at least a byte",
}
"""The codes by which a request is refused that the document allows, for what no schema can say."""

FIELDS = {
    "cursor": "it is none that the list gave",
    "expiresAt": "it lies in the past",
    "fileName": "a bare file needs it, a form doesn't",
    "file": "the files of a form aren't one model and its data",
    "password": "it has characters that can't be seen, or looks like a token",
    "new": "likewise",
    "pipelines": "the role PREDICT needs some that are there, no other role does",
    "description": "characters that can't be seen are refused",
}
"""The fields for which the code is `unprocessable`."""


@schemathesis.check
def allow_header(ctx: CheckContext, response: Response, case: Case) -> None:
    """Have the header Allow tell the methods of the document."""
    if case.operation.path not in BESIDE_NAMES:
        allow_header_conformance(ctx, response, case)


@schemathesis.check
def enforced_auth(ctx: CheckContext, response: Response, case: Case) -> None:
    """Have each operation refuse wrong credentials; of too many, it refuses them unseen."""
    try:
        ignored_auth(ctx, response, case)
    except IgnoredAuth as failure:
        if "429 Too Many Requests" not in failure.message:
            raise


@schemathesis.check
def refused_for_a_reason(ctx: CheckContext, response: Response, case: Case) -> None:
    """Let requests that the document allows be refused for a known reason only."""
    allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if not allowed or response.status_code not in (400, 422):
        return
    problem = response.json()
    fields = {error["field"] for error in problem.get("errors", ())}
    known = problem["code"] in REASONS or (problem["code"] == "unprocessable" and fields and fields <= FIELDS.keys())
    assert known or not _has_documented_tags(case), f"a valid request was refused: {problem}"


def _has_documented_tags(case: Case) -> bool:
    """Tell whether `If-Match` is as the document says; the phase `coverage` takes 0 for it where it is optional."""
    return re.fullmatch(TAGS_PATTERN, str((case.headers or {}).get("If-Match", "*"))) is not None
