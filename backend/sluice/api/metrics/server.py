"""What is told of the server as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import get_args

from sluice import __version__
from sluice.api.connection_counts import Limit
from sluice.api.disk import Room
from sluice.api.metrics.family import Family, Sample
from sluice.api.services import Services
from sluice.api.upload_counts import UploadKind
from sluice.environments.known import State


@dataclass(frozen=True)
class Whole:
    """The server as it is now.

    Attributes:
        services: tell most of it.
        room: on its disk.
    """

    services: Services
    room: Room


def _info(whole: Whole) -> Iterator[Sample]:
    sandbox = whole.services.sandbox.level
    yield Sample(1, {"version": __version__, "onnxruntime": version("onnxruntime"), "sandbox": sandbox})


def _refused_connections(whole: Whole) -> Iterator[Sample]:
    for limit in get_args(Limit):
        yield Sample(whole.services.connection_counts.refused[limit], {"limit": limit})


def _uploads(whole: Whole) -> Iterator[Sample]:
    ended = whole.services.upload_counts.ended
    for kind in get_args(UploadKind):
        yield Sample(ended[kind, "ok"], {"kind": kind, "outcome": "ok"})
    for (kind, outcome), times in sorted(ended.items()):
        if outcome != "ok":
            yield Sample(times, {"kind": kind, "outcome": outcome})


def _uploaded_bytes(whole: Whole) -> Iterator[Sample]:
    for kind in get_args(UploadKind):
        yield Sample(whole.services.upload_counts.received_bytes[kind], {"kind": kind})


def _environments(whole: Whole) -> Iterator[Sample]:
    states = Counter(environment.state for environment in whole.services.environments.all())
    for state in get_args(State):
        yield Sample(states[state], {"state": state})


FAMILIES: tuple[Family[Whole], ...] = (
    Family("sluice_build_info", "gauge", "1; the labels tell versions, and how far scripts are confined.", _info),
    Family(
        "sluice_ready",
        "gauge",
        "1 while worker processes can be started, as the ready probe says; else 0.",
        lambda whole: [Sample(whole.services.supervisor.can_start)],
    ),
    Family(
        "sluice_queue_calls_limit",
        "gauge",
        "Predictions that may wait for each pipeline and model (SLUICE_QUEUE_CALLS).",
        lambda whole: [Sample(whole.services.settings.queue_calls)],
    ),
    Family(
        "sluice_connections",
        "gauge",
        "Connections that are open, without those that are too many and told so.",
        lambda whole: [Sample(whole.services.connection_counts.open)],
    ),
    Family(
        "sluice_connections_limit",
        "gauge",
        "Connections that may be open (SLUICE_MAX_CONNECTIONS, or fewer for the limit of open files).",
        lambda whole: [Sample(whole.services.connection_counts.most)],
    ),
    Family(
        "sluice_connections_refused",
        "counter",
        "Connections that were too many, by limit: all, or those of one address (SLUICE_MAX_CONNECTIONS_PER_ADDRESS).",
        _refused_connections,
    ),
    Family(
        "sluice_uploads", "counter", "Uploads that ended, by kind, and ok, failed or the code of the error.", _uploads
    ),
    Family("sluice_upload_bytes", "counter", "Bytes of the files that were uploaded.", _uploaded_bytes),
    Family("sluice_environments", "gauge", "Environments of scripts, by state.", _environments),
    Family(
        "sluice_disk_free_bytes",
        "gauge",
        "Bytes that are free where the data folder is.",
        lambda whole: [Sample(whole.room.free_bytes)],
    ),
    Family(
        "sluice_disk_size_bytes",
        "gauge",
        "Bytes of the file system where the data folder is.",
        lambda whole: [Sample(whole.room.total_bytes)],
    ),
    Family(
        "sluice_data_bytes",
        "gauge",
        "Bytes that the data folder takes, at most a minute ago.",
        lambda whole: [Sample(whole.room.data_bytes)],
    ),
)
