"""A package index on this machine, which is a proxy to one elsewhere as well."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name


@dataclass
class PackageIndex:
    """A running index.

    Attributes:
        port: of 127.0.0.1.
        asked: the addresses that were asked for, each with the credentials that were sent.
    """

    port: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def package_index(wheels: Path, certificate: Path | None = None) -> Iterator[PackageIndex]:
    """Serve a folder of wheels as an index, under the path `/simple`; by HTTPS, if there is a certificate."""
    index = PackageIndex()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ssl.SSLError):  # who doesn't know the certificate hangs up
                super().handle()

        def do_GET(self) -> None:
            index.asked.append((self.path, self.headers.get("Authorization")))
            _, kind, name, *_ = [*urlsplit(self.path).path.split("/"), "", ""]
            if kind == "simple":
                found = [file.name for file in wheels.iterdir() if canonicalize_name(file.name.split("-")[0]) == name]
                links = "".join(f'<a href="/files/{file}">{file}</a>' for file in found)
                self.reply(200 if found else 404, f"<!DOCTYPE html><html><body>{links}</body></html>".encode())
            elif kind == "files":
                self.reply(200, (wheels / name).read_bytes())
            else:
                self.reply(404, b"")

        do_HEAD = do_GET

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        index.port = server.server_port
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # Hands are shaken in the thread of each connection.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield index
        finally:
            server.shutdown()
            thread.join()
