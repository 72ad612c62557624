"""A call that isn't traced runs nothing of what traces calls."""

from __future__ import annotations

import httpx2
import onnx_models

V1 = "/api/v1"
PRE = """
import collections, os, sys
import numpy as np

files = collections.Counter()

def count(frame, event, argument):
    if event == "call":
        files[os.path.basename(frame.f_code.co_filename)] += 1

def process(content):
    files.clear()
    sys.setprofile(count)
    return {"x": np.ones(3, np.float32)}
"""
POST = """
import sys

def process(outputs):
    sys.setprofile(None)
    return dict(sys.modules["sluice_pre_processing"].files)
"""
TRACING = {"call_trace.py", "facts.py", "statistics.py", "own_frames.py"}


async def test_nothing_looks_at_values_unless_it_is_asked_for(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=onnx_models.identity())
    for name, source in (("pre.py", PRE), ("post.py", POST)):
        await admin.post(f"{V1}/resources?fileName={name}", content=source.encode())
    parts = {"name": "p", "model": "m", "preProcessing": "pre.py", "postProcessing": "post.py"}
    assert (await admin.post(f"{V1}/pipelines", json=parts)).status_code == 201
    predictions = f"{V1}/pipelines/p/predictions"
    traced = (await admin.post(f"{predictions}?trace=true", content=b"")).json()
    assert TRACING & traced["output"].keys(), "the files have other names now"
    plain = (await admin.post(predictions, content=b"")).json()
    assert not TRACING & plain.keys(), plain
    # From the end of one script to the beginning of the other: a few checks, the session's run, two clocks.
    assert sum(plain.values()) < 40, plain
