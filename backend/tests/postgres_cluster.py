"""A PostgreSQL server of our own, whose databases the migrations have seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import migrated

from reliability.store import cluster
from sluice.storage import config


@dataclass(frozen=True)
class PostgresCluster(cluster.Cluster):
    template: list[str] = field(default_factory=list)

    def new_database(self) -> str:
        """Make a database that the migrations have seen, but that holds nothing, and return its URL."""
        if not self.template:
            self.template.append(self.empty_database())
            migrated.migrate(config.postgres_config(self.template[0]))
        return self.copied_database(self.template[0])


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """Make a server and start it; at the end it is stopped and removed."""
    with cluster.running_cluster(PostgresCluster) as running:
        yield running
