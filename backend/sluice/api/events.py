"""Tells everybody who listens what changed, a few times a second at most, as server-sent events.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from sluice.api.looking import Change, Looking
from sluice.errors import NotAvailable

_LOOK_S = 0.25
_WELCOME_S = 1.0
_MOST_NAMES = 100


class Events:
    """The streams of one server; it looks for changes only while somebody listens.

    Args:
        looking: makes what finds changes from now on.
        most_streams: beyond that, who wants to listen is refused.
        heartbeat_s: after so much silence a comment is sent, so that nobody takes the stream for dead.
    """

    def __init__(self, looking: Callable[[], Looking], *, most_streams: int = 500, heartbeat_s: float = 15.0) -> None:
        self._looking = looking
        self._most_streams = most_streams
        self._heartbeat_s = heartbeat_s
        self._listeners: set[_Listener] = set()
        self._looks: asyncio.Task[None] | None = None
        self._closed = False

    def check_room(self) -> None:
        """Refuse one more stream.

        Raises:
            NotAvailable: too many listen, or the server is stopping.
        """
        if self._closed:
            raise NotAvailable("The server is stopping. Try again.")
        if len(self._listeners) >= self._most_streams:
            raise NotAvailable(f"{self._most_streams} streams of events are open already. Close some.", 60)

    def close(self) -> None:
        """End all streams; there won't be new ones."""
        self._closed = True
        for listener in self._listeners:
            listener.woken.set()
        self._stop_looking()

    async def stream(self, is_welcome: Callable[[], bool]) -> AsyncIterator[str]:
        """Yield what changed, until the server stops or the listener isn't welcome any more.

        Args:
            is_welcome: asked about once a second.
        """
        listener = _Listener()
        self._listeners.add(listener)
        if self._looks is None:
            self._looks = asyncio.create_task(self._look_again_and_again(self._looking()))
        loop = asyncio.get_running_loop()
        said_at = loop.time()
        try:
            yield ": this stream tells what changes\n\n"
            while not self._closed and is_welcome():
                if change := await listener.next_change(_WELCOME_S):
                    yield _event(change)
                    said_at = loop.time()
                elif loop.time() - said_at >= self._heartbeat_s:
                    yield ": nothing new\n\n"
                    said_at = loop.time()
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                self._stop_looking()

    async def _look_again_and_again(self, looking: Looking) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            if change := looking.look():
                for listener in self._listeners:
                    listener.tell(change)

    def _stop_looking(self) -> None:
        if self._looks:
            self._looks.cancel()
            self._looks = None


class _Listener:
    """What one stream hasn't told yet; however slow its reader is, that doesn't grow beyond what there is."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self._change = Change()

    def tell(self, change: Change) -> None:
        self._change |= change
        self.woken.set()

    async def next_change(self, within_s: float) -> Change:
        """Return what is new, or nothing where nothing is within a time, or it was woken for another reason."""
        try:
            await asyncio.wait_for(self.woken.wait(), within_s)
        except TimeoutError:
            return Change()
        change, self._change = self._change, Change()
        self.woken.clear()
        return change


def _event(change: Change) -> str:
    names = sorted(change.names) if len(change.names) <= _MOST_NAMES else []
    data = json.dumps({"what": sorted(change.what), "names": names}, ensure_ascii=False)
    return f"event: changed\ndata: {data}\n\n"
