"""What is different about a model's or a script's next revision, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sluice.catalog.differences import model_changes
from sluice.entities import Model, ModelFacts, Opset, Pipeline, Policy, Resource
from sluice.tensors import TensorSpec
from sluice.workers.child.script_changes import script_changes

NOW = datetime.now(UTC)
X = TensorSpec("x", "tensor(float)", ("N", 4))
Y = TensorSpec("y", "tensor(int64)", ("N",))
SAME = "Inputs and outputs are the same as before."


def model(inputs: list[TensorSpec], outputs: list[TensorSpec], opset: int = 17) -> Model:
    facts = ModelFacts(8, (Opset("ai.onnx", opset),), "", "", "", 0, tuple(inputs), tuple(outputs))
    return Model("i", "m", NOW, "r", 1, "m.onnx", "0", 1, facts)


def script(name: str) -> Resource:
    return Resource(name, name, "script", NOW, name, 1, "0", 1)


OLD = model([X], [X, Y])
CHANGES: list[tuple[Model, list[str]]] = [
    (OLD, [SAME]),
    (model([X], [X, Y], 18), [SAME, "It uses opset 18 of ai.onnx now; it was 17."]),
    (model([replace(X, name="z")], [X, Y]), ["The input 'x' is called 'z' now."]),
    (
        model([replace(X, dimensions=("N", 5))], [X, Y]),
        ["The input 'x' is float32, shape (N, 5) now; it was float32, shape (N, 4)."],
    ),
    (
        model([replace(Y, name="z")], [X, Y]),
        ["The input 'x' is gone.", "The input 'z' is new: int64, shape (N,)."],
    ),
    (model([X], [Y, X]), ["The outputs come in another order now: 'y', 'x'."]),
    (model([X], [X]), ["The output 'y' is gone."]),
    (model([X], [replace(X, type="tensor(double)"), Y]),
     ["The output 'x' is float64, shape (N, 4) now; it was float32, shape (N, 4)."]),
]  # fmt: skip


@pytest.mark.parametrize(("new", "told"), CHANGES)
def test_what_is_different_about_a_model(new: Model, told: list[str]) -> None:
    assert model_changes(OLD, new, []) == told


def test_what_nobody_tried_with_another_input() -> None:
    new = model([replace(X, name="z")], [X, Y])
    bare = Pipeline("1", "bare", NOW, "1", 1, new)
    scripts = replace(bare, name="scripts", pre_processing=script("pre.py"), post_processing=script("post.py"))
    sampled = replace(scripts, name="sampled", policy=Policy(sample="s"))
    assert model_changes(OLD, new, [bare, scripts, sampled])[1:] == [
        "Callers of the pipeline 'bare' must send what the model takes now.",
        "The pipeline 'scripts' was loaded but not tried: it has no sample. "
        "See that 'pre.py' gives what the model takes now.",
    ]
    both = model([replace(X, name="z")], [X])
    assert model_changes(OLD, both, [scripts])[-1].endswith(
        "See that 'pre.py' gives what the model takes now and that 'post.py' takes what the model returns now."
    )
    assert model_changes(OLD, model([X], [X, Y], 18), [bare, scripts])[2:] == []


SCRIPT = "import json\n\nLIMIT = 1\n\ndef helper():\n    pass\n\ndef process(content):\n    return content\n"
SCRIPT_CHANGES = [
    (SCRIPT + "# more\n", ["Only comments or layout changed."]),
    (SCRIPT.replace("return content", "return 1"), ["`process` changed."]),
    (SCRIPT.replace("LIMIT = 1", "LIMIT = 2"), ["What runs when the script is loaded changed."]),
    (SCRIPT.replace("helper", "other"), ["`other` is new.", "`helper` is gone."]),
    (SCRIPT.replace("json", "csv, re"), ["`csv` and `re` are imported now.", "`json` isn't imported any more."]),
    (SCRIPT + "\nclass A: pass\nclass B: pass\nclass C: pass\n", ["`A`, `B` and `C` are new."]),
    (SCRIPT + "".join(f"def f{n}(): pass\n" for n in range(12)),
     ["`f0`, `f1`, `f2`, `f3`, `f4`, `f5`, `f6`, `f7`, `f8`, `f9` and 2 more are new."]),
]  # fmt: skip


@pytest.mark.parametrize(("new", "told"), SCRIPT_CHANGES)
def test_what_is_different_about_a_script(new: str, told: list[str]) -> None:
    assert script_changes(SCRIPT.encode(), new.encode()) == told


def test_what_this_python_cant_read_has_no_changes_to_tell() -> None:
    assert script_changes(b"print 1", SCRIPT.encode()) == []
    assert script_changes(b"\xff", SCRIPT.encode()) == []
