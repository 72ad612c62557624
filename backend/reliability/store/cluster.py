"""A PostgreSQL server of our own, for rows and tests that need one: made, used and thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote
from uuid import uuid4


class NoPostgres(Exception):
    """PostgreSQL isn't installed; the message says how to install it."""


class PostgresFailed(Exception):
    """One of its programs failed; the message is what it said."""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL server that listens on a socket in its own folder only."""

    binaries: Path
    folder: Path
    user: str | None

    @property
    def data(self) -> str:
        """The server's own folder."""
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user.

        Raises:
            PostgresFailed: it failed.
        """
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(
            command,
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresFailed(f"{program} failed: {done.stderr or done.stdout}")

    def empty_database(self) -> str:
        """Make an empty database and return its URL."""
        return self._create()

    def copied_database(self, url: str) -> str:
        """Make a database that holds what another one does, and return its URL."""
        return self._create("--template", _name(url))

    def _create(self, *arguments: str) -> str:
        name = f"test_{uuid4().hex}"
        self.run("createdb", "--host", str(self.folder), "--username", "sluice", *arguments, name)
        return f"postgresql://sluice@/{name}?host={quote(str(self.folder), safe='')}"

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        self.run("dropdb", "--force", "--host", str(self.folder), "--username", "sluice", _name(url))

    def start(self) -> None:
        """Start the server and wait until it answers; it writes as if nothing could happen to it, which is quick."""
        options = (
            f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        )
        log = str(self.folder / "log")
        self.run("pg_ctl", "start", "--wait", "--pgdata", self.data, "--log", log, "--options", options)

    def stop(self) -> None:
        """Stop the server; every connection to it breaks."""
        self.run("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", self.data)


C = TypeVar("C", bound=Cluster)


@contextmanager
def running_cluster(kind: type[C]) -> Iterator[C]:
    """Make a server of this kind and start it; at the end it is stopped and removed.

    Raises:
        NoPostgres: PostgreSQL isn't installed.
        PostgresFailed: it doesn't run.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        raise NoPostgres("PostgreSQL isn't installed. On Debian: apt-get install postgresql")
    # A folder of its own: PostgreSQL refuses to run as root, and its user may not enter everybody's.
    folder = Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    cluster = kind(Path(initdb).parent, folder, user)
    try:
        cluster.run(
            "initdb", "--pgdata", cluster.data, "--auth=trust", "--username=sluice", "--no-sync", "--encoding=UTF8"
        )
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _name(url: str) -> str:
    return url.split("/")[3].split("?")[0]
