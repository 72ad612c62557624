"""The trace of one call: what its steps were given and returned, how long they took, where a script failed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from apps import running
from problems import LEAKS, assert_problem
from workers import Workers

from sluice.entities import Role

V1 = "/api/v1"
PRE = """
import os

import numpy as np

import helper


def process(content):
    print("got", len(content))
    if content == b"raise":
        helper.fail()
    if content == b"loop":
        while True:
            pass
    if content == b"die":
        os._exit(3)
    if content == b"wrong":
        return {"x": np.array([[1, 2], [3, 4]])}
    return {"x": np.frombuffer(content, np.uint8).astype(np.float32)}
"""
HELPER = """
def fail():
    values = {}
    # about to fail
    return values["nothing"]
    # never reached
"""
POST = """
def process(outputs):
    if outputs[0][0] == ord("L"):
        while True:
            pass
    return {"sum": outputs[0].sum(), "text": "done"}
"""
KEYS = {"queueMs", "overheadMs", "totalMs", "printed", "steps", "frames"}


def by_step(trace: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert trace.keys() == KEYS
    assert LEAKS.search(json.dumps(trace)) is None
    return {step["step"]: step for step in trace["steps"]}


async def test_each_step_is_told_with_what_it_was_given_and_returned(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), PRE, POST, files={"helper.py": HELPER})
    await workers.predict(target, b"warm")
    prediction = await workers.predict(target, b"\x01\x02\x03", trace=True)
    assert json.loads(bytes(prediction.body)) == {"sum": 6.0, "text": "done"}
    assert prediction.trace is not None
    steps = by_step(prediction.trace)
    assert list(steps) == ["pre-processing", "model", "post-processing", "output"]
    tensor = {
        "type": "tensor", "dtype": "float32", "shape": [3], "sizeBytes": 12, "first": [1, 2, 3],
        "min": 1, "max": 3, "mean": 2, "nanCount": 0,
    }  # fmt: skip
    assert steps["pre-processing"]["given"] == [{"type": "bytes", "sizeBytes": 3, "first": [r"b'\x01\x02\x03'"]}]
    assert steps["pre-processing"]["returned"] == steps["model"]["given"] == [{"name": "x", **tensor}]
    assert steps["model"]["returned"] == steps["post-processing"]["given"] == [{"name": "y", **tensor}]
    assert [fact["name"] for fact in steps["post-processing"]["returned"]] == ["sum", "text"]
    assert steps["output"]["returned"][0]["sizeBytes"] == len(prediction.body)
    assert prediction.trace["printed"] == "got 3\n"
    assert prediction.trace["frames"] == []
    assert steps["model"]["ms"] == round(prediction.timings_ms["model"], 3)
    told_ms = prediction.trace["queueMs"] + prediction.trace["overheadMs"] + sum(s["ms"] for s in steps.values())
    assert told_ms == pytest.approx(prediction.trace["totalMs"], abs=0.01)


async def test_a_model_without_scripts_and_with_values_that_are_no_tensors(workers: Workers) -> None:
    target = await workers.make(onnx_models.map_output())
    steps = by_step(await workers.trace(target, b'{"x": [[0.25, 0.75]]}'))
    assert list(steps) == ["input", "model", "output"]
    assert steps["input"]["given"][0]["first"] == ["b'{\"x\": [[0.25, 0.75]]}'"]
    (output,) = steps["model"]["returned"]
    assert (output["type"], output["length"]) == ("list", 1)
    assert list(output["first"][0].values()) == [0.25, 0.75]


async def test_what_post_processing_changes_in_place_is_told_as_it_was_before_and_after(workers: Workers) -> None:
    change = "def process(outputs):\n    outputs[0][0] = 9\n    return outputs\n"
    target = await workers.make(onnx_models.identity(), None, change)
    steps = by_step(await workers.trace(target, b'{"x": [1]}'))
    assert steps["post-processing"]["given"][0]["first"] == [1]
    assert steps["post-processing"]["returned"][0]["first"] == ["<tensor float32 (1,)>"]


@pytest.mark.parametrize("trace", [False, True])
async def test_a_failed_call_is_told_with_its_frames(workers: Workers, trace: bool) -> None:
    target = await workers.make(onnx_models.identity(), PRE, files={"helper.py": HELPER})
    told = (await workers.failure(target, b"raise", trace))["trace"]
    steps = by_step(told)
    assert list(steps) == ["pre-processing"]
    assert steps["pre-processing"]["given"][0]["first"] == ["b'raise'"]
    assert told["printed"] == "got 5\n"
    outer, inner = told["frames"]
    assert (outer["script"], outer["line"], outer["function"]) == ("pre.py", 12, "process")
    assert (inner["script"], inner["line"], inner["function"]) == ("helper.py", 5, "fail")
    assert inner["source"] == [
        {"line": line, "text": text} for line, text in enumerate(HELPER.split("\n")[2:6], 3)
    ]  # fmt: skip


async def test_without_being_asked_for_only_the_failed_step_is_looked_at_and_not_at_all_values(
    workers: Workers,
) -> None:
    fails = "def process(outputs):\n    return 1 / 0\n"
    target = await workers.make(onnx_models.identity(), PRE, fails, files={"helper.py": HELPER})
    steps = by_step((await workers.failure(target, b"\x01"))["trace"])
    assert [step.keys() - {"step", "ms"} for step in steps.values()] == [set(), set(), {"given"}]
    (given,) = steps["post-processing"]["given"]
    assert given == {
        "name": "y", "type": "tensor", "dtype": "float32", "shape": [1], "sizeBytes": 4, "first": [1],
    }  # fmt: skip
    steps = by_step((await workers.failure(target, b"\x01", trace=True))["trace"])
    assert "min" in steps["model"]["given"][0] and "max" in steps["post-processing"]["given"][0]


async def test_what_doesnt_fit_the_model_is_told(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), PRE, files={"helper.py": HELPER})
    told = (await workers.failure(target, b"wrong"))["trace"]
    (returned,) = by_step(told)["pre-processing"]["returned"]
    assert (returned["name"], returned["dtype"], returned["shape"]) == ("x", "int64", [2, 2])
    assert told["frames"][0]["function"] == "process"


@pytest.mark.parametrize(
    ("body", "within_s", "expected"),
    [
        (b"loop", 0.3, ["pre-processing"]),
        (b"Loop", 0.3, ["pre-processing", "model", "post-processing"]),
        (b"die", None, ["pre-processing"]),
    ],
)
async def test_a_killed_call_is_told_as_far_as_it_came(
    workers: Workers, body: bytes, within_s: float | None, expected: list[str]
) -> None:
    target = await workers.make(onnx_models.identity(), PRE, POST, files={"helper.py": HELPER})
    for _ in range(2):
        await workers.predict(target, b"a longer call before, whose steps are none of this one's")
    failure = await workers.failure(target, body, within_s=within_s)
    steps = by_step(failure["trace"])
    assert list(steps) == expected
    assert failure["trace"]["printed"] == f"got {len(body)}\n"
    assert failure["step"] == expected[-1]
    if within_s:
        assert 100 < steps[expected[-1]]["ms"] < failure["trace"]["totalMs"]


async def test_a_call_that_never_ran_is_told_with_its_waiting(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), PRE, files={"helper.py": HELPER})
    await workers.predict(target, b"x")
    _, waiting = await asyncio.gather(
        workers.failure(target, b"loop", within_s=1.0), workers.failure(target, b"x", within_s=0.2)
    )
    assert waiting["step"] == "queue"
    assert by_step(waiting["trace"]) == {}
    assert waiting["trace"]["queueMs"] == waiting["trace"]["totalMs"] >= 150


async def test_a_page_that_a_script_filled_with_nonsense_is_harmless(workers: Workers) -> None:
    scrawl = """
