"""What the use cases get when a file was uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sluice.errors import Unprocessable
from sluice.storage.files import StagedFile


@dataclass(frozen=True)
class Upload:
    """A file that arrived whole, under the name that its sender gave it."""

    file_name: str
    staged: StagedFile


def model_and_data(files: Sequence[Upload]) -> tuple[Upload, tuple[Upload, ...]]:
    """Tell the model from its data files: one file is the model, of several it is the only `.onnx`.

    Raises:
        Unprocessable: none or several of them could be the model.
    """
    models = [file for file in files if PurePosixPath(file.file_name).suffix.lower() == ".onnx"]
    main = files[0] if len(files) == 1 else models[0] if len(models) == 1 else None
    if main is None:
        message = "Send one .onnx file, and beside it only the data files that it refers to."
        raise Unprocessable(message, fields={"file": message})
    return main, tuple(file for file in files if file is not main)
