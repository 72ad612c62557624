"""The frames that cross the socket between the server and its child processes: never pickle.

A frame is a prefix (two lengths), a header that says which message it is, and raw bytes. The header is JSON but for the
two messages that each call needs: these are a letter and numbers. Bodies too large for the socket go as a file
descriptor over a second socket, announced by `Run.by_descriptor`.

    to a zygote        OpenModel, ForkWorker, ForkInspector (with descriptors), ForkNothing; each is a packet, no prefix
    from a zygote      Opened | OpenFailed by the new zygote, Forked (with a descriptor) | ForkFailed, Exited
    to a worker        Load, then Run, Run, ... Weigh and Tidy now and then
    from a worker      Ready | LoadFailed, then in order Answer | Traced | Failed for a Run, Weighed, Tidied
    to an inspector    InspectModel | InspectScript
    from an inspector  ModelInspected | ScriptInspected | Rejected

It runs on both sides, so the standard library is all that it and what it imports need.
"""

from __future__ import annotations

import struct
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

STEPS = ("input", "pre-processing", "model", "post-processing", "output")
"""Where a call can be."""

STATUS = struct.Struct("=QB")
"""The page that a worker shares with the server: how many calls it began, and the index of the step that runs."""

STEP_AT = 8
"""Where that index stands."""

STEP_TIMES = struct.Struct(f"={len(STEPS)}d")
"""Further on in that page: when each step began last, by `time.perf_counter`; a call begins by entering the first."""

STEP_TIMES_AT = 16


@dataclass(frozen=True)
class Failure:
    """Why a step failed, in terms of the user's own files.

    Attributes:
        step: one of STEPS.
        kind: stable word, e.g. `script-raised`, `wrong-dtype`.
        message: a whole sentence: what, where and how to mend it.
        script: name of the file whose line is to blame.
        line: 1-based.
        column: 1-based, for syntax errors.
        line_text: that line.
        exception: type and message as Python prints them.
        printed: what the call had printed until then, capped.
        input: name of the model input that is to blame.
    """

    step: str
    kind: str
    message: str
    script: str | None = None
    line: int | None = None
    column: int | None = None
    line_text: str | None = None
    exception: str | None = None
    printed: str | None = None
    input: str | None = None

    @property
    def out_of_memory(self) -> bool:
        """Whether there wasn't enough memory."""
        return self.kind == "out-of-memory" or "MemoryError" in (self.exception or "")

    def to_json(self) -> dict[str, Any]:
        """Return what is known, by camelCase key."""
        known = {k: v for k, v in asdict(self).items() if v is not None}
        if "line_text" in known:
            known["lineText"] = known.pop("line_text")
        return known


@dataclass(frozen=True)
class OpenModel:
    """Fork a zygote of one model; the descriptor that comes along is its control socket.

    Attributes:
        number: chosen by the server; `Forked`, `ForkFailed` and `Exited` repeat it.
        model: path of the ONNX file.
        preload: whether its workers share one session; with more than one thread each opens its own.
    """

    kind: ClassVar[str] = "open-model"
    number: int
    model: str
    preload: bool


@dataclass(frozen=True)
class Opened:
    """The zygote has its session; workers may be forked."""

    kind: ClassVar[str] = "opened"


@dataclass(frozen=True)
class OpenFailed:
    """The model doesn't load; the zygote ends itself."""

    kind: ClassVar[str] = "open-failed"
    failure: Failure


@dataclass(frozen=True)
class ForkWorker:
    """Fork a worker; along come its frames, descriptors, output and status (see `child/process.py`).

    Attributes:
        number: chosen by the server; `Forked`, `ForkFailed` and `Exited` repeat it.
        files: its working folder.
        scratch: its home and temporary folder.
        model: path of the ONNX file, which it may read if it doesn't share a session.
        policy: the fields of `ScriptPolicy`.
    """

    kind: ClassVar[str] = "fork-worker"
    number: int
    files: str
    scratch: str
    model: str
    policy: dict[str, Any]


