"""Serves under a path prefix, whether the proxy in front strips it or passes it on."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class PathPrefix:
    """Puts the prefix (`SLUICE_ROOT_PATH`) into the scope as ASGI wants it: `path` includes `root_path`.

    A proxy may pass `/ml/models` on as it is or as `/models`: both arrive as `/ml/models`. None of Sluice's own paths
    begins like a prefix may, so the two can't be mixed up. The link that is printed at start has the prefix and works
    without any proxy, too.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            path = scope["path"]
            if path != self._root_path and not path.startswith(self._root_path + "/"):
                path = self._root_path + path
            scope = {**scope, "path": path, "root_path": self._root_path}
        await self._app(scope, receive, send)
