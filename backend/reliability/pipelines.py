"""Puts the good and the harmful pipelines on a server, and takes the harmful ones away again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.chain import Chain
from benchmarks.load import Target
from benchmarks.models import write_classifier, write_table
from benchmarks.sluice_server import SluiceServer
from benchmarks.workloads import SCRIPTS as BENCHMARK_SCRIPTS
from benchmarks.workloads import Workload
from reliability.callers import Good
from reliability.deeds import SCRIPTS, Rogue
from reliability.models import write_counter, write_increment, write_pictures

PICTURE, TABLE = "picture", "table"
SCRIPT_OF = {PICTURE: "picture_pre.py", TABLE: "rows_pre.py"}
"""A file beside the scripts of each good pipeline, by which its workers are known."""

_QUESTIONS = 50


def add_good(server: SluiceServer, folder: Path) -> list[Good]:
    """Add two pipelines and return how to call them; the answers are those of sessions in this process.

    One takes a dozen milliseconds of computing, the other next to nothing.
    """
    write_classifier(folder)
    write_table(folder / "table.onnx", 8)
    bits = BENCHMARK_SCRIPTS / "bits_post.py"
    pictures = write_pictures(folder)
    picture = Workload(
        PICTURE, folder / "classifier.onnx", BENCHMARK_SCRIPTS / SCRIPT_OF[PICTURE], bits, pictures[0], "image/png"
    )
    table = Workload(TABLE, folder / "table.onnx", BENCHMARK_SCRIPTS / SCRIPT_OF[TABLE], bits, pictures[0])
    rows = np.random.default_rng(6).integers(0, 1_000, (_QUESTIONS, 2), np.int64)
    return [
        Good(
            PICTURE,
            server.add_pipeline(picture, policy={"workers": 2}),
            _answered(picture, [path.read_bytes() for path in pictures]),
            pause_s=0.15,
        ),
        Good(
            TABLE,
            server.add_pipeline(table, policy={"workers": 1}),
            _answered(table, [row.tobytes() for row in rows]),
            pause_s=0.05,
        ),
    ]


def add_rogues(server: SluiceServer, rogues: Sequence[Rogue], folder: Path) -> Mapping[str, Target]:
    """Add harmful pipelines and return how to call each, by name."""
    write_increment(folder / "increment.onnx")
    write_counter(folder / "counter.onnx")
    for model in ("increment", "counter"):
        server.call("POST", f"models?fileName={model}.onnx", content=(folder / f"{model}.onnx").read_bytes())
    for file in _files(rogues):
        kind = "module" if file not in ("obey_pre.py", "obey_post.py") else "script"
        server.call("POST", f"resources?fileName={file}&kind={kind}", content=(SCRIPTS / file).read_bytes())
    for rogue in rogues:
        parts = {"name": rogue.name, "model": "increment" if rogue.modules else "counter", **rogue.policy}
        if rogue.modules:
            modules = ["obeying.py", *(f"{module}.py" for module in rogue.modules)]
            parts |= {"preProcessing": "obey_pre.py", "postProcessing": "obey_post.py", "dataFiles": modules}
        server.call("POST", "pipelines", json=parts)
    example = folder / "question.json"
    example.write_text('{"number": 1}')
    any_of_them = Workload(
        "rogue",
        folder / "increment.onnx",
        SCRIPTS / "obey_pre.py",
        SCRIPTS / "obey_post.py",
        example,
        "application/json",
    )
    return {rogue.name: server.target(rogue.name, any_of_them) for rogue in rogues}


def remove_rogues(server: SluiceServer, rogues: Sequence[Rogue]) -> None:
    """Delete them with all their parts."""
    for rogue in rogues:
        server.call("DELETE", f"pipelines/{rogue.name}")
    for file in _files(rogues):
        server.call("DELETE", f"resources/{file}")
    for model in ("increment", "counter"):
        server.call("DELETE", f"models/{model}")


def _files(rogues: Sequence[Rogue]) -> list[str]:
    modules = dict.fromkeys(module for rogue in rogues for module in rogue.modules)
    return ["obey_pre.py", "obey_post.py", "obeying.py", *(f"{module}.py" for module in modules)]


def _answered(workload: Workload, bodies: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    chain = Chain(workload)
    return [(body, f'"{chain(body)}"'.encode()) for body in bodies]
