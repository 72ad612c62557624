"""Uploads as the native API takes them: a file as the body beside a query, or a form with the same fields."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from starlette.requests import Request

from sluice.api.native.inputs import Query, checked_parameters
from sluice.api.native.openapi.schemas import parameters
from sluice.api.native.operation import Content
from sluice.api.native.repeating import set_fingerprint
from sluice.api.services import services
from sluice.api.upload_counts import UploadKind
from sluice.api.uploads import Received, Rules, received
from sluice.errors import BadRequest, DiskFull, EmptyUpload, SluiceError, TooLarge, Unprocessable, UploadCutOff

UPLOAD_ERRORS: tuple[type[SluiceError], ...] = (
    BadRequest,
    EmptyUpload,
    UploadCutOff,
    TooLarge,
    Unprocessable,
    DiskFull,
)
"""What receiving an upload raises."""

BINARY: dict[str, Any] = {"type": "string", "format": "binary"}


class UploadFields(Query):
    """What comes with a file."""

    file_name: str | None = Field(
        None,
        description="The name of the file that is the body; a form has it with the file.",
        examples=["digits.onnx"],
    )


@dataclass(frozen=True)
class Uploads:
    """How an upload may come.

    Attributes:
        kind: what is uploaded, for those who count.
        fields: of the query beside a bare file; but for the file's name, also those of a form.
        several: whether a form may have more than one file.
    """

    kind: UploadKind
    fields: type[UploadFields]
    several: bool = False

    @property
    def content(self) -> Content:
        """What the document says of the body."""
        texts = {name: schema for name, _, schema in parameters(self.fields) if name in self._texts}
        files = {"type": "array", "items": BINARY, "minItems": 1} if self.several else BINARY
        form = {
            "type": "object",
            "properties": {"file": files, **texts},
            "required": ["file"],
            "additionalProperties": False,
        }
        return Content(
            {"multipart/form-data": form, "application/octet-stream": BINARY},
            "A form, or the file itself with `fileName` in the query.",
        )

    @property
    def _texts(self) -> set[str]:
        return {field.alias or name for name, field in self.fields.model_fields.items()} - {"fileName"}

    @asynccontextmanager
    async def received(
        self,
        request: Request,
        limit_bytes: Callable[[str], int],
        check: Callable[[Received, str], None] = lambda upload, file_name: None,
        file_name: str = "",
    ) -> AsyncIterator[Received]:
        """Receive an upload as `api.uploads.received` does, with its fields checked before the content is read.

        Args:
            request: whose body it is.
            limit_bytes: the most bytes for a file of this name.
            check: called before a file's content is read; raises to refuse it early.
            file_name: of a bare file that comes without one; without this default it must be named.
        """

        def check_all(upload: Received, name: str) -> None:
            checked_parameters(self.fields, upload.fields)
            check(upload, name)

        rules = Rules(self.kind, self._texts, limit_bytes, several=self.several, check=check_all, file_name=file_name)
        async with received(request, services(request).files, rules) as upload:
            checked_parameters(self.fields, upload.fields)  # fields of a form may follow the file
            files = [[file.file_name, file.staged.sha256] for file in upload.files]
            set_fingerprint(request, upload.fields, sorted(files))
            yield upload

    async def look(self, request: Request) -> None:
        """Note the fingerprint of an upload and throw it away."""
        limit_bytes = services(request).settings.max_upload_bytes
        async with self.received(request, lambda _: limit_bytes):
            pass
