"""Every error that a caller may see, as one tree.

    SluiceError
    ├── BadRequest              the request can't be parsed
    │   ├── EmptyUpload         a file without a byte
    │   ├── UnreadableJson      not JSON
    │   └── UploadCutOff        the client left before the last byte
    ├── NotSignedIn             no credentials, or wrong ones
    │   └── NoCredentials       none
    ├── NotAllowed              the role doesn't suffice, or another site sent the request
    ├── WrongHost               the request is for another name than the server's
    ├── NotFound                no model, resource, pipeline or token of that name
    ├── Conflict
    │   ├── NameTaken           the name belongs to another one
    │   ├── InUse               pipelines need it
    │   ├── KeyInUse            a request with the same Idempotency-Key is under way
    │   ├── LastAdministrator   nobody would be left who signs in and may change everything
    │   └── ModelInactive       the model was deactivated
    ├── PreconditionRequired    a change must say which revision it is made to
    ├── PreconditionFailed      it was changed meanwhile; carries the current `version`
    ├── TooLarge                above a size limit
    ├── Unprocessable           well-formed, but it can't work; carries `fields`
    │   ├── KeyReused           another request had the same Idempotency-Key
    │   ├── InvalidName         a name with characters that can't be kept
    │   ├── InvalidModel        not an ONNX file that the runtime can load
    │   │   └── UnreadableModel not ONNX at all
    │   ├── InvalidScript       not UTF-8, not Python, or no fitting `process`
    │   │   └── UnreadableScript not UTF-8 or not Python
    │   ├── FileMissing         a form without the field `file`
    │   ├── InvalidPipeline     its parts don't exist, don't load or don't fit
    │   └── PredictionFailed    carries `failure`: which step, where and why
    ├── WorkerDied              the process that ran the call ended
    ├── NotAvailable            try again later; carries `retry_after_s`
    │   ├── TooManyAttempts     passwords were wrong too often
    │   ├── Stopped             the server stopped, or what was called was replaced, before the call was answered
    │   ├── QueueFull           as many calls or bytes wait as are allowed
    │   ├── RateExceeded        the caller comes more often than is allowed
    │   └── PipelineBroken      no worker of it starts, or they end time and again
    ├── DeadlineExceeded        the call took longer than its deadline
    └── DiskFull                nothing more can be stored

This module imports nothing. What an error means as an HTTP status is said in `api/errors.py`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

Retry = Literal["safe", "ran", "no"]
"""Whether the same request may be sent again: it is `safe`, because nothing was done; it `ran`, at least in part, or
may have; or there is `no` use, because it would be answered the same until something is changed."""


class SluiceError(Exception):
    """The base of all; `message` is a whole sentence for the caller.

    Attributes:
        code: stable, kebab-case word by which programs tell errors apart.
        retry: whether the same request may be sent again.
        message: says what is wrong, where, and how to mend it.
        details: further JSON-able facts, by camelCase key.
    """

    code: ClassVar[str] = "error"
    retry: Retry = "no"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequest(SluiceError):
    """The request can't be parsed."""

    code = "bad-request"


class EmptyUpload(BadRequest):
    """A file without a byte was uploaded."""

    code = "empty-upload"


class UnreadableJson(BadRequest):
    """The body isn't JSON."""


class UploadCutOff(BadRequest):
    """The client left before the last byte of its upload."""

    code = "upload-cut-off"
    retry = "safe"


class NotSignedIn(SluiceError):
    """The request has no credentials, or wrong ones."""

    code = "not-signed-in"


class NoCredentials(NotSignedIn):
    """The request has no credentials at all."""


class NotAllowed(SluiceError):
    """The caller is known, but may not do this."""

    code = "not-allowed"


class WrongHost(SluiceError):
    """The request is for a name that the server doesn't answer to."""

    code = "wrong-host"


