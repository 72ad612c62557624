"""Which names the server answers to."""

from __future__ import annotations

import socket

import pytest

from sluice.api.hosts import Hosts
from sluice.settings import Settings, SettingsError

ALWAYS = [
    "localhost",
    "LOCALHOST:8000",
    "a.localhost",
    "127.0.0.1:8000",
    "[::1]:8000",
    "10.1.2.3",
    "",
    "localhost.",
]
NEVER = [
    "elsewhere.test",
    "localhost.elsewhere.test",
    "127.0.0.1.elsewhere.test",
    "1",
    "0x7f.1",
    "localhost:80:80",
    "a b",
    "[::1%elsewhere.test]",
]


def hosts(**settings: str) -> Hosts:
    return Hosts(Settings.load({}, **settings))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_addresses_and_localhost_are_answered_to_and_no_name_of_others(host: str) -> None:
    found = hosts(host=host)
    assert [name for name in ALWAYS if not found.allows(name)] == []
    assert [name for name in NEVER if found.allows(name)] == []


def test_its_own_name_is_answered_to_where_others_reach_it() -> None:
    assert hosts(host="0.0.0.0").allows(socket.gethostname())
    assert hosts(host="127.0.0.1").allows(socket.gethostname()) == (socket.gethostname() == "localhost")


def test_names_that_are_set() -> None:
    found = hosts(allowed_hosts="ML.example.com, *.lan")
    allowed = ["ml.example.com", "Ml.Example.com:443", "a.lan", "b.a.lan:1", "localhost"]
    assert [name for name in allowed if not found.allows(name)] == []
    assert [name for name in ("example.com", "x.ml.example.com", "lan", "alan", *NEVER) if found.allows(name)] == []
    assert hosts(allowed_hosts="*").allows("elsewhere.test")


@pytest.mark.parametrize("value", ["https://ml.example.com", "ml.example.com:443", "a b", "*.*", "a..b", "-a"])
def test_what_is_no_name_stops_the_start(value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        hosts(allowed_hosts=value)
    assert refusal.value.key == "SLUICE_ALLOWED_HOSTS"
