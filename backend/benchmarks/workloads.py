"""What is measured: each workload is a model, mostly two scripts, and a request body."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"
EXAMPLES = Path(__file__).parents[1] / "examples"


TENSOR_MEGABYTES = (1, 10)
TENSOR_HEAD_BYTES = 256
"""Of the requests with a binary tensor; spaces fill it up, as JSON may have them."""


@dataclass(frozen=True)
class Workload:
    """A pipeline and what to send to it.

    Attributes:
        inference: whether the body is a request of the Open Inference Protocol.
        head_bytes: how much of it is JSON, where binary tensors follow.
    """

    name: str
    model: Path
    pre: Path | None
    post: Path | None
    body: Path
    content_type: str = "application/octet-stream"
    inference: bool = False
    head_bytes: int = 0


def workloads(folder: Path) -> dict[str, Workload]:
    """Return the workloads by name, whose files `models.make_files` puts into a folder."""
    flower, json = folder / "flower.json", "application/json"
    post = SCRIPTS / "flower_post.py"
    numbers = folder / "add_one.onnx", SCRIPTS / "numbers_pre.py", SCRIPTS / "numbers_post.py"
    bare = folder / "add_one.onnx", None, None
    digits = EXAMPLES / "digits"
    known = (
        Workload("tiny", folder / "flower.onnx", SCRIPTS / "flower_pre.py", post, flower, json),
        Workload("heavy", folder / "flower.onnx", SCRIPTS / "busy_pre.py", post, flower, json),
        Workload(
            "image",
            folder / "classifier.onnx",
            SCRIPTS / "picture_pre.py",
            SCRIPTS / "picture_post.py",
            folder / "picture.png",
        ),
        Workload("10MB", *numbers, folder / "numbers-10.bin"),
        Workload("100MB", *numbers, folder / "numbers-100.bin"),
        *(Workload(f"{n}MB-json", *bare, folder / f"tensor-{n}.json", json, True) for n in TENSOR_MEGABYTES),
        *(
            Workload(f"{n}MB-binary", *bare, folder / f"tensor-{n}.bin", inference=True, head_bytes=TENSOR_HEAD_BYTES)
            for n in TENSOR_MEGABYTES
        ),
        Workload(
            "digits",
            digits / "digits.onnx",
            digits / "digits_pre.py",
            digits / "digits_post.py",
            digits / "pictures" / "digit-7.png",
        ),
    )
    return {workload.name: workload for workload in known}
