"""The same kills as of `store_kills`, with the rows in PostgreSQL: a server of its own, which isn't killed."""

from __future__ import annotations

from pathlib import Path

from reliability.row import Asked, Outcome, Row, main
from reliability.store.cluster import Cluster, NoPostgres, running_cluster
from reliability.store_kills import killed


def measure(asked: Asked, folder: Path) -> Outcome:
    """Kill a thousand times; in short eight times."""
    try:
        with running_cluster(Cluster) as cluster:
            return killed(1_000 if asked.full else 8, folder, asked.seed, cluster.empty_database())
    except NoPostgres as error:
        return Outcome("nothing: there is no PostgreSQL", [str(error)])


ROW = Row("kill -9, PostgreSQL", "the same with the rows in PostgreSQL", measure)

if __name__ == "__main__":
    main(ROW)
