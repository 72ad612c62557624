"""Versions, limits and room."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from starlette.requests import Request

from sluice import __version__
from sluice.api.native.answers import Answer
from sluice.api.native.operation import operation
from sluice.api.native.schemas.system import DiskBody, SandboxBody, SystemBody
from sluice.api.native.tags import SYSTEM
from sluice.api.services import services
from sluice.entities import Policy


@operation(SYSTEM)
async def get_system(request: Request) -> Answer[SystemBody]:
    """Tell what a client may want to know before it sends something large."""
    found = services(request)
    return Answer(
        SystemBody(
            version=__version__,
            started_at=found.started_at,
            max_upload_bytes=found.settings.max_upload_bytes,
            max_body_bytes=found.settings.max_body_bytes,
            deadline_s=found.settings.deadline_s,
            workers=found.supervisor.limits.workers_of(Policy()),
            intra_op_threads=found.settings.intra_op_threads,
            memory_mb=found.settings.memory_mb,
            scratch_mb=found.settings.scratch_mb,
            threads=found.settings.threads,
            network=found.settings.network,
            max_answer_bytes=found.settings.max_answer_bytes,
            onnxruntime=version("onnxruntime"),
            sandbox=SandboxBody(**asdict(found.sandbox)),
            disk=DiskBody(**asdict(await found.disk.room())),
        )
    )