@dataclass(frozen=True)
class ForkInspector:
    """Fork an inspector; the descriptor that comes along is its socket.

    Attributes:
        number: chosen by the server; `Forked`, `ForkFailed` and `Exited` repeat it.
        rules: the fields of `Stage1`: what it may reach, which is less than what its zygote may.
    """

    kind: ClassVar[str] = "fork-inspector"
    number: int
    rules: dict[str, Any]


@dataclass(frozen=True)
class ForkNothing:
    """Fork a process that ends at once, to see whether that can be done."""

    kind: ClassVar[str] = "fork-nothing"
    number: int


@dataclass(frozen=True)
class Forked:
    """The process is there; its pidfd comes along, so that no other process can ever be meant."""

    kind: ClassVar[str] = "forked"
    number: int
    pid: int


@dataclass(frozen=True)
class ForkFailed:
    """There is no such process, and the zygote goes on; `error` is the kernel's number of why."""

    kind: ClassVar[str] = "fork-failed"
    number: int
    error: int


@dataclass(frozen=True)
class Exited:
    """The process is gone and reaped; `status` is negative for a signal."""

    kind: ClassVar[str] = "exited"
    number: int
    status: int


@dataclass(frozen=True)
class Load:
    """Load a model and its scripts; the first frame to a worker.

    Attributes:
        model: path of the ONNX file, for a worker that doesn't share its zygote's session.
        inputs: specs as `TensorSpec.to_json` gives them.
        outputs: likewise.
        pre: file name of the script inside the working folder, or None.
        post: likewise.
        intra_op_threads: for onnxruntime.
        max_answer_bytes: a larger answer is a failure.
        sample: name of the file beside the scripts that the worker runs once before it is ready, or None.
        warm: whether to run once at all: without a sample on zeros of the model's shapes.
        variables: the pipeline's variables and secrets, for its scripts' environment.
    """

    kind: ClassVar[str] = "load"
    model: str
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    pre: str | None
    post: str | None
    intra_op_threads: int
    max_answer_bytes: int
    sample: str | None = None
    warm: bool = False
    variables: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Inference:
    """That a call's body is a request of the Open Inference Protocol, and what its answer must say.

    Attributes:
        model: name that the answer gives.
        version: likewise.
        head_bytes: how much of the body is its JSON; tensors follow. With 0 it is one tensor, with None all is JSON.
        coding: `gzip`, `deflate`, or nothing if the answer mustn't be compressed.
        also_tensors: whether to compress an answer with binary tensors too.
    """

    model: str
    version: str
    head_bytes: int | None = None
    coding: str = ""
    also_tensors: bool = False


@dataclass(frozen=True)
class Run:
    """Run one call on the frame's body, or on the file whose descriptor waits on the second socket.

    Attributes:
        by_descriptor: whether it is the latter.
        trace: whether to look at what each step is given and returns; a success is `Traced` then.
        inference: what else is to know where the body isn't in our own form.
    """

    kind: ClassVar[str] = "run"
    by_descriptor: bool = False
    trace: bool = False
    inference: Inference | None = None


@dataclass(frozen=True)
class Weigh:
    """Say which script's globals hold how much memory."""

    kind: ClassVar[str] = "weigh"


@dataclass(frozen=True)
class Tidy:
    """Give back to the kernel what memory isn't needed; comes where calls pause, or a worker has grown."""

    kind: ClassVar[str] = "tidy"


@dataclass(frozen=True)
class Ready:
    """Everything is loaded; calls may come."""

    kind: ClassVar[str] = "ready"


@dataclass(frozen=True)
class LoadFailed:
    """The worker can't serve; it ends itself."""

    kind: ClassVar[str] = "load-failed"
    failure: Failure


