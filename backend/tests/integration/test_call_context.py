"""`sluice_call.context`: shared by the scripts of one call, and by nothing else."""

from __future__ import annotations

import onnx_models
from workers import Workers

PRE = """
import helper
import sluice_call
from sluice_call import context

def process(content):
    assert context is sluice_call.context is helper.context
    assert context == {}, context
    context["body"] = content.decode()
    if content == b"raise":
        raise ValueError
    if content == b"replace":
        sluice_call.context = {}
    return {"x": [1.0]}
"""
POST = """
from sluice_call import context

def process(outputs):
    return dict(context)
"""
HELPER = "from sluice_call import context\n"


async def test_it_is_empty_when_a_call_begins_and_reaches_post_processing(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), PRE, POST, files={"helper.py": HELPER})
    assert await workers.answer(target, b"first") == {"body": "first"}
    assert "ValueError" in (await workers.failure(target, b"raise"))["message"]
    assert await workers.answer(target, b"second") == {"body": "second"}
    assert "fill it" in (await workers.failure(target, b"replace"))["message"]
    assert await workers.answer(target, b"third") == {"body": "third"}


async def test_what_letting_go_of_it_does_is_the_calls_own_matter(workers: Workers) -> None:
    kills = """
import os
from sluice_call import context

class Kills:
    def __del__(self):
        os._exit(7)

def process(content):
    if content:
        context["last"] = Kills()
    return {"x": [1.0]}
"""
    target = await workers.make(onnx_models.identity(), kills)
    assert "exit status 7" in (await workers.failure(target, b"x"))["message"]
    assert await workers.answer(target) == {"y": [1.0]}


async def test_what_it_holds_is_let_go_when_the_call_ends(workers: Workers) -> None:
    watch = """
import weakref
from sluice_call import context

class Large:
    pass

last = lambda: None

def process(content):
    global last
    assert last() is None
    context["large"] = Large()
    last = weakref.ref(context["large"])
    return {"x": [1.0]}
"""
    target = await workers.make(onnx_models.identity(), watch)
    for _ in range(3):
        await workers.predict(target)


async def test_what_loading_and_late_threads_put_in_reaches_no_call(workers: Workers) -> None:
    late = """
import threading
from sluice_call import context

context["loading"] = 1
go = threading.Event()

def fill():
    go.wait()
    context["late"] = 1

def process(content):
    if content == b"start":
        threading.Thread(target=fill).start()
    if content == b"end":
        go.set()
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join()
    seen = sorted(context)
    context["call"] = 1
    raise ValueError(seen)
"""
    target = await workers.make(onnx_models.identity(), late)
    assert "ValueError: []" in (await workers.failure(target, b"start"))["message"]
    assert "['late']" in (await workers.failure(target, b"end"))["message"]  # it runs now, so it is this call's
    assert "ValueError: []" in (await workers.failure(target, b""))["message"]
