"""What well-known HTTP clients send arrives whole, at each API, call after call on one connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse

import pytest
from golden_requests import GOLDEN, Golden
from told import PATHS, assert_told, content_and_body


@pytest.fixture
def connection(url: str) -> Iterator[socket.socket]:
    host, _, port = url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), 30)) as connection:
        yield connection


def asked(connection: socket.socket) -> bytes:
    """Return what says that the body is wanted."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += connection.recv(1)
    return said


def exchange(connection: socket.socket, golden: Golden, head: bytes, body: bytes) -> bytes:
    """Send a request, in the pieces in which its client does, and return the body of its answer."""
    if golden.asks:
        connection.sendall(head)
        assert asked(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
    else:
        connection.sendall(head + body[:1000])
        connection.sendall(body[1000:])
    with HTTPResponse(connection, method="POST") as answer:
        answer.begin()
        content = answer.read()
        assert answer.status == 200, content
        assert answer.getheader("content-type") == "application/json"
        assert answer.will_close is not golden.again
    return content


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("client", GOLDEN)
def test_it_arrives_whole(
    connection: socket.socket, url: str, dialect: str, authorization: str, client: str, large: bool
) -> None:
    golden = GOLDEN[client]
    if golden.is_form and dialect == "oip":
        pytest.skip("it takes no forms")
    content, sent = content_and_body(dialect, large)
    head, body = golden.request(PATHS[dialect], url.removeprefix("http://"), authorization, sent)
    for _ in range(3 if golden.again else 1):
        assert_told(dialect, exchange(connection, golden, head, body), content)