@dataclass(frozen=True)
class Answer:
    """The call went well; the frame's body is the finished answer.

    Attributes:
        number: of the call, from 1: an answer that a script forges must not be taken for that of the next one.
        head_bytes: how much of it is JSON, if binary tensors follow; else 0, and all is JSON.
        compressed: whether it is, as the call allowed; `head_bytes` counts what it was before.
    """

    kind: ClassVar[str] = "answer"
    timings_ms: dict[str, float]
    number: int = 0
    head_bytes: int = 0
    compressed: bool = False


@dataclass(frozen=True)
class Traced:
    """The call went well and was traced; the frame's body is the finished JSON.

    Attributes:
        trace: `printed` and `steps` of the trace that the caller gets.
        number: as that of `Answer`.
    """

    kind: ClassVar[str] = "traced"
    timings_ms: dict[str, float]
    trace: dict[str, Any]
    number: int = 0


@dataclass(frozen=True)
class Failed:
    """The call failed in one of its steps; the worker goes on.

    Attributes:
        trace: `printed`, `steps` and `frames` of the trace that the caller gets.
        number: as that of `Answer`.
    """

    kind: ClassVar[str] = "failed"
    failure: Failure
    timings_ms: dict[str, float]
    trace: dict[str, Any] | None = None
    number: int = 0


@dataclass(frozen=True)
class Weighed:
    """What the scripts' globals hold, as a text for people; empty when that is nothing to speak of."""

    kind: ClassVar[str] = "weighed"
    text: str


@dataclass(frozen=True)
class Tidied:
    """All that could be given back was; so many bytes are held."""

    kind: ClassVar[str] = "tidied"
    held_bytes: int


@dataclass(frozen=True)
class InspectModel:
    """Say whether a file is a model that loads, and what it holds.

    Attributes:
        path: of the uploaded file.
        data_files: path by file name of the external data uploaded with it.
        merged: where to write one file of all, if there is external data.
        memory_mb: most that it may take, to be named when that is too little.
    """

    kind: ClassVar[str] = "inspect-model"
    path: str
    data_files: dict[str, str]
    merged: str
    memory_mb: int


@dataclass(frozen=True)
class InspectScript:
    """Check a script without running it; a module needs no `process`. What it replaces is compared with it."""

    kind: ClassVar[str] = "inspect-script"
    path: str
    name: str
    needs_process: bool
    replaced: str | None = None


@dataclass(frozen=True)
class ModelInspected:
    """The model loads.

    Attributes:
        facts: the fields of `entities.ModelFacts`, JSON-able.
        merged: whether the one file of all was written.
    """

    kind: ClassVar[str] = "model-inspected"
    facts: dict[str, Any]
    merged: bool


@dataclass(frozen=True)
class ScriptInspected:
    """The script can be loaded.

    Attributes:
        warnings: the fields of `entities.ScriptWarning`, JSON-able.
        header: the fields of `entities.ScriptHeader`, or None where it has none.
        changes: what is different from what it replaces.
    """

    kind: ClassVar[str] = "script-inspected"
    warnings: list[dict[str, Any]] = field(default_factory=list)
    header: dict[str, Any] | None = None
    changes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rejected:
    """The file can't be used.

    Attributes:
        message: says why and how to mend it.
        line: of a script, 1-based, as is `column`.
        line_text: that line.
        unreadable: whether it isn't even of the format.
    """

    kind: ClassVar[str] = "rejected"
    message: str
    line: int | None = None
    column: int | None = None
    line_text: str | None = None
    unreadable: bool = False


Message = (
    OpenModel | Opened | OpenFailed | ForkWorker | ForkInspector | ForkNothing | Forked | ForkFailed | Exited
    | Load | Run | Weigh | Tidy | Ready | LoadFailed | Answer | Traced | Failed | Weighed | Tidied
    | InspectModel | InspectScript | ModelInspected | ScriptInspected | Rejected
)  # fmt: skip
