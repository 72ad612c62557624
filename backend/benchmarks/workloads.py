"""What is measured: each workload is a model, two scripts and a request body."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parent / "scripts"
EXAMPLES = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Workload:
    """A pipeline and what to send to it."""

    name: str
    model: Path
    pre: Path
    post: Path
    body: Path
    content_type: str = "application/octet-stream"


def workloads(folder: Path) -> dict[str, Workload]:
    """Return the workloads by name, whose files `models.make_files` puts into a folder."""
    flower, json = folder / "flower.json", "application/json"
    post = SCRIPTS / "flower_post.py"
    numbers = folder / "add_one.onnx", SCRIPTS / "numbers_pre.py", SCRIPTS / "numbers_post.py"
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
        Workload(
            "digits",
            digits / "digits.onnx",
            digits / "digits_pre.py",
            digits / "digits_post.py",
            digits / "pictures" / "digit-7.png",
        ),
    )
    return {workload.name: workload for workload in known}
