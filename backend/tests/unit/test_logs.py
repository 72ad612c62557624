"""Log lines: one each, whatever callers write into them; in order, and together per turn of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from sluice import logs

FACTS = {"pipeline": "a\nb", "bytes": 5, "modelMs": 1.23456}
log = logging.getLogger("sluice.tried")


class Stream(io.StringIO):
    """Standard error from `configure` on: pytest puts its own there between a fixture and its test."""

    writes = 0

    def configure(self, level: str, form: str) -> None:
        with contextlib.redirect_stderr(self):
            logs.configure(level, form)

    def write(self, text: str, /) -> int:
        self.writes += 1
        return super().write(text)


@pytest.fixture
def stream() -> Iterator[Stream]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield Stream()
    logs._ours.clear()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_short_way_writes_the_same_line(stream: Stream, form: str) -> None:
    stream.configure("info", form)
    logs.info(log, "prediction", FACTS, "r1")
    token = logs.request_id.set("r1")
    log.info("prediction", extra={"facts": FACTS})
    logs.request_id.reset(token)
    short, long = (re.sub(r"\d\d:\d\d:[\d.]+Z", "", line) for line in stream.getvalue().splitlines())
    assert short == long
    if form == "text":
        assert short.endswith(" INFO sluice.tried [r1] prediction pipeline=a\\nb bytes=5 modelMs=1.23")
    else:
        told = json.loads(short)
        assert (told["pipeline"], told["modelMs"], told["requestId"]) == ("a\nb", 1.23, "r1")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_caller_forges_a_line(stream: Stream, form: str) -> None:
    stream.configure("info", form)
    log.info("said %s", "a\r\nb\u2028c\x1b[31m")
    logs.info(log, "prediction", {"pipeline": "x\n2026 INFO"}, "r")
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()


def test_a_traceback_stands_below_its_line(stream: Stream) -> None:
    stream.configure("info", "text")
    try:
        raise ValueError("no")
    except ValueError:
        log.exception("it failed")
    assert stream.getvalue().splitlines()[-1] == "ValueError: no"


def test_a_level_that_isnt_wanted_is_not_written(stream: Stream) -> None:
    stream.configure("warning", "text")
    logs.info(log, "prediction", FACTS, "r")
    assert stream.getvalue() == ""


async def test_the_lines_of_one_turn_are_one_write_in_order(stream: Stream) -> None:
    stream.configure("info", "text")
    for number in range(50):
        logs.info(log, f"n{number}", {}, "r")
        log.warning("w%s", number)
    assert stream.writes == 0
    await asyncio.to_thread(log.info, "from a thread")
    assert stream.writes <= 2
    said = [line.split("] ")[1] for line in stream.getvalue().splitlines()]
    assert said == [text for number in range(50) for text in (f"n{number}", f"w{number}")] + ["from a thread"]


def test_another_listener_gets_records(stream: Stream, caplog: pytest.LogCaptureFixture) -> None:
    stream.configure("info", "text")
    logging.getLogger().addHandler(caplog.handler)
    logs.info(log, "prediction", FACTS, "r")
    (record,) = caplog.records
    assert record.getMessage() == "prediction"
    assert stream.getvalue().count("prediction") == 1
