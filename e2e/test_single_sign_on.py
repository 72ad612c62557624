"""Who signs in by OpenID Connect: over a real provider and back, with what it says that they may do here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, provided
from playwright.sync_api import Page, expect

from e2e.accessibility import barriers
from e2e.page_models.home import HomePage
from e2e.page_models.settings import SettingsPage
from e2e.page_models.sign_in import SignInPage
from e2e.watch import Watch


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provided() as provider:
        yield provider


@pytest.fixture
def settings(provider: Provider) -> dict[str, str]:
    return {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_title": "Our company",
        "oidc_admin": "admins",
        "oidc_read": "engineers",
    }


@pytest.mark.addresses
def test_one_signs_in_elsewhere_and_is_here_what_one_is_there(
    provider: Provider, stranger: Page, watch: Watch, address: str, picture: Callable[[Page, str], None]
) -> None:
    watch.expect(401)  # nobody is signed in yet
    stranger.goto(f"{address}/models")
    sign_in, home, settings = SignInPage(stranger), HomePage(stranger), SettingsPage(stranger)
    provider.claims["roles"] = ["guests"]
    sign_in.elsewhere("Our company")
    expect(stranger.get_by_role("alert")).to_contain_text("none of your roles lets you in here")
    expect(sign_in.heading).to_be_visible()
    assert barriers(stranger) == []
    picture(stranger, "sign-in-no-role")

    for roles, role, parts in (
        (["engineers"], "READ", ["Account", "Server"]),
        (["engineers", "admins"], "ADMIN", ["Account", "Tokens", "Users", "Sessions", "Server"]),
    ):
        provider.claims["roles"] = roles
        sign_in.elsewhere("Our company")
        expect(home.heading).to_be_visible()
        expect(stranger).to_have_url(f"{address}/")
        settings.open()
        expect(stranger.get_by_role("tab")).to_have_text(parts)
        account = settings.part("Account")
        for fact in ("ada", "single sign-on", role):
            expect(account.get_by_role("definition").get_by_text(fact, exact=True)).to_be_visible()
        settings.sign_out()
        expect(sign_in.heading).to_be_visible()
        expect(stranger.get_by_role("alert")).to_have_count(0)
        stranger.reload()
        expect(sign_in.heading).to_be_visible()
