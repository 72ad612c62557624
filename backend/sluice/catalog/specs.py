"""What people are told of a model's input or output."""

from __future__ import annotations

from sluice.tensors import TensorSpec


def described(spec: TensorSpec) -> str:
    """Return type and shape in one line: `float32, shape (N, 64)`."""
    if spec.element is None:
        return spec.type
    kind = "text" if spec.element.onnx == "string" else spec.element.numpy
    if spec.dimensions is None:
        return f"{kind}, any shape"
    sizes = [str(size) if isinstance(size, int) or (size and size.isidentifier()) else "?" for size in spec.dimensions]
    return f"{kind}, shape ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
