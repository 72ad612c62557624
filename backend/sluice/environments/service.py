"""The environments of one server: known by key, built once however many ask, kept while anybody needs them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sluice.entities import ScriptHeader
from sluice.environments.building import Builder
from sluice.environments.folders import Folders
from sluice.environments.installer import BuildFailed, PackageSource, Uv
from sluice.environments.known import Entry, Environment, NotReady, State
from sluice.environments.mending import without_paths
from sluice.environments.standard import newest, standards
from sluice.environments.wanted import Wanted
from sluice.errors import Conflict, NotFound

log = logging.getLogger(__name__)

_AT_ONCE = 2
_LOG_BYTES = 1 << 20
# A pool tries again and again; the index isn't asked each time.
_RETRY_S = 30.0
_FRESH_S = 900.0


class Environments:
    """Makes, finds and removes them.

    Args:
        folder: of all environments.
        source: where packages come from.
        enabled: whether anything may be installed; what is built already is used in any case.
        timeout_s: longest that one step of a build may take.
        wait_s: longest that `ready` waits for a build.
        most_bytes: beyond that, what nobody needs is removed.
        needed: returns the keys that pipelines and scripts need.

    Attributes:
        enabled: as given.
        differing: in words where the server's own libraries aren't those of the newest standard.
        on_ready: told the key of each that was built.
    """

    def __init__(
        self,
        folder: Path,
        source: PackageSource,
        *,
        enabled: bool,
        timeout_s: float,
        wait_s: float,
        most_bytes: int,
        needed: Callable[[], Collection[str]],
    ) -> None:
        self.enabled = enabled
        self.differing = newest().differing()
        self.on_ready: Callable[[str], Coroutine[Any, Any, None]] | None = None
        self._source = source
        self._folders = Folders(folder)
        self._uv = Uv(source, self._folders.cache, timeout_s)
        self._builder = Builder(self._folders, self._uv)
        self._wait_s = wait_s
        self._most_bytes = most_bytes
        self._needed = needed
        self._entries: dict[str, Entry] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._tidying = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Find what was built before; what a killed build left behind is removed."""
        await asyncio.to_thread(self._load)
        if self.differing:
            log.warning(
                "The server's libraries aren't those of the %s environment, which scripts without a header get: %s",
                newest().key,
                ", ".join(self.differing),
            )

    async def close(self) -> None:
        """Stop building."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)

    def key_of(self, headers: Iterable[ScriptHeader | None]) -> str | None:
        """Return the key of what scripts with these headers need, or None where they name nothing."""
        wanted = Wanted.by(headers)
        if wanted is None:
            return None
        self._entries.setdefault(wanted.key, Entry(wanted))
        return wanted.key

    def all(self) -> list[Environment]:
        """Return what is known of each, the standards first."""
        keys = [*standards(), *(key for key in self._entries if key not in standards())]
        return [self.get(key) for key in keys]

    def get(self, key: str, headers: Iterable[ScriptHeader | None] = ()) -> Environment:
        """Return how an environment is doing.

        Args:
            key: of the environment.
            headers: of the scripts that need it, where they are known; it is told of then in any case.

        Raises:
            NotFound: there is none of that key.
        """
        wanted = Wanted.by(headers)
        try:
            entry = self._entry(key, wanted)
        except NotFound:
            if wanted is None:
                raise
            return Environment(key, "failed", wanted.requires, (), LOST, None)
        requires = entry.source.requires if isinstance(entry.source, Wanted) else ()
        return Environment(key, self._state(key, entry), requires, entry.packages, entry.reason, entry.finished_at)

    def log(self, key: str) -> str:
        """Return what the last build said, without secrets and without this machine's folders.

        Raises:
            NotFound: there is no environment of that key.
        """
        self._entry(key)
        try:
            with self._folders.log(key).open("rb") as file:
                return without_paths(self._source.without_secrets(file.read(_LOG_BYTES).decode(errors="replace")))
        except FileNotFoundError:
            return ""

    def start(self, key: str | None, headers: Iterable[ScriptHeader | None] = ()) -> None:
        """Begin to build an environment unless it is built, being built, unknown, or nothing may be.

        Args:
            key: of the environment; None means none.
            headers: as in `get`.
        """
        try:
            entry = self._entry(key or newest().key, Wanted.by(headers))
        except NotFound:
            return
        entry.used_at = datetime.now(UTC)
        if key and self._state(key, entry) in ("absent", "failed"):
            self._begin(key, entry)

    def rebuild(self, key: str) -> None:
        """Begin to install an environment anew, in the same versions if these are settled.

        Raises:
            NotFound: there is no environment of that key.
            Conflict: nothing may be installed here, or it is what the server itself is installed with.
        """
        self.check_rebuilding(key)
        entry = self._entry(key)
        if not entry.build:
            self._begin(key, entry, again=True)

    def check_rebuilding(self, key: str) -> None:
        """Refuse what `rebuild` refuses; raises as it does."""
        self._entry(key)
        if key == newest().key:
            raise Conflict(f"'{key}' is what the server itself is installed with; nothing is built for it.")
        if not self.enabled:
            raise Conflict(OFF)

    async def ready(self, key: str, requires: Iterable[str] = ()) -> None:
        """Return once workers can start in an environment.

        Args:
            key: of the environment.
            requires: what scripts name, where this server hasn't heard of it yet.

        Raises:
            NotReady: it can't be built, or isn't yet.
        """
        try:
            entry = self._entry(key, Wanted.of(requires))
        except NotFound:
            raise NotReady(LOST) from None
        entry.used_at = datetime.now(UTC)
        entry.built = entry.built and await asyncio.to_thread(self._folders.is_built, key)
        state = self._state(key, entry)
        if state == "ready":
            return
        if state == "off":
            raise NotReady(f"Its scripts need packages that aren't installed here: {entry.listed}. {OFF}")
        if state == "failed" and entry.failed_at:
            again_s = _RETRY_S - (entry.used_at - entry.failed_at).total_seconds()
            if again_s > 0:
                raise entry.failed(key, again_s)
        if state in ("absent", "failed"):
            self._begin(key, entry)
        assert entry.build
        await asyncio.wait([entry.build], timeout=self._wait_s)
        if entry.build:
            raise NotReady(f"The packages {entry.listed} are still being installed. Try again.", building=True)
        if entry.reason:
            raise entry.failed(key, _RETRY_S)

    async def tidy(self) -> None:
        """Remove what nobody needs, the longest unused first, as far as too much room is taken."""
        async with self._tidying:
            while await asyncio.to_thread(self._folders.size_bytes) > self._most_bytes:
                needed = {*self._needed(), *(key for key, entry in self._entries.items() if entry.build)}
                unneeded = [key for key, entry in self._entries.items() if key not in needed and _is_old(entry)]
                if not unneeded:
                    break
                oldest = min(unneeded, key=lambda key: self._entries[key].used_at)
                del self._entries[oldest]
                aside = self._folders.set_aside(oldest)  # at once: who asks for it meanwhile has it built anew
                await asyncio.to_thread(self._folders.remove, aside)
            else:
                return
            await self._uv.clear_cache(self._folders.root / "cache.log")

    def _load(self) -> None:
        self._folders.prepare()
        for key in self._folders.keys():
            try:
                self._recall(key)
            except (ValueError, KeyError, TypeError) as error:
                log.warning("what was known of the environment %s can't be read: %s", key, error)

    def _recall(self, key: str) -> None:
        record = self._folders.read_record(key)
        if record["wanted"] is None and key not in standards():
            return
        entry = Entry(standards().get(key) or Wanted.from_json(record["wanted"]))
        entry.reason = record["reason"]
        entry.finished_at = datetime.fromisoformat(record["finishedAt"]) if record["finishedAt"] else None
        self._entries[key] = entry
        self._look(key, entry)

    def _look(self, key: str, entry: Entry) -> None:
        entry.built = self._folders.is_built(key)
        entry.packages = tuple(self._folders.pins(key)) or entry.packages

    def _entry(self, key: str, wanted: Wanted | None = None) -> Entry:
        if key not in self._entries:
            if key in standards():
                self._entries[key] = Entry(standards()[key])
            elif wanted and wanted.key == key:
                self._entries[key] = Entry(wanted)
            else:
                raise NotFound(f"There is no environment '{key}'.")
        return self._entries[key]

    def _state(self, key: str, entry: Entry) -> State:
        if entry.build:
            return "building"
        if key == newest().key or entry.built:
            return "ready"
        if not self.enabled:
            return "off"
        return "failed" if entry.reason else "absent"

    def _begin(self, key: str, entry: Entry, *, again: bool = False) -> None:
        entry.build = self._run(self._build(key, entry, again))

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _build(self, key: str, entry: Entry, again: bool) -> None:
        reason: str | None = "The server was stopped meanwhile."
        entry.unreachable = False
        try:
            await asyncio.to_thread(self._note, key, entry, begins=True)
            async with self._gate:
                await self._builder.build(key, entry.source, again=again)
            await asyncio.to_thread(self._look, key, entry)
            reason = None
        except BuildFailed as failed:
            reason, entry.unreachable = str(failed), failed.unreachable
        except OSError as error:
            reason = f"Its files can't be written: {error.strerror}."
        finally:
            entry.reason, entry.finished_at, entry.build = reason, datetime.now(UTC), None
            entry.failed_at = entry.finished_at if reason else None
            with contextlib.suppress(OSError):
                self._note(key, entry)
            if reason:
                log.warning("environment %s can't be built: %s", key, reason)
            else:
                log.info("environment %s was built", key)
        if self.on_ready and not reason:
            self._run(self.on_ready(key))
        self._run(self.tidy())

    def _note(self, key: str, entry: Entry, *, begins: bool = False) -> None:
        self._folders.write_record(key, entry.to_json())
        with self._folders.log(key).open("w" if begins else "a", encoding="utf-8") as file:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            if begins:
                file.write(f"{now} Building for: {entry.listed}\n")
            else:
                file.write(f"{now} {'Failed: ' + entry.reason if entry.reason else 'Ready'}\n")


LOST = (
    "It was made under another version of the server, and which packages it had is lost. "
    "Upload its script again to have them installed anew."
)
OFF = "Installing packages is switched off on this server; its setting SLUICE_ENVIRONMENTS permits it."


def _is_old(entry: Entry) -> bool:
    """Tell whether nobody asked for it lately; what a pipeline that is being added needs isn't old."""
    return isinstance(entry.source, Wanted) and (datetime.now(UTC) - entry.used_at).total_seconds() > _FRESH_S
