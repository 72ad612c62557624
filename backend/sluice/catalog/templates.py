"""A script to begin with: a `process` that works for a certain model, with the names and shapes of that model in it."""

from __future__ import annotations

from collections.abc import Sequence
from keyword import iskeyword
from typing import Literal, get_args

from sluice.catalog.specs import described
from sluice.entities import Model
from sluice.tensors import TensorSpec

ScriptStep = Literal["pre-processing", "post-processing"]
STEPS: tuple[ScriptStep, ...] = get_args(ScriptStep)

_PRE = """\
# Pre-processing for the model '{model}'.
#
# Gets the request's body as bytes and returns the model's inputs by name. Nothing is converted silently: dtypes and
# shapes must be the model's. As it stands, the body is JSON, with nested lists under the name of each input.
{imports}

def process(content):
    given = json.loads(content)
    return {{
{entries}    }}
"""

_POST = """\
# Post-processing for the model '{model}'.
#
# Gets the model's outputs as a list, in the model's order, and returns anything that JSON can hold; numpy arrays too.


def process(outputs):
{assignments}    return {{
{entries}    }}
"""


def template(model: Model, step: ScriptStep) -> str:
    """Return the source of a script for one step around a model."""
    if step == "pre-processing":
        return _pre_processing(model.name, model.facts.inputs)
    return _post_processing(model.name, model.facts.outputs)


def _pre_processing(model: str, inputs: Sequence[TensorSpec]) -> str:
    values = [_value(spec) for spec in inputs]
    imports = "\nimport json\n"
    libraries = [text for name, text in (("ml_dtypes.", "import ml_dtypes"), ("np.", "import numpy as np"))
                 if any(name in value for value in values)]  # fmt: skip
    if libraries:
        imports += "\n" + "\n".join(libraries) + "\n"
    entries = "".join(
        f"        # {described(spec)}\n        {_literal(spec.name)}: {value},\n"
        for spec, value in zip(inputs, values, strict=True)
    )
    return _PRE.format(model=model, imports=imports, entries=entries)


def _post_processing(model: str, outputs: Sequence[TensorSpec]) -> str:
    variables: list[str] = []
    for number, spec in enumerate(outputs):
        variables.append(_variable(spec.name, number, {"outputs", *variables}))
    assignments = "".join(
        f"    {variable} = outputs[{number}]  # {_literal(spec.name)}: {described(spec)}\n"
        for number, (variable, spec) in enumerate(zip(variables, outputs, strict=True))
    )
    entries = "".join(
        f"        {_literal(spec.name)}: {variable},\n" for variable, spec in zip(variables, outputs, strict=True)
    )
    return _POST.format(model=model, assignments=assignments, entries=entries)


def _value(spec: TensorSpec) -> str:
    """Return the expression that makes an input of what came as JSON."""
    name = _literal(spec.name)
    if spec.type.startswith("optional("):
        return f"given.get({name})"
    if spec.element is None:
        return f"given[{name}]"
    module = "ml_dtypes" if spec.element.onnx == "bfloat16" else "np"
    dtype = "object" if spec.element.onnx == "string" else f"{module}.{spec.element.numpy}"
    return f"np.asarray(given[{name}], dtype={dtype})"


def _literal(name: str) -> str:
    """Return a name as Python writes it, in double quotes where that is the same."""
    plain = name.isprintable() and not set(name) & {'"', "\\", "'"}
    return f'"{name}"' if plain else ascii(name)


def _variable(name: str, number: int, taken: set[str]) -> str:
    plain = name.isascii() and name.isidentifier() and not iskeyword(name)
    return name if plain and name not in taken else f"output_{number}"
