"""How often passwords may be tried."""

from __future__ import annotations

import pytest

from sluice.access import attempts
from sluice.access.attempts import OF_ACCOUNT, OF_ADDRESS, Attempts, network_of
from sluice.errors import TooManyAttempts


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def refused(tries: Attempts, account: str, address: str) -> int:
    with pytest.raises(TooManyAttempts) as refusal:
        tries.begin(account, address)
    return refusal.value.retry_after_s


def test_an_account_has_some_tries_and_gets_one_now_and_then() -> None:
    clock = Clock()
    tries = Attempts(clock)
    for number in range(OF_ACCOUNT.tries):
        tries.begin("ada", f"10.0.0.{number}")
    assert refused(tries, "ada", "10.0.1.1") == OF_ACCOUNT.every_s
    tries.begin("bob", "10.0.0.1")
    clock.now += OF_ACCOUNT.every_s
    tries.begin("ada", "10.0.1.1")
    assert refused(tries, "ada", "10.0.1.1") == OF_ACCOUNT.every_s


def test_an_address_has_more_tries_for_all_accounts_together() -> None:
    tries = Attempts(Clock())
    for number in range(OF_ADDRESS.tries):
        tries.begin(f"user {number}", "10.0.0.1")
    assert refused(tries, "ada", "10.0.0.1") == OF_ADDRESS.every_s
    tries.begin("ada", "10.0.0.2")


def test_a_right_password_frees_the_account_but_an_own_account_doesnt_free_the_address() -> None:
    tries = Attempts(Clock())
    for _ in range(5):
        for _ in range(OF_ACCOUNT.tries - 1):
            tries.begin("ada", "10.0.0.1")
            tries.given_up("ada", "10.0.0.1")
        tries.begin("ada", "10.0.0.1")
        tries.succeeded("ada", "10.0.0.1")
    for number in range(OF_ADDRESS.tries):
        tries.begin(f"victim {number}", "10.0.0.1")
        if number < OF_ADDRESS.tries - 1:
            tries.begin("own", "10.0.0.1")
            tries.succeeded("own", "10.0.0.1")
    refused(tries, "another", "10.0.0.1")


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_KNOWN", 5)
    tries = Attempts(Clock())
    for number in range(100):
        tries.begin(f"user {number}", f"10.0.0.{number}")
    assert len(tries._accounts._missing) == len(tries._addresses._missing) == 5


def test_ipv6_addresses_of_one_network_are_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") != network_of("2001:db8:1::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == "10.0.0.1"
    assert network_of("") == ""
