"""Who comes in, and how far."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import barriers
from e2e.page_models.home import HomePage
from e2e.page_models.models import ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.sign_in import SignInPage
from e2e.server import Server
from e2e.watch import Watch

ADMIN_TOKEN = "slc_only-for-the-browser-tests-0123456789"
with_token = pytest.mark.parametrize("settings", [{"admin_token": ADMIN_TOKEN}])


@pytest.mark.addresses
def test_a_stranger_is_asked_to_sign_in(stranger: Page, watch: Watch, address: str) -> None:
    watch.expect(401)
    stranger.goto(f"{address}/models")
    expect(SignInPage(stranger).heading).to_be_visible()
    expect(ModelsPage(stranger).heading).to_be_hidden()


@pytest.mark.addresses
def test_a_link_works_once(operator: Page, watch: Watch, link: str) -> None:
    PipelinesPage(operator).sign_out()
    expect(SignInPage(operator).heading).to_be_visible()
    watch.expect(401)
    operator.goto("about:blank")
    operator.goto(link)
    expect(operator.get_by_text("This link doesn't work any more")).to_be_visible()


@with_token
@pytest.mark.addresses
def test_a_token_signs_in_and_a_wrong_one_does_not(stranger: Page, watch: Watch, address: str) -> None:
    watch.expect(401)
    stranger.goto(f"{address}/")
    sign_in = SignInPage(stranger)
    sign_in.sign_in("slc_wrong")
    expect(sign_in.heading).to_be_visible()
    expect(sign_in.token).to_have_accessible_description(re.compile("unknown, revoked or expired"))
    sign_in.sign_in(ADMIN_TOKEN)
    expect(HomePage(stranger).heading).to_be_visible()
    PipelinesPage(stranger).open()
    expect(PipelinesPage(stranger).add_button.first).to_be_visible()


def test_who_may_only_read_sees_nothing_to_change(demo: Page, server: Server) -> None:
    token = server.run("token", "create", "reader")
    pipelines = PipelinesPage(demo)
    pipelines.sign_out()
    SignInPage(demo).sign_in(token)
    expect(pipelines.card("digits")).to_be_visible()
    expect(pipelines.add_button).to_have_count(0)
    expect(demo.get_by_role("button", name="Delete pipeline")).to_have_count(0)
    models = ModelsPage(demo)
    models.open()
    expect(models.card("digits")).to_be_visible()
    expect(models.add_button).to_have_count(0)


@pytest.mark.parametrize("settings", [{"no_auth": "true"}])
def test_every_page_says_that_nobody_has_to_sign_in(
    stranger: Page, address: str, picture: Callable[[Page, str], None]
) -> None:
    stranger.goto(f"{address}/")
    expect(HomePage(stranger).heading).to_be_visible()
    remark = stranger.get_by_role("banner").get_by_text("Nobody has to sign in here")
    expect(remark).to_be_visible()
    assert barriers(stranger) == []
    stranger.set_viewport_size({"width": 360, "height": 760})
    picture(stranger, "narrow-no-auth")
    assert stranger.evaluate("document.documentElement.scrollWidth") == 360
    for path in ("models", "docs", "settings/users"):
        stranger.goto(f"{address}/{path}")
        expect(remark).to_be_visible()
    stranger.get_by_role("button", name="User menu").click()
    expect(stranger.get_by_role("menuitem", name="API documentation")).to_be_visible()
    expect(stranger.get_by_role("menuitem", name="Sign out")).to_have_count(0)