class NotFound(SluiceError):
    """Nothing has that name.

    Attributes:
        kind: `model`, `resource` or `pipeline`; None where it is something else.
        name: that nothing has, if `kind` is there.
    """

    code = "not-found"

    def __init__(self, message: str, kind: str | None = None, name: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.name = name


class Conflict(SluiceError):
    """What was asked for contradicts what is there."""

    code = "conflict"


class NameTaken(Conflict):
    """The `name` belongs to another model, resource or pipeline, as `kind` says; names differ by more than case."""

    code = "name-taken"

    def __init__(self, message: str, kind: str, name: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.name = name


class InUse(Conflict):
    """Pipelines need the model or resource, as `kind` says, of this `name`; `pipelines` lists their names."""

    code = "in-use"

    def __init__(self, message: str, kind: str, name: str, pipelines: list[str]) -> None:
        super().__init__(message, pipelines=pipelines)
        self.kind = kind
        self.name = name
        self.pipelines = pipelines


class KeyInUse(Conflict):
    """A request with the same Idempotency-Key is under way; its answer can be had once it is there."""

    code = "idempotency-key-in-use"


class LastAdministrator(Conflict):
    """Nobody would be left who can sign in by a password and may change everything."""

    code = "last-administrator"


class ModelInactive(Conflict):
    """The model was deactivated: neither it nor a pipeline that uses it answers; `model` is its name."""

    code = "model-inactive"

    def __init__(self, message: str, model: str) -> None:
        super().__init__(message, model=model)
        self.model = model


class PreconditionRequired(SluiceError):
    """A change must say which revision it is made to."""

    code = "precondition-required"


class PreconditionFailed(SluiceError):
    """Somebody changed it since the caller looked; `version` is the current one."""

    code = "precondition-failed"

    def __init__(self, message: str, version: str) -> None:
        super().__init__(message)
        self.version = version


class TooLarge(SluiceError):
    """The body is above a limit; `limit_bytes` says which."""

    code = "too-large"

    def __init__(self, message: str, limit_bytes: int) -> None:
        super().__init__(message, limitBytes=limit_bytes)
        self.limit_bytes = limit_bytes


class Unprocessable(SluiceError):
    """Well-formed, but it can't work.

    Attributes:
        fields: message by the request's field, for a form to show beside it.
    """

    code = "unprocessable"

    def __init__(self, message: str, *, fields: dict[str, str] | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.fields = fields or {}


class KeyReused(Unprocessable):
    """Another request had the same Idempotency-Key."""

    code = "idempotency-key-reused"


class InvalidName(Unprocessable):
    """The name has characters that can't be kept, or is too long."""

    code = "invalid-name"


class InvalidModel(Unprocessable):
    """Not an ONNX file that the runtime can load."""

    code = "invalid-model"


class UnreadableModel(InvalidModel):
    """Not ONNX at all."""


class InvalidScript(Unprocessable):
    """Not UTF-8, not Python, or without a function `process` of one argument."""

    code = "invalid-script"


class UnreadableScript(InvalidScript):
    """Not UTF-8 or not Python."""


class FileMissing(Unprocessable):
    """The form has no field `file`."""


class InvalidPipeline(Unprocessable):
    """The pipeline's parts don't exist, don't load or don't fit one another."""

    code = "invalid-pipeline"


class PredictionFailed(Unprocessable):
    """A step failed on this input.

    Attributes:
        failure: what the worker told, JSON-able: `step`, `kind`, `message` and, where they apply,
            `script`, `line`, `lineText`, `exception`, `printed`, `input`. `details` has `trace` too.
    """

    code = "prediction-failed"

    def __init__(self, failure: dict[str, Any]) -> None:
        super().__init__(failure["message"], **{k: v for k, v in failure.items() if k != "message"})
        self.failure = failure


class WorkerDied(SluiceError):
    """The process that ran the call ended before it answered."""

    code = "worker-died"
    retry = "ran"


class NotAvailable(SluiceError):
    """It can't be done now; trying again after `retry_after_s` seconds is safe."""

    code = "not-available"
    retry: Retry = "safe"

    def __init__(self, message: str, retry_after_s: int = 1, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after_s = retry_after_s


class TooManyAttempts(NotAvailable):
    """A password was wrong too often; this one wasn't looked at."""

    code = "too-many-attempts"


class Stopped(NotAvailable):
    """Whoever should have answered was stopped; the call may have begun."""

    retry = "ran"


class QueueFull(NotAvailable):
    """As many calls, or bytes, wait as are allowed."""

    code = "queue-full"


class RateExceeded(NotAvailable):
    """The caller comes more often than is allowed."""

    code = "rate-exceeded"


class PipelineBroken(NotAvailable):
    """No worker of the pipeline starts, or they end time and again."""

    code = "pipeline-broken"


class DeadlineExceeded(SluiceError):
    """The call took longer than its deadline and was ended."""

    code = "deadline-exceeded"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry = "safe" if details.get("step") == "queue" else "ran"


class DiskFull(SluiceError):
    """Nothing more can be stored; what is there stays readable."""

    code = "disk-full"
