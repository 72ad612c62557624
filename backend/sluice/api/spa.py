"""Serves the page: one HTML document for every address of its own, and the files that it loads.

Addresses in the page are relative to its `<base>`, which is set here, so one build works under every path prefix.
"""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from sluice.api.routing import Action, RoleRoute
from sluice.errors import NotFound

_PACKAGE = Path(__file__).parents[1]
PAGE_FOLDERS = (_PACKAGE / "page", _PACKAGE.parents[1] / "frontend" / "dist")
"""Where the page may lie: inside an installed package, else where a checkout builds it."""

BASE = '<base href="/" />'
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_COMPRESSIBLE = frozenset({".css", ".js", ".json", ".map", ".md", ".svg", ".txt"})
NOT_BUILT = """<!doctype html>
<html lang="en"><title>Sluice</title>
<h1>Sluice is running, but its page isn't built</h1>
<p>In a checkout, <code>make run</code> builds the page and starts the server. The API works without it.</p>
</html>
"""


def page_folder() -> Path | None:
    """Return the folder of the built page, or None where there is none."""
    return next((folder for folder in PAGE_FOLDERS if (folder / "index.html").is_file()), None)


class Page:
    """The files of the built page, found once at start; later ones don't exist for it."""

    def __init__(self, folder: Path | None, root_path: str) -> None:
        files = [path for path in folder.rglob("*") if path.is_file()] if folder else []
        self._files = {path.relative_to(folder).as_posix(): path for path in files} if folder else {}
        self._html = NOT_BUILT
        if folder is not None:
            html = (folder / "index.html").read_text("utf-8")
            self._html = html.replace(BASE, f'<base href="{root_path}/" />')
        self._loaded: dict[str, tuple[bytes, bytes | None]] = {}

    async def serve(self, request: Request) -> Response:
        """Answer with the file of this name; every other address is the page's own business."""
        name = request.path_params["path"]
        if name in self._files and name != "index.html":
            return await self._file(request, name)
        if name.startswith("assets/"):
            raise NotFound("There is no such file.")
        return HTMLResponse(self._html, headers={"Cache-Control": "no-cache"})

    async def _file(self, request: Request, name: str) -> Response:
        if name not in self._loaded:
            self._loaded[name] = await asyncio.to_thread(_load, self._files[name])
        plain, zipped = self._loaded[name]
        # Names in assets/ contain a hash of the content.
        fresh = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        headers = {"Cache-Control": fresh, "Vary": "Accept-Encoding"}
        if zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            plain, headers["Content-Encoding"] = zipped, "gzip"
        headers["Content-Type"] = TYPES.get(Path(name).suffix, "application/octet-stream")
        return Response(plain, headers=headers)


def _load(path: Path) -> tuple[bytes, bytes | None]:
    plain = path.read_bytes()
    return plain, gzip.compress(plain, 6) if path.suffix in _COMPRESSIBLE else None


class PageRoute(RoleRoute):
    """Matches every path that isn't below `reserved`, the first segments of all other routes; public."""

    def __init__(self, page: Page, reserved: frozenset[str]) -> None:
        super().__init__("/{path:path}", {"GET": Action(None, page.serve)})
        self._reserved = reserved

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as the base does, but leave unknown paths of the API to be refused."""
        match, child_scope = super().matches(scope)
        if match is not Match.NONE and child_scope["path_params"]["path"].split("/")[0] in self._reserved:
            return Match.NONE, {}
        return match, child_scope
