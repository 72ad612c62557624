"""What one sees without a reload: others' changes, and that the server is away and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.shell import Shell
from e2e.page_models.sign_in import SignInPage
from e2e.server import Server
from e2e.watch import Watch

ADMIN_TOKEN = "slc_only-for-the-browser-tests-0123456789"
# Far below what polling would take.
SOON_MS = 3_000


@pytest.fixture
def settings() -> dict[str, str]:
    return {"admin_token": ADMIN_TOKEN}


@pytest.fixture
def other(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Another operator's browser, on the Models page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/models")
    SignInPage(page).sign_in(ADMIN_TOKEN)
    expect(ModelsPage(page).heading).to_be_visible()
    yield page
    context.close()


@pytest.mark.addresses
def test_another_operator_s_changes_appear_by_themselves(operator: Page, other: Page) -> None:
    here, there = ModelsPage(operator), ModelsPage(other)
    here.open()
    there.upload(DIGITS.model)
    expect(here.card("digits")).to_be_visible(timeout=SOON_MS)
    expect(here.count("1 model")).to_be_visible()
    pipelines = PipelinesPage(other)
    pipelines.open()
    form = pipelines.add()
    form.fill("numbers", "digits")
    form.apply()
    form.expect_closed()
    expect(here.card("digits").get_by_text("in 1 pipeline")).to_be_visible(timeout=SOON_MS)
    PipelinesPage(operator).open()
    expect(PipelinesPage(operator).card("numbers").get_by_text("ready", exact=True)).to_be_visible()
    deletion = pipelines.delete("numbers")
    deletion.confirm()
    expect(PipelinesPage(operator).card("numbers")).to_be_hidden(timeout=SOON_MS)


@pytest.mark.addresses
def test_a_server_that_is_away_is_told_and_comes_back_by_itself(
    demo: Page, server: Server, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    shell: Shell = PipelinesPage(demo)
    expect(shell.offline).to_be_hidden()
    with watch.server_away():
        server.stop()
        expect(shell.offline).to_be_visible()
        expect(shell.card("digits")).to_be_visible()
        picture(demo, "offline")
        demo.set_viewport_size({"width": 360, "height": 740})
        assert demo.evaluate("document.documentElement.scrollWidth") <= 360
        picture(demo, "offline-narrow")
        server.start()
        expect(shell.offline).to_be_hidden()
    expect(shell.card("digits")).to_be_visible()
