"""Messages as bytes, and bytes as messages again; see `messages` for what crosses and `frames` for how it is cut.

What comes from a worker may be hostile: nothing but numbers and JSON is ever read.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import asdict, fields
from typing import Any, TypeVar, get_args

from sluice.workers.depth import is_deeper
from sluice.workers.messages import STEPS, Answer, Failure, Inference, Message, Run

PREFIX = struct.Struct("!IQ")
MAX_HEADER_BYTES = 8 << 20
_MAX_DURATION_MS = 1e9
_MOST_BYTES = 1 << 53
_MOST_NESTED = 50  # ours are by far shallower; what is hardly read could not be written again
_KINDS: dict[str, type[Message]] = {message.kind: message for message in get_args(Message)}


class BrokenFrame(Exception):
    """What came is no frame of ours: the other side can't be trusted any more."""


_ANSWER = b"A"
_RUN = {
    b"R": Run(),
    b"D": Run(by_descriptor=True),
    b"T": Run(trace=True),
    b"U": Run(by_descriptor=True, trace=True),
}
_RUN_LETTERS = {run: letter for letter, run in _RUN.items()}


def _refuse(token: str) -> float:
    raise ValueError(f"{token} is no number in JSON")


def _finite(token: str) -> float:
    number = float(token)
    return number if math.isfinite(number) else _refuse(token)


_JSON = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)  # parts of it go on to callers as they are
_NUMBERS = struct.Struct(f"=QQ?{len(STEPS)}d")  # an answer's, durations last; a step that didn't run has -1


def encode_packet(message: Message) -> bytes:
    """Return a message as one packet, or as the header of a frame."""
    if isinstance(message, Answer):
        times = [message.timings_ms.get(step, -1.0) for step in STEPS]
        return _ANSWER + _NUMBERS.pack(message.number, message.head_bytes, message.compressed, *times)
    if isinstance(message, Run) and message.inference is None:
        return _RUN_LETTERS[message]
    return json.dumps({"kind": message.kind, **asdict(message)}, separators=(",", ":")).encode()


def encode(message: Message, body_size: int = 0) -> bytes:
    """Return prefix and header of a frame; `body_size` raw bytes are to follow."""
    return encode_again(encode_packet(message), body_size)


def encode_again(packet: bytes, body_size: int) -> bytes:
    """Return the same of a message that is a packet already."""
    return PREFIX.pack(len(packet), body_size) + packet


def decode(header: bytes | bytearray) -> Message:
    """Return the message that a header says.

    Raises:
        BrokenFrame: it is no message of ours. The sender may be hostile: nothing but numbers and JSON is read.
    """
    try:
        if header[:1] == _ANSWER:
            number, head_bytes, compressed, *times = _NUMBERS.unpack_from(header, 1)
            if not sum(times) < _MAX_DURATION_MS:  # nor is it where one of them is no number
                raise ValueError("no durations")
            if not _is_count(head_bytes):
                raise ValueError("no number of bytes")
            timings_ms = {step: ms for step, ms in zip(STEPS, times, strict=True) if ms >= 0.0}
            return Answer(timings_ms, number, head_bytes, compressed)
        if run := _RUN.get(bytes(header[:1])):
            return run
        data = _JSON.decode(header.decode())
        return _build(_KINDS[data.pop("kind")], data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error) as error:
        raise BrokenFrame(f"not a message: {error}") from None


M = TypeVar("M", Message, Failure, Inference)

_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "str | None": (str, type(None)),
    "int | None": (int, type(None)),
    "dict[str, Any]": (dict,),
    "dict[str, Any] | None": (dict, type(None)),
    "dict[str, str]": (dict,),
    "list[dict[str, Any]]": (list,),
    "list[str]": (list,),
}


def _build(kind: type[M], data: dict[str, Any]) -> M:
    values = dict(data)
    for known in fields(kind):
        if known.name not in values:
            continue
        value = values[known.name]
        if known.type == "Failure":
            values[known.name] = _build(Failure, value)
        elif known.type == "Inference | None":
            values[known.name] = None if value is None else _build(Inference, value)
        elif known.name == "step":
            values[known.name] = _step(value)  # failures are counted by it
        elif known.type == "dict[str, float]":
            values[known.name] = {_step(name): _duration(number) for name, number in value.items()}
        elif not isinstance(value, _PLAIN[str(known.type)]):
            raise TypeError(f"{known.name} is a {type(value).__name__}")
        elif known.name == "head_bytes" and value is not None and not _is_count(value):
            raise ValueError("no number of bytes")
        elif known.name == "trace" and is_deeper(value, _MOST_NESTED):
            raise ValueError("a trace that is nested too deep")
    return kind(**values)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST_BYTES  # it goes into a header


def _step(name: str) -> str:
    if name not in STEPS:
        raise ValueError("no such step")
    return name


def _duration(ms: float) -> float:
    # Not only a number: it goes into a header, and into means.
    if not 0 <= ms < _MAX_DURATION_MS:
        raise ValueError("no duration")
    return float(ms)
