"""What the head of a prediction says, and how it is known again without parsing.

Programs send the same head again and again. So each connection keeps its last one, and a request that begins with the
same bytes, but for the digits of its length, means the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sluice.workers.body import IN_MEMORY_BYTES

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,7})(?=\r\n)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What a request's head says.

    Attributes:
        kind: `pipeline` or `model`.
        name: of it.
        key: by which `Access.by_key` knows who calls.
        given_id: the header `X-Request-Id`; empty without.
        deadlines: each header `Sluice-Deadline`.
        length: of the body.
        keep_alive: whether the connection stays open for another request.
        browser: whether a browser sent it.
        trace: the headers of W3C Trace Context that it has, each with its value.
    """

    kind: str
    name: str
    key: str
    given_id: str
    deadlines: tuple[str, ...]
    length: int
    keep_alive: bool
    browser: bool
    trace: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A head as it stood on the wire, without the digits of its length."""

    head: Head
    before: bytes
    after: bytes

    @classmethod
    def of(cls, head: Head, request: bytes, received_bytes: int) -> Repeat | None:
        """Return it for the bytes with which a request came, of which the parser found some to be body.

        None if the rest isn't plainly one head.
        """
        ends_at = len(request) - received_bytes
        lengths = list(_LENGTH.finditer(request, 0, ends_at))
        if len(lengths) != 1 or int(lengths[0][1]) != head.length or request.find(b"\r\n\r\n") + 4 != ends_at:
            return None
        return cls(head, request[: lengths[0].start(1)], request[lengths[0].end(1) : ends_at])

    def body_of(self, data: bytes) -> tuple[bytes, int] | None:
        """Return what is there of a request's body, and how many bytes are to come.

        None if the request has another head, isn't small, or has more behind it.
        """
        if not data.startswith(self.before):
            return None
        begin = len(self.before)
        end = data.find(b"\r", begin, begin + 8)
        if end < 0 or not data.startswith(self.after, end):
            return None
        digits, body = data[begin:end], data[end + len(self.after) :]
        if not digits.isdigit() or not len(body) <= (length := int(digits)) <= IN_MEMORY_BYTES:
            return None
        return body, length - len(body)
