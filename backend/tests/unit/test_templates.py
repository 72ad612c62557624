"""Templates hold names that come from elsewhere: whatever they are, the script stays Python and says the same."""

from __future__ import annotations

import ast
from datetime import UTC, datetime

import pytest

from sluice.catalog.templates import STEPS, template
from sluice.entities import Model, ModelFacts
from sluice.tensors import TensorSpec

NAMES = ["x", "a b", 'a"b', "a'b", "a\\b", "a\nimport os", "\x00", "class", "outputs", "Größe", "x", "{x}", '"""', "é"]


def model(names: list[str], symbol: str = "N") -> Model:
    specs = tuple(TensorSpec(name, "tensor(float)", (symbol, 2)) for name in names)
    facts = ModelFacts(8, (), "", "", "", 0, specs, specs)
    return Model("i", "the '''model\"\"\"", datetime.now(UTC), "r", 1, "m.onnx", "0", 1, facts)


@pytest.mark.parametrize("step", STEPS)
def test_any_name_is_written_as_it_is(step: str) -> None:
    tree = ast.parse(template(model(NAMES), step))  # type: ignore[arg-type]
    (returned,) = (node.value for node in ast.walk(tree) if isinstance(node, ast.Return))
    assert isinstance(returned, ast.Dict)
    assert [ast.literal_eval(key) for key in returned.keys if key] == NAMES
    assert {type(node) for node in tree.body} <= {ast.Import, ast.FunctionDef}
    assert [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names] == (
        ["json", "numpy"] if step == "pre-processing" else []
    )


@pytest.mark.parametrize("step", STEPS)
def test_no_symbol_ends_its_comment(step: str) -> None:
    assert "evil" not in template(model(["x"], "N\nevil()"), step)  # type: ignore[arg-type]


def test_a_model_without_inputs() -> None:
    assert "return {\n    }" in template(model([]), "pre-processing")