import gc, mmap, os

def process(content):
    page = next(o for o in gc.get_objects() if type(o) is mmap.mmap)
    page[16:56] = content
    page[8] = 200
    os._exit(0)
"""
    target = await workers.make(onnx_models.identity(), scrawl)
    for content in (b"\xff" * 40, b"\0" * 40, bytes(range(40)), b"\x7f\xf0" * 20):
        failure = await workers.failure(target, content)
        assert "exit status 0" in failure["message"]
        for step in by_step(failure["trace"]).values():
            assert 0 <= step["ms"] <= failure["trace"]["totalMs"]


HOSTILE = """
class Text(str):
    def __str__(self): raise SystemExit
    __repr__ = __format__ = __len__ = __getitem__ = __str__

class Bad(Exception):
    def __str__(self): raise KeyboardInterrupt
    __repr__ = __str__

class Worse(Exception):
    __traceback__ = property(lambda self: 1 / 0)
    def __str__(self): return Text("text")

class BadSyntax(SyntaxError):
    pass

class Kind(type):
    __name__ = property(lambda self: 1 / 0)

class Unnamed(Exception, metaclass=Kind):
    pass

def recurse():
    recurse()

def process(content):
    if content == b"bad":
        raise Bad()
    if content == b"worse":
        raise Worse(Text("a"))
    if content == b"syntax":
        error = BadSyntax("no")
        error.filename, error.lineno, error.offset, error.text = 5, "x", [], Bad()
        raise error
    if content == b"syntax here":
        error = BadSyntax("no")
        error.filename, error.lineno, error.offset = __file__, 3, "1"
        raise error
    if content == b"unnamed":
        raise Unnamed()
    if content == b"long":
        raise ValueError("x" * 10_000_000)
    if content == b"lines":
        import linecache
        linecache.getlines = lambda *a: 1 / 0
        raise ValueError("\\ud800")
    if content == b"deep":
        recurse()
    if content == b"nested":
        value = []
        for _ in range(100_000):
            value = [value]
        return {"x": value, Text("y"): Text("z"), **{str(i) * 1000: value for i in range(10_000)}}
    if content == b"notes":
        error = ValueError("a")
        error.__notes__ = [Bad(), Text("b")]
        raise error
    raise BaseException(Text("b"))
