"""A PostgreSQL server of our own: made, used and thrown away by the tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import migrated
import pytest

from sluice.storage import config


@dataclass(frozen=True)
class PostgresCluster:
    """A running PostgreSQL server that listens on a socket in its own folder only."""

    binaries: Path
    folder: Path
    user: str | None
    template: list[str] = field(default_factory=list)

    @property
    def data(self) -> str:
        """The server's own folder."""
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
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
            pytest.fail(f"{program} failed: {done.stderr or done.stdout}")

    def new_database(self) -> str:
        """Make a database that the migrations have seen, but that holds nothing, and return its URL."""
        if not self.template:
            self.template.append(self.empty_database())
            migrated.migrate(config.postgres_config(self.template[0]))
        return self._create("--template", _name(self.template[0]))

    def empty_database(self) -> str:
        """Make an empty database and return its URL."""
        return self._create()

    def _create(self, *arguments: str) -> str:
        name = f"test_{uuid4().hex}"
        self.run("createdb", "--host", str(self.folder), "--username", "sluice", *arguments, name)
        return f"postgresql://sluice@/{name}?host={quote(str(self.folder), safe='')}"

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        self.run("dropdb", "--force", "--host", str(self.folder), "--username", "sluice", _name(url))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = (
            f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        )
        log = str(self.folder / "log")
        self.run("pg_ctl", "start", "--wait", "--pgdata", self.data, "--log", log, "--options", options)

    def stop(self) -> None:
        """Stop the server; every connection to it breaks."""
        self.run("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", self.data)


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """Make a server and start it; at the end it is stopped and removed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        pytest.fail("PostgreSQL isn't installed. On Debian: apt-get install postgresql")
    # A folder of its own: PostgreSQL refuses to run as root, and its user may not enter pytest's.
    folder = Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    cluster = PostgresCluster(Path(initdb).parent, folder, user)
    try:
        cluster.run(
            "initdb", "--pgdata", cluster.data, "--auth=trust", "--username=sluice", "--no-sync", "--encoding=UTF8"
        )
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder)


def _name(url: str) -> str:
    return url.split("/")[3].split("?")[0]
