"""Traces for OpenTelemetry, from a real server to a real receiver."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import onnx_models
from apps import served
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

V1 = "/api/v1"
TOKEN = "slc_" + "0" * 40
TRACE_ID, PARENT_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PRE = b"""
import numpy as np

def process(content):
    if content == b"raise":
        raise ValueError("no such thing")
    return {"x": np.zeros((1, 4), np.float32)}
"""


class Receiver(ThreadingHTTPServer):
    """Takes traces as a collector does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiving)
        self.requests: list[ExportTraceServiceRequest] = []

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/traces":
            self.server.requests.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@asynccontextmanager
async def traced(data_dir: Path, **settings: str) -> AsyncIterator[httpx2.AsyncClient]:
    settings |= {"SLUICE_ADMIN_TOKEN": TOKEN, "SLUICE_WORKERS": "1"}
    async with served(data_dir, **settings) as server:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(base_url=server.url, headers=headers) as client:
            await client.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
            await client.post(f"{V1}/resources", params={"fileName": "pre.py"}, content=PRE)
            made = {"name": "p", "model": "m", "preProcessing": "pre.py"}
            assert (await client.post(f"{V1}/pipelines", json=made)).status_code == 201
            yield client


async def ask(client: httpx2.AsyncClient, content: bytes, request: str, flags: str = "", form: bool = False) -> int:
    headers = {"X-Request-Id": request}
    if flags:
        headers["traceparent"] = f"00-{TRACE_ID}-{PARENT_ID}-{flags}"
    url = f"{V1}/pipelines/p/predictions"
    if form:
        return (await client.post(url, files={"file": ("x", content)}, headers=headers)).status_code
    return (await client.post(url, content=content, headers=headers)).status_code


def attributes(span: Span) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in span.attributes}


async def test_each_prediction_is_a_span_with_its_steps_below(data_dir: Path) -> None:
    with receiver() as collector:
        endpoint = f"http://127.0.0.1:{collector.server_port}/"
        async with traced(data_dir, SLUICE_OTLP_ENDPOINT=endpoint) as client:
            # A form goes the ordinary way, plain bytes take the shortcut.
            assert await ask(client, b"x", "direct", "01") == 200
            assert await ask(client, b"x", "form", "01", form=True) == 200
            assert await ask(client, b"raise", "fails", "01") == 422
            assert await ask(client, b"x", "own") == 200
            assert await ask(client, b"x", "unsampled", "00") == 200
        spans = collector.spans  # all of them: the server sends what waits before it ends
    whole = {attributes(span)["sluice.request_id"]: span for span in spans if span.name == "predict p"}
    assert whole.keys() == {"direct", "form", "fails", "own"}
    steps = {
        request: [span for span in spans if span.parent_span_id == each.span_id] for request, each in whole.items()
    }
    assert sum(map(len, steps.values())) + len(whole) == len(spans)
    for request in ("direct", "form", "fails"):
        assert whole[request].trace_id.hex() == TRACE_ID
        assert whole[request].parent_span_id.hex() == PARENT_ID
    assert whole["own"].trace_id.hex() != TRACE_ID and not whole["own"].parent_span_id
    for request, each in whole.items():
        assert each.kind == Span.SPAN_KIND_SERVER
        assert attributes(each)["sluice.pipeline"] == "p"
        for step in steps[request]:
            assert step.trace_id == each.trace_id
            began, ended = step.start_time_unix_nano, step.end_time_unix_nano
            assert each.start_time_unix_nano <= began <= ended <= each.end_time_unix_nano
        if request != "fails":
            assert [step.name for step in steps[request]] == ["queue", "pre-processing", "model", "output"]
            assert attributes(each)["sluice.outcome"] == "ok"
            assert each.status.code == Status.STATUS_CODE_UNSET
    assert [step.name for step in steps["fails"]] == ["queue", "pre-processing"]
    assert attributes(whole["fails"])["error.type"] == "prediction-failed"
    assert whole["fails"].status.code == steps["fails"][1].status.code == Status.STATUS_CODE_ERROR
    resource = collector.requests[0].resource_spans[0].resource
    told = {pair.key: pair.value.string_value for pair in resource.attributes}
    assert told["service.name"] == "sluice"


async def test_a_collector_that_is_away_costs_no_prediction(data_dir: Path) -> None:
    with receiver() as collector:
        endpoint = f"http://127.0.0.1:{collector.server_port}"
    async with traced(data_dir, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint) as client:
        for number in range(20):
            assert await ask(client, b"x", f"n{number}") == 200


def test_nothing_of_it_is_imported_unless_it_is_wanted() -> None:
    code = "import sys, sluice.server; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
