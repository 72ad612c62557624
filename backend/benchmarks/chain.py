"""The three steps in this process, as the others than Sluice run them."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort  # type: ignore[import-untyped]

from benchmarks.workloads import Workload


class Chain:
    """A workload's scripts and model, loaded."""

    def __init__(self, workload: Workload, threads: int = 1) -> None:
        assert workload.pre and workload.post
        self._pre = _process(workload.pre)
        self._post = _process(workload.post)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(workload.model, options, providers=["CPUExecutionProvider"])

    def __call__(self, content: bytes) -> Any:
        """Return what post-processing makes of it."""
        return self._post(self._session.run(None, self._pre(content)))


def _process(path: Path) -> Callable[[Any], Any]:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    process: Callable[[Any], Any] = module.process
    return process
