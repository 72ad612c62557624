"""Reads `multipart/form-data` part by part, as it arrives and only as fast as it is taken.

Source: RFC 7578.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from sluice.errors import BadRequest

FORM_DATA = b"multipart/form-data"
MAX_TEXT_BYTES = 4096


class _Event(Enum):
    HEADERS = auto()
    DATA = auto()
    PART_END = auto()
    END = auto()


@dataclass(frozen=True)
class Part:
    """The head of one part, and its content; the content must be taken before the next part is asked for."""

    name: str
    file_name: str | None
    content: AsyncIterator[bytes]

    async def text(self) -> str:
        """Return the content of a small text field.

        Raises:
            BadRequest: it is too long or isn't UTF-8.
        """
        held = b""
        async for chunk in self.content:
            held += chunk
            if len(held) > MAX_TEXT_BYTES:
                raise BadRequest(f"The field '{self.name}' is longer than {MAX_TEXT_BYTES} bytes.")
        return _utf8(held, f"The field '{self.name}'")


def is_multipart(content_type: str | None) -> bool:
    """Tell whether a body of this Content-Type is a form with parts."""
    return parse_options_header(content_type)[0] == FORM_DATA


class Multipart:
    """A form that streams in. Its parser pushes events, `parts` pulls them; at most one chunk's events are held."""

    def __init__(self, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise BadRequest("The Content-Type multipart/form-data needs a boundary.")
        self._chunks = chunks
        self._events: deque[tuple[_Event, bytes]] = deque()
        self._headers: dict[bytes, bytes] = {}
        self._field = b""
        self._value = b""
        push = self._events.append
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": lambda: push(
                        (_Event.HEADERS, self._headers.get(b"content-disposition", b""))
                    ),
                    "on_part_data": lambda data, start, end: push((_Event.DATA, data[start:end])),
                    "on_part_end": lambda: push((_Event.PART_END, b"")),
                    "on_end": lambda: push((_Event.END, b"")),
                },
            )
        except FormParserError as error:
            raise BadRequest(f"The form can't be read: {error}.") from None

    async def parts(self) -> AsyncIterator[Part]:
        """Yield the parts in their order; what was left of a part's content is skipped.

        Raises:
            BadRequest: the form is malformed or ends too early.
        """
        while (event := await self._next())[0] is not _Event.END:
            if event[0] is _Event.HEADERS:
                name, file_name = _names(event[1])
                content = self._content()
                yield Part(name, file_name, content)
                async for _ in content:
                    pass
        async for _ in self._chunks:
            pass  # whatever follows the form: read, so that the connection can be used again

    async def _content(self) -> AsyncIterator[bytes]:
        while (event := await self._next())[0] is _Event.DATA:
            yield event[1]

    async def _next(self) -> tuple[_Event, bytes]:
        while not self._events:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                raise BadRequest("The form ends before its closing boundary.")
            try:
                self._parser.write(chunk)
            except FormParserError as error:
                raise BadRequest(f"The form can't be read: {error}.") from None
        return self._events.popleft()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""


def _names(disposition: bytes) -> tuple[str, str | None]:
    kind, options = parse_options_header(disposition)
    if kind != b"form-data" or b"name" not in options:
        raise BadRequest("Each part of the form needs 'Content-Disposition: form-data' with a name.")
    file_name = options.get(b"filename")
    return (
        _utf8(options[b"name"], "The name of a field"),
        None if file_name is None else _utf8(file_name, "The name of a file"),
    )


def _utf8(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"{what} isn't UTF-8.") from None
