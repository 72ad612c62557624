"""How many connections there may be, and what of the limit of open files is left for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sluice.api.connection_counts import ConnectionCounts
from sluice.connections import MOST_SURPLUS, Connections

ROOM = "from sluice.connections import room_for; import resource; print(room_for(2000), *resource.getrlimit(7))"


class Client:
    """A connection that notes when it is closed."""

    open = True

    def hang_up(self) -> None:
        self.open = False


def test_beyond_the_limit_a_connection_is_told_why_until_another_one_goes() -> None:
    connections, first = Connections(2, 2), Client()
    assert [connections.enter(client, "a") for client in (first, Client())] == [None, None]
    refused = Client()
    assert "SLUICE_MAX_CONNECTIONS)" in (connections.enter(refused, "b") or "")
    connections.leave(refused, "b", surplus=True)
    connections.leave(first, "a", surplus=False)
    assert connections.enter(Client(), "b") is None


def test_one_address_can_t_take_all() -> None:
    connections = Connections(10, 2)
    clients = [Client() for _ in range(3)]
    told = [connections.enter(client, "a") for client in clients]
    assert told[:2] == [None, None] and "SLUICE_MAX_CONNECTIONS_PER_ADDRESS" in (told[2] or "")
    assert connections.enter(Client(), "b") is None
    connections.leave(clients[2], "a", surplus=True)
    assert connections.enter(Client(), "a")
    connections.leave(clients[0], "a", surplus=False)
    assert connections.enter(Client(), "a") is None


@pytest.mark.parametrize(
    ("address", "is_limited"), [("10.1.2.3", False), ("::1", False), ("11.1.2.3", True), ("", True)]
)
def test_proxies_bring_the_connections_of_many(address: str, is_limited: bool) -> None:
    connections = Connections(10, 1, ("10.0.0.0/8", "::1"))
    assert connections.enter(Client(), address) is None
    assert (connections.enter(Client(), address) is not None) == is_limited


def test_what_is_open_and_what_was_refused_is_counted() -> None:
    connections, counts = Connections(3, 2), ConnectionCounts()
    connections.count_in(counts)
    clients = [Client() for _ in range(6)]
    surplus = [
        connections.enter(client, address) is not None for client, address in zip(clients, "aaabbb", strict=True)
    ]
    assert surplus == [False, False, True, False, True, True]
    assert (counts.open, counts.most, counts.refused) == (3, 3, {"address": 1, "all": 2})
    for client, address, was_surplus in zip(clients, "aaabbb", surplus, strict=True):
        connections.leave(client, address, surplus=was_surplus)
    assert (counts.open, counts.refused.total()) == (0, 3)


def test_of_those_that_are_too_many_the_oldest_goes() -> None:
    connections = Connections(1, 1)
    connections.enter(Client(), "a")
    clients = [Client() for _ in range(MOST_SURPLUS + 2)]
    assert all(connections.enter(client, "a") for client in clients)
    assert [client.open for client in clients] == [False, False, *[True] * MOST_SURPLUS]


@pytest.mark.parametrize(
    ("soft", "hard", "told"),
    [
        (256, 10_000, "2000 4640 10000"),  # raised as far as it takes
        (256, 1024, "192 1024 1024"),  # and no further than it may be
        (9000, 9000, "2000 9000 9000"),
        (64, 64, "1 64 64"),
    ],
)
def test_the_limit_of_open_files_leaves_room(soft: int, hard: int, told: str) -> None:
    limited = f"ulimit -Sn {soft} && ulimit -Hn {hard} && exec {sys.executable} -c '{ROOM}'"
    ran = subprocess.run(["sh", "-c", limited], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == told
    assert ("SLUICE_MAX_CONNECTIONS" in ran.stderr) == (not told.startswith("2000"))
