"""One prediction over HTTP, as every dialect makes it: receive the input, run it, tell the log.

What the answer looks like is the dialect's own.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial

from starlette.requests import Request

from sluice.api.bodies import BODY_SETTING, FORM_OVERHEAD_BYTES, limited, stream
from sluice.api.leaving import unless_client_leaves
from sluice.api.middleware import HAS_OWN_LINE
from sluice.api.multipart import Multipart, is_multipart
from sluice.api.routing import check_bound, identity_of
from sluice.api.services import services
from sluice.api.spans import TRACE_HEADERS
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Identity, Role
from sluice.errors import BadRequest, FileMissing, SluiceError, Unprocessable
from sluice.logs import info, request_id
from sluice.workers.body import Body, SpooledBody, collect
from sluice.workers.call import Prediction
from sluice.workers.messages import STEPS, Inference

log = logging.getLogger("sluice.predictions")

DEADLINE_HEADER = "sluice-deadline"
_MS_KEYS = {step: step + "Ms" for step in ("queue", *STEPS)}
DEADLINE_PATTERN = r"^([0-9]{0,9}[1-9][0-9]{0,9}(\.[0-9]{1,9})?|0\.[0-9]{0,9}[1-9][0-9]{0,9})$"
_SECONDS = re.compile(DEADLINE_PATTERN)


async def read_input(request: Request) -> Body:
    """Return the whole input: the field `file` of a form, else the body itself. `SpooledBody.close` it if it is one.

    Raises:
        FileMissing: a form has no such field.
        Unprocessable: it has several.
        TooLarge: it is larger than `max_body_bytes`.
    """
    limit_bytes = services(request).settings.max_body_bytes
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        return await collect(stream(request, limit_bytes, setting=BODY_SETTING), limit_bytes)
    body: Body | None = None
    try:
        chunks = stream(request, limit_bytes, FORM_OVERHEAD_BYTES, setting=BODY_SETTING)
        async for part in Multipart(content_type, chunks).parts():
            if part.name == "file":
                if body is not None:
                    raise _file_error("Send one field 'file'; it is the input.")
                content = limited(part.content, limit_bytes, limit_bytes, setting=BODY_SETTING)
                body = await collect(content, limit_bytes)
        if body is None:
            message = "The form has no field 'file', which would be the input."
            raise FileMissing(message, fields={"file": message})
    except BaseException:
        if isinstance(body, SpooledBody):
            body.close()
        raise
    return body


async def predict(
    request: Request,
    kind: str,
    name: str,
    read: Callable[[Request], Awaitable[Body]] = read_input,
    *,
    trace: bool = False,
    inference: Inference | None = None,
) -> Prediction:
    """Return the answer to one request, which has its line in the log then; the client may leave meanwhile.

    Args:
        request: may shorten the deadline by the header `Sluice-Deadline`.
        kind: `pipeline` or `model`.
        name: of it.
        read: receives the input; isn't called where a call couldn't be run.
        trace: whether to look at what each step is given and returns.
        inference: what is to know of an input that is a request of the Open Inference Protocol.

    Raises:
        NotFound: nothing has that name. For the rest see `prediction.service.Predictions.submit`.
        NotAllowed: the caller may not run it.
    """
    request.scope[HAS_OWN_LINE] = True
    predictions = services(request).predictions
    started_at = time.perf_counter()
    body: Body | None = None
    outcome: Prediction | SluiceError | None = None
    try:
        within_s = deadline_s(*request.headers.getlist(DEADLINE_HEADER))
        caller = identity_of(request).caller
        with predictions.expecting(kind, name, _declared_bytes(request), request_id.get(), caller):
            body = await read(request)
        # Again: by now the name may be another pipeline's.
        check_prediction(identity_of(request), services(request).current.value, kind, name)
        running = predictions.submit(kind, name, body, within_s, trace, inference, caller)
        outcome = answer = await unless_client_leaves(request, running)
    except SluiceError as error:
        outcome = error
        raise
    finally:
        size_bytes = None if body is None else len(body)
        log_prediction(kind, name, request_id.get(), started_at, size_bytes, outcome)
        if isinstance(body, SpooledBody):
            body.close()
        if spans := services(request).spans:
            headers = {header: request.headers.get(header, "") for header in TRACE_HEADERS}
            spans.add(kind, name, request_id.get(), started_at, outcome, headers)
    return answer


def check_prediction(identity: Identity, snapshot: Snapshot, kind: str, name: str) -> None:
    """Refuse a caller who is bound to other pipelines; it costs others nothing.

    Raises:
        NotAllowed: the caller may not run this.
    """
    if identity.role is Role.PREDICT:
        check_bound(identity, partial(snapshot.pipeline if kind == "pipeline" else snapshot.model, name))


def deadline_s(*values: str) -> float | None:
    """Return the seconds that the header `Sluice-Deadline` says; None where there is none.

    Args:
        values: of each such header.

    Raises:
        BadRequest: it is no positive decimal number, or there are several.
    """
    if not values:
        return None
    if len(values) != 1 or not _SECONDS.fullmatch(values[0]):
        raise BadRequest("The header Sluice-Deadline must be a number of seconds above 0, such as 1.5.")
    return float(values[0])


def log_prediction(
    kind: str,
    name: str,
    request: str,
    started_at: float,
    size_bytes: int | None,
    outcome: Prediction | SluiceError | None,
) -> None:
    """Write the one line that each prediction gets in the log.

    Args:
        kind: `pipeline` or `model`.
        name: of it, as the caller spelt it.
        request: its id.
        started_at: as `time.perf_counter` told it.
        size_bytes: of the body, if it came.
        outcome: without one something failed that nobody foresaw.
    """
    facts: dict[str, object] = {kind: name}
    if size_bytes is not None:
        facts["bytes"] = size_bytes
    if isinstance(outcome, Prediction):
        facts["outcome"] = "ok"
        for step, ms in outcome.timings_ms.items():
            facts[_MS_KEYS[step]] = ms
    elif outcome is not None:
        facts["outcome"] = outcome.code
        if "step" in outcome.details:
            facts["step"] = outcome.details["step"]
    facts["totalMs"] = (time.perf_counter() - started_at) * 1000
    info(log, "prediction", facts, request)


def server_timing(prediction: Prediction) -> str:
    """Return each step's milliseconds as a header's value.

    Source: W3C, Server Timing.
    """
    timings_ms = prediction.timings_ms
    return _timing_form(*timings_ms) % tuple(timings_ms.values())


@lru_cache(maxsize=64)
def _timing_form(*steps: str) -> str:
    return ", ".join([f"{step};dur=%.3f" for step in steps])


def _declared_bytes(request: Request) -> int:
    declared = request.headers.get("content-length", "")
    return min(int(declared), services(request).settings.max_body_bytes) if declared.isdecimal() else 0


def _file_error(message: str) -> Unprocessable:
    return Unprocessable(message, fields={"file": message})
