"""The servers that Sluice is measured beside; uvicorn runs each in two processes.

`bare_app` is as little as an HTTP server can do. `fastapi_app` is what one writes in ten lines instead of installing a
model server: the steps run in FastAPI's threads.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/predictions"
FOLDER, WORKLOAD, THREADS = "BENCHMARK_FOLDER", "BENCHMARK_WORKLOAD", "BENCHMARK_THREADS"
"""Environment variables that tell the processes what to serve."""

ANSWER = b'{"species":[0],"scores":[[0.9815769,0.018423,0.0000001]]}'


def bare_app() -> Starlette:
    """Return an application that receives the body and answers a constant."""
    return Starlette(routes=[Route(PATH, _receive, methods=["POST"])])


async def _receive(request: Request) -> Response:
    async for _ in request.stream():
        pass
    return Response(ANSWER, media_type="application/json")


def fastapi_app() -> FastAPI:
    """Return an application that runs the three steps."""
    import orjson
    from fastapi import FastAPI
    from fastapi.concurrency import run_in_threadpool

    from benchmarks.chain import Chain
    from benchmarks.workloads import workloads

    workload = workloads(Path(os.environ[FOLDER]))[os.environ[WORKLOAD]]
    chain = Chain(workload, int(os.environ[THREADS]))

    async def predict(request: Request) -> Response:
        answer = await run_in_threadpool(chain, await request.body())
        return Response(orjson.dumps(answer), media_type="application/json")

    app = FastAPI()
    app.add_api_route(PATH, predict, methods=["POST"])
    return app
