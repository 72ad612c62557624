"""Predictions as OpenTelemetry traces: a span for each, with a span below it for each step.

They are made when a prediction is over, from the times that are measured anyway, and sent in the background. Without
`SLUICE_OTLP_ENDPOINT` nothing of this is imported. The SDK reads its own variables, such as
`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` and `OTEL_RESOURCE_ATTRIBUTES`.

Source: W3C Trace Context; OpenTelemetry Protocol 1.x over HTTP.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sluice import __version__
from sluice.errors import NotFound, SluiceError
from sluice.storage.folder import CannotOpen
from sluice.workers.call import Prediction

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

TRACE_HEADERS = ("traceparent", "tracestate")
_SEND_S = 3.0
_CLOSE_S = 3.0


class Spans:
    """Sends a trace of each prediction, as part of the caller's own where that says so.

    Args:
        endpoint: address of a collector, without the path of the signal.

    Raises:
        CannotOpen: the SDK isn't installed.
    """

    def __init__(self, endpoint: str) -> None:
        try:
            from opentelemetry import trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import OTELResourceDetector, Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError as error:
            raise CannotOpen(
                f"SLUICE_OTLP_ENDPOINT (or OTEL_EXPORTER_OTLP_ENDPOINT) is set, but the OpenTelemetry SDK isn't "
                f"installed ({error}). Install it beside Sluice: pip install 'sluice[otel]'."
            ) from None
        ours = Resource({"service.name": "sluice", "service.version": __version__})
        self._provider: TracerProvider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
        self._exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_SEND_S)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("sluice", __version__)
        self._extract = TraceContextTextMapPropagator().extract
        self._server, self._in_context = trace.SpanKind.SERVER, trace.set_span_in_context
        self._failed = trace.Status(trace.StatusCode.ERROR)

    def add(
        self,
        kind: str,
        name: str,
        request: str,
        started_at: float,
        outcome: Prediction | SluiceError | None,
        headers: Mapping[str, str],
    ) -> None:
        """Trace a prediction that has just ended.

        Args:
            kind: `pipeline` or `model`.
            name: of it, as the caller spelt it.
            request: its id.
            started_at: as `time.perf_counter` told it.
            outcome: without one something failed that nobody foresaw.
            headers: `TRACE_HEADERS` of the request, as far as it has them.
        """
        ended_ns = time.time_ns()
        began_ns = ended_ns - int((time.perf_counter() - started_at) * 1e9)
        span = self._tracer.start_span(
            "predict" if isinstance(outcome, NotFound) else f"predict {name}",
            self._extract(headers),
            self._server,
            {f"sluice.{kind}": name, "sluice.request_id": request},
            start_time=began_ns,
        )
        if span.is_recording():
            span.set_attribute("sluice.outcome", "ok" if isinstance(outcome, Prediction) else _code_of(outcome))
            if not isinstance(outcome, Prediction):
                span.set_attribute("error.type", _code_of(outcome))
                span.set_status(self._failed)
            context = self._in_context(span)
            steps_ms = _steps_of(outcome)
            at_ns = max(began_ns, ended_ns - int(sum(ms for _, ms in steps_ms) * 1e6))
            failed_step = outcome.details.get("step") if isinstance(outcome, SluiceError) else None
            for step, ms in steps_ms:
                child = self._tracer.start_span(step, context, start_time=at_ns)
                if step == failed_step:
                    child.set_status(self._failed)
                at_ns = min(ended_ns, at_ns + int(ms * 1e6))
                child.end(at_ns)
        span.end(ended_ns)

    def close(self) -> None:
        """Send what waits, unless that takes too long; it blocks."""
        # What waits is tried again and again where the collector is away, but not once the exporter is shut down.
        end = threading.Timer(_CLOSE_S, self._exporter.shutdown)
        end.start()
        self._provider.shutdown()
        end.cancel()


def _code_of(outcome: SluiceError | None) -> str:
    return outcome.code if outcome else "internal-error"


def _steps_of(outcome: Prediction | SluiceError | None) -> list[tuple[str, float]]:
    """Return the milliseconds of each step that is known, in their order."""
    if isinstance(outcome, Prediction):
        return list(outcome.timings_ms.items())
    trace: dict[str, Any] = (outcome.details.get("trace") if outcome else None) or {}
    steps = [("queue", trace.get("queueMs")), *((each.get("step"), each.get("ms")) for each in trace.get("steps", ()))]
    return [(step, ms) for step, ms in steps if isinstance(step, str) and isinstance(ms, float | int) and ms >= 0]
