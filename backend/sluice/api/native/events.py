"""What changes, as it changes."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sluice.api.guard import known
from sluice.api.native.operation import Content, operation
from sluice.api.native.tags import SYSTEM
from sluice.api.services import services
from sluice.entities import Role
from sluice.errors import NotSignedIn

# nginx and those that follow it would keep events back until they have some kilobytes.
_HEADERS = {"X-Accel-Buffering": "no"}
_MEDIA_TYPE = "text/event-stream"


_STREAM = Content(
    {_MEDIA_TYPE: {"type": "string"}},
    "Server-sent events: `event: changed`, and as `data` a JSON object with `what` (any of `pipelines`, `models`, "
    "`resources`, `states`, `environments`, `statistics`) and `names`, which is empty where more than 100 changed.",
)


@operation(SYSTEM, gives=_STREAM)
async def stream_events(request: Request) -> Response:
    """Tell what changes until the caller leaves, is signed out, or the server stops.

    What changed within a quarter of a second comes together. It tells nothing of the time before it was opened.
    """
    found = services(request)
    found.events.check_room()
    if request.method == "HEAD":
        return Response(headers=_HEADERS, media_type=_MEDIA_TYPE)

    def is_welcome() -> bool:
        try:
            identity = known(found, request.scope, Headers(scope=request.scope))
        except NotSignedIn:
            return False
        return identity is not None and identity.role.allows(Role.READ)

    return StreamingResponse(found.events.stream(is_welcome), headers=_HEADERS, media_type=_MEDIA_TYPE)
