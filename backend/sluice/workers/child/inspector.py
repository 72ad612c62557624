"""An inspector process: judges one uploaded file, then ends.

Uploaded files may be hostile. Whatever they do to this process (a crash, a loop, a demand for 50 GB) is a verdict.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path

from sluice.workers.child.sandbox import Held
from sluice.workers.encoding import PREFIX, decode, encode
from sluice.workers.messages import InspectModel, InspectScript, Message, ModelInspected, Rejected, ScriptInspected

_SUPPORTED_OPSET = re.compile(r"support for domain ai\.onnx is till opset (\d+)")
_SUPPORTED_IR = re.compile(r"max supported IR version: (\d+)")


def inspect(message: Message) -> Message:
    """Return the verdict on one file."""
    match message:
        case InspectModel():
            return _inspect_model(message)
        case InspectScript():
            return _inspect_script(message)
    raise AssertionError(f"no inspection: {message.kind}")


def _inspect_model(message: InspectModel) -> Message:
    from sluice.workers.child.onnx_file import NotAModel, OnnxFile, Unreadable
    from sluice.workers.child.session import ModelFailed, Session
    from sluice.workers.child.value_types import UnknownType, parse_type

    try:
        file = OnnxFile(Path(message.path))
        merged = file.merge({name: Path(path) for name, path in message.data_files.items()}, Path(message.merged))
        try:
            session = Session(message.merged if merged else message.path)
        except ModelFailed as failed:
            return Rejected(_explain(str(failed), file.opset(), file.ir_version))
        for spec in (*session.inputs, *session.outputs):
            try:
                parse_type(spec.type)
            except UnknownType:
                return Rejected(f"'{spec.name}' has the type {spec.type}, which can't be given or returned over HTTP.")
        return ModelInspected(file.facts(session.inputs, session.outputs), merged)
    except NotAModel as refused:
        return Rejected(str(refused), unreadable=isinstance(refused, Unreadable))
    except MemoryError:
        return Rejected(f"Loading the model takes more than the {message.memory_mb} MB that are allowed.")


def _explain(said: str, opset: int, ir_version: int) -> str:
    """Return what onnxruntime said about a model that doesn't load, with the repair where it is known."""
    if found := _SUPPORTED_OPSET.search(said):
        return (
            f"The model uses opset {opset} of ai.onnx; the runtime here supports up to {found[1]}. "
            f"Export it again with opset_version={found[1]}."
        )
    if found := _SUPPORTED_IR.search(said):
        return (
            f"The model has IR version {ir_version}; the runtime here supports up to {found[1]}. "
            f"Save it again with `model.ir_version = {found[1]}`, or export it with an older onnx package."
        )
    if "bad allocation" in said or "bad_alloc" in said or "Failed to allocate" in said:
        return f"Loading the model takes more memory than is allowed: {said}"
    return f"The runtime can't load this model: {said}"


def _inspect_script(message: InspectScript) -> Message:
    from sluice.workers.child.bad_script import BadScript
    from sluice.workers.child.script_check import check_script

    try:
        content = Path(message.path).read_bytes()
        checked = check_script(content, message.name, message.needs_process)
        changes = _changes(Path(message.replaced), content) if message.replaced else []
        return ScriptInspected(checked.warnings, checked.header.to_json() if checked.header else None, changes)
    except BadScript as bad:
        return Rejected(bad.message, bad.line, bad.column, bad.line_text, bad.unreadable)


def _changes(replaced: Path, content: bytes) -> list[str]:
    from sluice.workers.child.script_changes import script_changes

    try:
        return script_changes(replaced.read_bytes(), content)
    except OSError:  # it went meanwhile
        return []


def main(descriptor: int, held: Held) -> None:
    """Answer one request on a socket."""
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rb") as reader:
        header_size, _ = PREFIX.unpack(reader.read(PREFIX.size))
        connection.sendall(encode(inspect(decode(reader.read(header_size)))))
