"""Who may do what, set up by an administrator: tokens, and what role PREDICT sees of all that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.settings import CallerPage, SettingsPage
from e2e.page_models.sign_in import SignInPage
from e2e.page_models.try_it import TryIt
from e2e.watch import Watch


@pytest.fixture
def other(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Somebody else's browser, in which nobody is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.mark.addresses
def test_a_token_calls_its_pipelines_and_nothing_else_until_it_is_revoked(
    demo: Page, other: Page, address: str, picture: Callable[[Page, str], None]
) -> None:
    settings = SettingsPage(demo)
    settings.open()
    secret = settings.make_token("line 4", "PREDICT", "digits")
    expect(settings.row("line 4")).to_contain_text("not yet")
    picture(demo, "settings-tokens")

    SignInPage(other).sign_in(secret)
    caller = CallerPage(other)
    expect(caller.heading).to_be_visible()
    expect(caller.pipelines).to_have_text(["digits"])
    attempt = TryIt(caller.trying)
    attempt.run_file(DIGITS.picture)
    expect(attempt.answer).to_contain_text(DIGITS.answer)
    picture(other, "caller")
    other.goto(f"{address}/models")
    expect(caller.heading).to_be_visible()

    demo.reload()
    expect(settings.row("line 4")).not_to_contain_text("not yet")
    settings.ask("Revoke token", "line 4").press("Revoke")
    expect(settings.message("Token 'line 4' was revoked.")).to_be_visible()
    other.reload()
    expect(SignInPage(other).heading).to_be_visible()
