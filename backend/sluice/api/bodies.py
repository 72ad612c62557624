"""Request bodies: bounded while they stream, JSON checked against a model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from sluice.errors import TooLarge, Unprocessable, UnreadableJson, UploadCutOff

MAX_JSON_BYTES = 256 * 1024
JSON_WITHIN_S = 30.0
"""JSON bodies are small: taking longer is holding a connection, which nobody needs credentials for."""

MAX_TOLD = 20
"""How many wrong fields an answer lists; a body can have as many as it has bytes."""

FORM_OVERHEAD_BYTES = 1024 * 1024
"""What a form may add to the files in it."""

BODY_SETTING = "SLUICE_MAX_BODY_BYTES"
UPLOAD_SETTING = "SLUICE_MAX_UPLOAD_BYTES; for Python files SLUICE_MAX_SCRIPT_BYTES"

Checked = TypeVar("Checked", bound=BaseModel)


def too_large(limit_bytes: int, setting: str = "") -> TooLarge:
    """Return the error about a body above a limit, which a setting may have set."""
    where = f" ({setting})" if setting else ""
    return TooLarge(f"This is larger than the limit of {limit_bytes} bytes{where}.", limit_bytes)


async def stream(
    request: Request, limit_bytes: int, overhead_bytes: int = 0, *, setting: str = ""
) -> AsyncIterator[bytes]:
    """Yield the body as it arrives.

    Args:
        request: whose body nobody took before.
        limit_bytes: the limit that the caller is told of.
        overhead_bytes: what may come beyond it.
        setting: that set the limit.

    Raises:
        TooLarge: at once where Content-Length tells, else as soon as too much has come.
        UploadCutOff: the client left before the end.
    """
    allowed = limit_bytes + overhead_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > allowed:
        raise too_large(limit_bytes, setting)
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > allowed:
                raise too_large(limit_bytes, setting)
            if chunk:
                yield chunk
    except ClientDisconnect:
        raise UploadCutOff("The connection ended before the body was complete.") from None


async def limited(
    chunks: AsyncIterator[bytes], left_bytes: int, limit_bytes: int, *, setting: str = ""
) -> AsyncIterator[bytes]:
    """Yield the chunks of one file of a form.

    Raises:
        TooLarge: they are more than `left_bytes`, which is what earlier files left of `limit_bytes`.
    """
    async for chunk in chunks:
        left_bytes -= len(chunk)
        if left_bytes < 0:
            raise too_large(limit_bytes, setting)
        yield chunk


async def read_small(request: Request, limit_bytes: int = MAX_JSON_BYTES) -> bytes:
    """Return a small body.

    Raises:
        UploadCutOff: it takes too long to arrive.
        TooLarge: it is above `limit_bytes`.
    """
    try:
        async with asyncio.timeout(JSON_WITHIN_S):
            return b"".join([chunk async for chunk in stream(request, limit_bytes)])
    except TimeoutError:
        raise UploadCutOff(f"The body didn't arrive within {JSON_WITHIN_S:g} s.") from None


async def read_json(request: Request, kind: type[Checked], limit_bytes: int = MAX_JSON_BYTES) -> Checked:
    """Return the body, checked.

    Raises:
        UnreadableJson: it isn't JSON.
        UploadCutOff: it takes too long to arrive.
        TooLarge: it is above `limit_bytes`.
        Unprocessable: it doesn't have the fields of `kind`.
    """
    return parse_json(await read_small(request, limit_bytes), kind)


def parse_json(raw: bytes, kind: type[Checked]) -> Checked:
    """Return JSON, checked.

    Raises:
        UnreadableJson: it isn't JSON.
        Unprocessable: it doesn't have the fields of `kind`.
    """
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise _told(error.errors(include_url=False, include_input=False)[:MAX_TOLD]) from None


def _told(found: list[Any]) -> UnreadableJson | Unprocessable:
    if found[0]["type"] == "json_invalid":
        return UnreadableJson(f"The body isn't JSON: {found[0]['ctx']['error']}.")
    fields = {".".join(str(part) for part in error["loc"]): _message(error) for error in found}
    listed = "; ".join(f"{field}: {message}" if field else message for field, message in fields.items())
    return Unprocessable(listed, fields={field: message for field, message in fields.items() if field})


def _message(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "There is no such field."
    if error["type"] == "missing":
        return "This field is needed."
    message: str = error["msg"].removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