"""


async def test_hostile_exceptions_and_values_end_their_own_call_only(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), HOSTILE)
    bodies = [
        b"bad", b"worse", b"syntax", b"syntax here", b"unnamed", b"long", b"lines", b"deep", b"nested", b"notes", b"",
    ]  # fmt: skip
    for trace in (False, True):
        for body in bodies:
            failure = await workers.failure(target, body, trace)
            assert failure["kind"] in ("script-raised", "unknown-key", "wrong-type"), (body, failure)
            assert len(json.dumps(failure)) < 300_000, body
            assert by_step(failure["trace"]).keys() == {"pre-processing"}, body
            if body == b"deep":
                assert len(failure["trace"]["frames"]) == 20
                assert failure["trace"]["frames"][0]["function"] == "process"


async def test_a_forged_trace_is_refused_where_it_is_no_json(workers: Workers) -> None:
    forge = """
import json, os, stat, struct
import numpy as np

def is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False

def process(content):
    header = b'{"kind":"traced","timings_ms":{},"number":1,"trace":' + content + b'}'
    os.write(next(filter(is_socket, range(64))), struct.pack("!IQ", len(header), 2) + header + b"{}")
    return {"x": np.zeros(1, np.float32)}
"""
    for trace in (b"NaN", b'{"steps": NaN}', b'{"steps": [1e999]}', b"[]", b'{"steps": ' + b"[" * 100_000 + b"}"):
        target = await workers.make(onnx_models.identity(), forge)
        assert "protocol" in (await workers.failure(target, trace, trace=True))["message"]
    target = await workers.make(onnx_models.identity(), forge)
    odd = await workers.trace(target, b'{"steps": 5, "printed": {}, "frames": null, "queueMs": "x", "more": 1}')
    assert by_step(odd) == {} and odd["printed"] is None and odd["frames"] == []


async def test_over_http(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        await admin.post(f"{V1}/models", params={"fileName": "double.onnx"}, content=onnx_models.double_it())
        await admin.post(f"{V1}/resources", params={"fileName": "post.py"}, content=b"def process(o): return o[0]")
        await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "double", "postProcessing": "post.py"})
        for path in ("pipelines/p", "models/double"):
            path = f"{V1}/{path}/predictions"
            plain = await admin.post(path, json={"x": [[1, 2, 3, 0.1]]})
            assert (await admin.post(path + "?trace=false", json={"x": [[1, 2, 3, 0.1]]})).text == plain.text
            traced = await admin.post(path + "?trace=true", json={"x": [[1, 2, 3, 0.1]]})
            assert traced.status_code == 200 and traced.headers["content-type"] == "application/json"
            assert traced.text.startswith(f'{{"output":{plain.text},"trace":{{')
            assert by_step(traced.json()["trace"])["model"]["given"][0]["name"] == "x"
            assert "model;dur=" in traced.headers["server-timing"]
            problem = assert_problem(await admin.post(path, json={"x": [[1]]}), 422, "prediction-failed")
            assert by_step(problem["trace"]).keys() == {"input"}
            for value in ("", "1", "True", "yes", "true&trace=true"):
                answer = await admin.post(f"{path}?trace={value}", content=b"{}")
                assert_problem(answer, 422, "unprocessable", fields=["trace"])
