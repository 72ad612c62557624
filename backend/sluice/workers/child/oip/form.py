"""One call by this protocol, from the request to the answer."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from sluice.tensors import RESULT, TensorSpec
from sluice.workers.child.answer import to_json
from sluice.workers.child.failing import Unfit
from sluice.workers.child.forms import Piece, TooLong, Written
from sluice.workers.child.inputs import ModelInput
from sluice.workers.child.oip import request
from sluice.workers.child.oip.elements import join, to_bytes
from sluice.workers.child.oip.head import RequestHead, read_head
from sluice.workers.messages import Inference

_LEAST_COMPRESSED_BYTES = 1 << 10  # below that it saves nothing
_LEVEL = 1  # numbers don't get much shorter by trying harder
_WINDOWS = {"gzip": 31, "deflate": 15}


class InferenceForm:
    """Reads one request and writes its answer.

    Args:
        asked: what the HTTP request said.
        tensors: the bytes behind its JSON.
        inputs: of the model.
        outputs: of the model, or None where post-processing makes the answer.
    """

    wraps_content = True

    def __init__(
        self, asked: Inference, tensors: bytes, inputs: Sequence[ModelInput], outputs: Sequence[TensorSpec] | None
    ) -> None:
        self._asked = asked
        self._tensors = tensors
        self._inputs = inputs
        self._specs = None if outputs is None else {spec.name: spec for spec in outputs}
        self._head = RequestHead()
        self.output_names: list[str] | None = None

    def content(self, given: bytes) -> bytes:
        """Return the element of the one input."""
        if self._asked.head_bytes == 0:
            return given
        self._read_head(given)
        return request.content(self._head.inputs, self._tensors)

    def feed(self, given: bytes) -> dict[str, Any]:
        """Return an array for each input of the model."""
        if self._asked.head_bytes == 0:
            return request.raw_feed(given, self._inputs)
        self._read_head(given)
        return request.feed(self._head.inputs, self._tensors, self._inputs)

    def write(self, result: Any, max_bytes: int) -> Written:
        """Write the answer's JSON, and behind it the outputs that are to be binary."""
        named = {RESULT: result} if self._specs is None else result
        binary: list[Piece] = []
        outputs = [self._output(name, value, binary) for name, value in named.items()]
        said: dict[str, Any] = {"model_name": self._asked.model, "model_version": self._asked.version}
        if self._head.id is not None:
            said["id"] = self._head.id
        head = to_json({**said, "outputs": outputs})
        pieces = [head, *binary]
        size = sum(map(len, pieces))
        if size > max_bytes:
            raise TooLong(size)
        head_bytes = len(head) if binary else 0
        if self._asked.coding and size >= _LEAST_COMPRESSED_BYTES and (self._asked.also_tensors or not binary):
            shorter = _compressed(pieces, self._asked.coding)
            if sum(map(len, shorter)) < size:
                return Written(shorter, head_bytes, True)
        return Written(pieces, head_bytes)

    def _read_head(self, given: bytes) -> None:
        self._head = read_head(given)
        if self._head.outputs is None:
            return
        known = [RESULT] if self._specs is None else list(self._specs)
        for name in self._head.outputs:
            if name not in known:
                listed = ", ".join(f"'{name}'" for name in known)
                raise Unfit("unknown-key", f"There is no output '{name}'; ask for some of {listed}, or for none.")
        if self._specs is not None:
            self.output_names = list(self._head.outputs)

    def _output(self, name: str, value: Any, binary: list[Piece]) -> dict[str, Any]:
        """Return what the head says of one output; its bytes are added to `binary` if they aren't in there."""
        spec = None if self._specs is None else self._specs[name]
        wants = self._head.outputs or {}
        is_binary = wants.get(name, self._head.binary)
        if spec is None or spec.travels_as_json:
            element = to_json(value)
            said: dict[str, Any] = {"name": name, "datatype": "BYTES", "shape": [1]}
            if not is_binary:
                return {**said, "data": [element.decode()]}
            piece: Piece = join([element])
        else:
            array = np.asarray(value)
            said = {"name": name, "datatype": spec.datatype, "shape": list(array.shape)}
            if not is_binary:
                flat = array.reshape(-1)
                return {**said, "data": flat.tolist() if flat.dtype.kind == "O" else flat}
            piece = to_bytes(array)
        binary.append(piece)
        return {**said, "parameters": {"binary_data_size": len(piece)}}


def _compressed(pieces: Sequence[Piece], coding: str) -> list[Piece]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOWS[coding])
    return [*(packer.compress(piece) for piece in pieces), packer.flush()]
