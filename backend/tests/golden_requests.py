"""Requests as well-known HTTP clients write them, byte for byte, for a prediction.

Each is what the client itself sent to a plain socket, or what its source writes where the client runs on Windows or in
a browser only. `{...}` stands for what differs from call to call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

JAVA_OFFER = """\
Connection: Upgrade, HTTP2-Settings
Content-Length: {length}
Host: {host}
HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA
Upgrade: h2c
User-Agent: Java-http-client/17.0.15
Authorization: {authorization}
"""
NODE_RED = """\
user-agent: got (https://github.com/sindresorhus/got)
authorization: {authorization}
content-type: {type}
content-length: {length}
accept-encoding: gzip, deflate, br
Host: {host}
Connection: {connection}
"""


@dataclass(frozen=True)
class Golden:
    """One way to send a body.

    Attributes:
        head: the lines after the request line.
        before: what precedes the content in the body, if that is a form.
        after: what follows it.
        chunk_bytes: the length of the pieces of a body without a length; 0 sends it whole.
        again: whether the connection stays open.
    """

    head: str
    before: str = ""
    after: str = ""
    chunk_bytes: int = 0
    again: bool = True

    @property
    def is_form(self) -> bool:
        """Whether the content is a field of a form, which not all APIs take."""
        return bool(self.before)

    @property
    def asks(self) -> bool:
        """Whether the body is sent only when the server wants it."""
        return "100-continue" in self.head.lower()

    def request(self, path: str, host: str, authorization: str, content: bytes) -> tuple[bytes, bytes]:
        """Return head and body."""
        before, after = (text.replace("\n", "\r\n").encode() for text in (self.before, self.after))
        body = before + content + after
        head = f"POST {path} HTTP/1.1\n{self.head}\n".format(
            host=host, authorization=authorization, length=len(body), type="application/octet-stream"
        )
        if self.chunk_bytes:
            body = b"".join(_chunked(body, self.chunk_bytes))
        return head.replace("\n", "\r\n").encode(), body


def _chunked(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


GOLDEN = {
    # .NET's HttpClient with MultipartFormDataContent: quoted boundary, unquoted names, the name of the file twice.
    "dotnet-form": Golden(
        """\
Host: {host}
Authorization: {authorization}
Content-Type: multipart/form-data; boundary="5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4"
Content-Length: {length}
""",
        """\
--5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4
Content-Type: application/octet-stream
Content-Disposition: form-data; name=file; filename=digit-7.png; filename*=utf-8''digit-7.png

""",
        "\n--5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4--\n",
    ),
    "dotnet-form-with-umlaut": Golden(
        """\
Host: {host}
Authorization: {authorization}
Content-Type: multipart/form-data; boundary="5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4"
Content-Length: {length}
""",
        """\
--5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4
Content-Disposition: form-data; name=file; filename="=?utf-8?B?WsOkaGxlci5wbmc=?="; filename*=utf-8''Z%C3%A4hler.png

""",
        "\n--5fd2dc3c-4e04-4c38-a1b9-0b8bd5c6a2a4--\n",
    ),
    # The .NET Framework asks before it sends; JsonContent has no length.
    "dotnet-framework": Golden(
        """\
Authorization: {authorization}
Content-Type: application/octet-stream
Host: {host}
Content-Length: {length}
Expect: 100-continue
Connection: Keep-Alive
"""
    ),
    "dotnet-json": Golden(
        """\
Host: {host}
Authorization: {authorization}
Transfer-Encoding: chunked
Content-Type: application/json; charset=utf-8
""",
        chunk_bytes=4096,
    ),
    "java": Golden(JAVA_OFFER),
    "java-json": Golden(JAVA_OFFER + "Content-Type: application/json\n"),
    "java-asks": Golden(JAVA_OFFER.replace("Host", "Expect: 100-Continue\nHost")),
    "java-stream": Golden(
        JAVA_OFFER.replace("Content-Length: {length}\n", "") + "Transfer-encoding: chunked\n", chunk_bytes=16384
    ),
    "node-red": Golden(NODE_RED.replace("{connection}", "keep-alive")),
    "node-red-once": Golden(NODE_RED.replace("{connection}", "close"), again=False),
    "node-red-form": Golden(
        NODE_RED.replace("{connection}", "keep-alive").replace(
            "{type}", "multipart/form-data; boundary=--------------------------612352190362175124560823"
        ),
        """\
----------------------------612352190362175124560823
Content-Disposition: form-data; name="file"; filename="msg.payload"
Content-Type: application/octet-stream

""",
        "\n----------------------------612352190362175124560823--\n",
    ),
    "node-fetch-form": Golden(
        """\
host: {host}
connection: keep-alive
authorization: {authorization}
content-type: multipart/form-data; boundary=----formdata-undici-021318458975
accept: */*
accept-language: *
sec-fetch-mode: cors
user-agent: node
accept-encoding: gzip, deflate
content-length: {length}
""",
        """\
------formdata-undici-021318458975
Content-Disposition: form-data; name="file"; filename="blob"
Content-Type: application/octet-stream

""",
        "\n------formdata-undici-021318458975--\n",
    ),
    # `curl --data-binary` calls whatever it sends urlencoded.
    "curl-data-binary": Golden(
        """\
Host: {host}
User-Agent: curl/7.88.1
Accept: */*
Authorization: {authorization}
Content-Length: {length}
Content-Type: application/x-www-form-urlencoded
"""
    ),
    "curl-asks": Golden(
        """\
Host: {host}
User-Agent: curl/7.88.1
Accept: */*
Authorization: {authorization}
Content-Length: {length}
Content-Type: application/x-www-form-urlencoded
Expect: 100-continue
"""
    ),
    "curl-chunked": Golden(
        """\
Host: {host}
User-Agent: curl/7.88.1
Accept: */*
Authorization: {authorization}
Transfer-Encoding: chunked
Content-Type: application/x-www-form-urlencoded
""",
        chunk_bytes=65524,
    ),
    "curl-form": Golden(
        """\
Host: {host}
User-Agent: curl/7.88.1
Accept: */*
Authorization: {authorization}
Content-Length: {length}
Content-Type: multipart/form-data; boundary=------------------------087626b032e733a9
""",
        """\
--------------------------087626b032e733a9
Content-Disposition: form-data; name="file"; filename="wörter %221%22.bin"
Content-Type: application/octet-stream

""",
        "\n--------------------------087626b032e733a9--\n",
    ),
    "requests": Golden(
        """\
Host: {host}
User-Agent: python-requests/2.32.3
Accept-Encoding: gzip, deflate, br
Accept: */*
Connection: keep-alive
Content-Length: {length}
Authorization: {authorization}
"""
    ),
    "requests-stream": Golden(
        """\
Host: {host}
User-Agent: python-requests/2.32.3
Accept-Encoding: gzip, deflate, br
Accept: */*
Connection: keep-alive
Transfer-Encoding: chunked
Authorization: {authorization}
""",
        chunk_bytes=8192,
    ),
    "requests-form": Golden(
        """\
Host: {host}
User-Agent: python-requests/2.32.3
Accept-Encoding: gzip, deflate, br
Accept: */*
Connection: keep-alive
Content-Length: {length}
Content-Type: multipart/form-data; boundary=0d31b2f95c24ac6c0a4eb6b1e0f6e5d9
Authorization: {authorization}
""",
        """\
--0d31b2f95c24ac6c0a4eb6b1e0f6e5d9
Content-Disposition: form-data; name="file"; filename="digit-7.png"

""",
        "\n--0d31b2f95c24ac6c0a4eb6b1e0f6e5d9--\n",
    ),
}
