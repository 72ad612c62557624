"""Versions, limits and room."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response

from sluice import __version__
from sluice.api.native.schemas import DiskBody, SandboxBody, SystemBody, json_response
from sluice.api.services import services
from sluice.entities import Policy


async def get_system(request: Request) -> Response:
    """Tell what a client may want to know before it sends something large."""
    found = services(request)
    return json_response(
        SystemBody(
            version=__version__,
            started_at=found.started_at,
            max_upload_bytes=found.settings.max_upload_bytes,
            max_body_bytes=found.settings.max_body_bytes,
            deadline_s=found.settings.deadline_s,
            workers=found.supervisor.limits.workers_of(Policy()),
            intra_op_threads=found.settings.intra_op_threads,
            memory_mb=found.settings.memory_mb,
            max_answer_bytes=found.settings.max_answer_bytes,
            onnxruntime=version("onnxruntime"),
            sandbox=SandboxBody(**asdict(found.sandbox)),
            disk=DiskBody(**asdict(await found.disk.room())),
        )
    )
