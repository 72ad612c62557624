"""Frames cross whole, in pieces of any size; what is no frame is refused before anything is allocated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sluice.workers.encoding import PREFIX, BrokenFrame, decode, encode
from sluice.workers.frames import FrameBody, Frames
from sluice.workers.messages import Answer, Failed, Failure, Inference, Message, Ready, Run, Traced, Weigh, Weighed


class Heard:
    def __init__(self, max_body_bytes: int = 10_000_000) -> None:
        self.frames: list[tuple[Message, bytes]] = []
        self.lost: list[str | None] = []
        self.protocol = Frames(self._on_frame, self.lost.append, max_body_bytes)

    def _on_frame(self, message: Message, body: FrameBody) -> None:
        self.frames.append((message, bytes(body)))

    def feed(self, data: bytes, piece: int) -> None:
        """Receive as a socket does: at most a piece at a time, and no more than there is room for."""
        while data and not self.lost:
            buffer = self.protocol.get_buffer(-1)
            took = min(piece, len(buffer), len(data))
            buffer[:took] = data[:took]
            del buffer
            self.protocol.buffer_updated(took)
            data = data[took:]


NESTED: Any = json.loads("[" * 60 + "]" * 60)
FAILED = Failed(Failure("model", "model-failed", "no", line=3, line_text="x"), {"model": 1.5})


@pytest.mark.parametrize(
    "message",
    [
        FAILED,
        Failed(FAILED.failure, {}, {"steps": [], "printed": "ü"}),
        Ready(),
        *(Run(by_descriptor, trace) for by_descriptor in (False, True) for trace in (False, True)),
        Run(True, inference=Inference("m", "1", 0)),
        Run(inference=Inference("ü", "1", None, "gzip", also_tensors=True)),
        Answer({"input": 0.0, "model": 1.5}),
        Answer({"input": 0.0, "model": 1.5}, 7, 1 << 40, compressed=True),
        Answer({}),
        Traced({"model": 1.5}, {"printed": None, "steps": [{"step": "model", "ms": 1.5}]}),
        Weigh(),
        Weighed("post.py: its global `seen` holds 812 MiB"),
    ],
)
def test_messages_survive(message: Message) -> None:
    assert decode(encode(message)[PREFIX.size :]) == message


def test_what_every_call_needs_is_no_json() -> None:
    """Tracing must not cost those calls anything that don't ask for it."""
    for by_descriptor in (False, True):
        for trace in (False, True):
            assert len(encode(Run(by_descriptor, trace))) == PREFIX.size + 1
    assert encode(Answer({"model": 1.0}))[PREFIX.size :].startswith(b"A")


@pytest.mark.parametrize(
    "header", [b'{"kind":"weighed","text":"a","x":NaN}', b'{"kind":"traced","timings_ms":{"model":1e999},"trace":{}}']
)
def test_numbers_that_json_has_not_are_refused(header: bytes) -> None:
    with pytest.raises(BrokenFrame, match="no number"):
        decode(header)


@pytest.mark.parametrize("piece", [1, 7, 1000, 10_000_000])
def test_frames_arrive_whole_in_any_pieces(piece: int) -> None:
    large = bytes(range(256)) * 2_000
    sent = [(Ready(), b""), (Answer({"model": 1.0}), b"small"), (Answer({}), large), (FAILED, b""), (Ready(), b"")]
    heard = Heard()
    heard.feed(b"".join(encode(message, len(body)) + body for message, body in sent), piece)
    assert heard.frames == sent
    assert not heard.lost


@pytest.mark.parametrize("piece", [1000, 10_000_000])
def test_a_header_larger_than_the_buffer(piece: int) -> None:
    long = Failed(Failure("model", "model-failed", "m" * 900_000), {})
    heard = Heard()
    heard.feed(encode(Ready()) + encode(long) + encode(Ready()), piece)
    assert [message for message, _ in heard.frames] == [Ready(), long, Ready()]


@pytest.mark.parametrize(
    "frame",
    [
        PREFIX.pack(1 << 30, 0),
        PREFIX.pack(20, 1 << 60),
        PREFIX.pack(4, 0) + b"nope",
        PREFIX.pack(2, 0) + b"[]",
        PREFIX.pack(16, 0) + b'{"kind":"other"}',
    ],
)
def test_forged_frames_are_refused(frame: bytes) -> None:
    heard = Heard()
    heard.feed(frame, 1000)
    assert not heard.frames
    assert len(heard.lost) == 1
    assert heard.lost[0]


@pytest.mark.parametrize(
    "header",
    [
        {"kind": "failed", "failure": {"step": "model", "kind": "a", "message": "b"}, "timings_ms": {"model": "fast"}},
        {"kind": "failed", "failure": {"step": "model", "kind": "a", "message": "b"}, "timings_ms": [1]},
        {"kind": "failed", "failure": {"step": 1, "kind": "a", "message": "b"}, "timings_ms": {}},
        {"kind": "failed", "failure": {"step": "made up", "kind": "a", "message": "b"}, "timings_ms": {}},
        {
            "kind": "failed",
            "failure": {"step": "model", "kind": "a", "message": "b"},
            "timings_ms": {},
            "trace": {"steps": NESTED},
        },
        {"kind": "traced", "timings_ms": {}, "trace": {"steps": NESTED}},
        {"kind": "answer", "timings_ms": {}, "head_bytes": -1},
        {"kind": "answer", "timings_ms": {}, "compressed": 1},
        {"kind": "failed", "failure": None, "timings_ms": {}},
        {"kind": "traced", "trace": [], "timings_ms": {}},
        {"kind": "ready", "more": 1},
    ],
)
def test_forged_fields_are_refused(header: dict[str, object]) -> None:
    with pytest.raises(BrokenFrame):
        decode(json.dumps(header).encode())


def test_an_answer_without_its_numbers_is_refused() -> None:
    with pytest.raises(BrokenFrame):
        decode(b"A123")


def test_nesting_bombs_are_refused() -> None:
    with pytest.raises(BrokenFrame):
        decode(b"[" * 100_000)
