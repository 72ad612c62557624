"""Uploaded files, raw or in a form, streamed into the file store; nothing of a refused one stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request

from sluice.api.bodies import FORM_OVERHEAD_BYTES, UPLOAD_SETTING, limited, stream
from sluice.api.multipart import Multipart, Part, is_multipart
from sluice.api.services import services
from sluice.api.upload_counts import UploadKind
from sluice.catalog.default_names import base_name
from sluice.catalog.uploads import Upload
from sluice.errors import FileMissing, SluiceError, Unprocessable
from sluice.storage.files import FileStore

MAX_FILES = 64


@dataclass
class Received:
    """What came: the files, staged, and the other fields of the form or the query."""

    files: list[Upload] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def name(self) -> str | None:
        """Return the name that was asked for, if any."""
        return self.fields.get("name") or None


@dataclass(frozen=True)
class Rules:
    """What an upload must keep to.

    Attributes:
        kind: what is uploaded.
        fields: the names of the text fields that are known.
        limit_bytes: the most bytes for a file of this name.
        several: whether there may be more than one file.
        check: called before a file's content is read, with what is known by then; raises to refuse it early.
        file_name: of a file that comes without one; without this default it must be named.
        file_name_key: the parameter by which a raw body names its file.
        lenient: whether unknown fields and parameters count for nothing, and folders before a file's name.
    """

    kind: UploadKind
    fields: Collection[str]
    limit_bytes: Callable[[str], int]
    several: bool
    check: Callable[[Received, str], None] = lambda upload, file_name: None
    file_name: str = ""
    file_name_key: str = "fileName"
    lenient: bool = False

    def name_of(self, said: str | None) -> str:
        """Return the file name to go by; empty where there is none."""
        return (base_name(said or "") if self.lenient else said) or self.file_name


@asynccontextmanager
async def received(request: Request, store: FileStore, rules: Rules) -> AsyncIterator[Received]:
    """Receive an upload; files that weren't kept when the block ends are discarded.

    Raises:
        BadRequest: empty, cut off or malformed.
        TooLarge: above the limit.
        Unprocessable: a field is missing, unknown or given twice.
        DiskFull: no space is left.
    """
    upload = Received()
    outcome = "ok"
    try:
        if is_multipart(request.headers.get("content-type")):
            await _receive_form(request, store, rules, upload)
        else:
            await _receive_raw(request, store, rules, upload)
        yield upload
    except SluiceError as error:
        outcome = error.code
        raise
    except BaseException:
        outcome = "failed"
        raise
    finally:
        size_bytes = sum(file.staged.size_bytes for file in upload.files)
        services(request).upload_counts.note(rules.kind, outcome, size_bytes)
        await asyncio.shield(asyncio.gather(*(store.discard(file.staged) for file in upload.files)))


async def _receive_raw(request: Request, store: FileStore, rules: Rules, upload: Received) -> None:
    query = request.query_params
    key = rules.file_name_key
    _refuse_unknown(set(query) - {key, *rules.fields}, key, rules)
    file_name = rules.name_of(query.get(key))
    if not file_name:
        raise _field_error(key, f"Name the file by ?{key}=, or send a form with the field 'file'.")
    upload.fields = {name: query[name] for name in rules.fields if name in query}
    rules.check(upload, file_name)
    limit_bytes = rules.limit_bytes(file_name)
    staged = await store.receive(stream(request, limit_bytes, setting=UPLOAD_SETTING), limit_bytes)
    upload.files.append(Upload(file_name, staged))


async def _receive_form(request: Request, store: FileStore, rules: Rules, upload: Received) -> None:
    most = max(rules.limit_bytes(""), rules.limit_bytes(".py"))
    chunks = stream(request, most, FORM_OVERHEAD_BYTES, setting=UPLOAD_SETTING)
    async for part in Multipart(request.headers["content-type"], chunks).parts():
        if part.name == "file":
            await _receive_part(part, store, rules, upload)
        elif part.name in upload.fields:
            raise _field_error(part.name, "This field was given twice.")
        elif part.name in rules.fields:
            upload.fields[part.name] = await part.text()
        else:
            _refuse_unknown({part.name}, "file", rules)
    if not upload.files:
        message = "The form has no field 'file'."
        raise FileMissing(message, fields={"file": message})


async def _receive_part(part: Part, store: FileStore, rules: Rules, upload: Received) -> None:
    file_name = rules.name_of(part.file_name) if rules.lenient else part.file_name
    if not file_name:
        raise _field_error("file", "The field 'file' must be a file with a name.")
    if upload.files and not rules.several:
        raise _field_error("file", "Send one file.")
    if len(upload.files) == MAX_FILES:
        raise _field_error("file", f"Send at most {MAX_FILES} files.")
    if any(known.file_name == file_name for known in upload.files):
        raise _field_error("file", f"Two files are named '{file_name}'.")
    rules.check(upload, file_name)
    limit_bytes = rules.limit_bytes(file_name) - sum(known.staged.size_bytes for known in upload.files)
    most = rules.limit_bytes(file_name)
    staged = await store.receive(limited(part.content, limit_bytes, most, setting=UPLOAD_SETTING), limit_bytes)
    upload.files.append(Upload(file_name, staged))


def _refuse_unknown(names: set[str], file_field: str, rules: Rules) -> None:
    if names and not rules.lenient:
        known = ", ".join([file_field, *sorted(rules.fields)])
        fields = {name: f"There is no such field; known are {known}." for name in sorted(names)}
        raise Unprocessable("; ".join(f"{name}: {text}" for name, text in fields.items()), fields=fields)


def _field_error(name: str, message: str) -> Unprocessable:
    return Unprocessable(message, fields={name: message})
