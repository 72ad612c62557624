"""Who may do what, set up by an administrator: tokens, users, sessions, and what role PREDICT sees of all that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.home import HomePage
from e2e.page_models.settings import CallerPage, SettingsPage
from e2e.page_models.sign_in import SignInPage
from e2e.page_models.try_it import TryIt
from e2e.watch import Watch

PASSWORD = "correct horse battery staple"
OTHER_PASSWORD = "quite another staple"


@pytest.fixture
def other(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Somebody else's browser, in which nobody is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/")
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


def test_a_user_signs_in_changes_the_password_and_is_signed_out_by_an_administrator(
    demo: Page, other: Page, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    settings = SettingsPage(demo)
    settings.open()
    settings.add_user("ann", PASSWORD, "READ")
    other.reload()
    sign_in = SignInPage(other)
    sign_in.sign_in_as("ann", "a guess that is wrong")
    expect(other.get_by_role("alert")).to_contain_text("You are not signed in")
    picture(other, "sign-in-refused")
    sign_in.sign_in_as("ann", PASSWORD)
    expect(HomePage(other).heading).to_be_visible()

    hers = SettingsPage(other)
    hers.open()
    expect(other.get_by_role("tab")).to_have_text(["Account", "Server"])
    hers.change_password(PASSWORD, OTHER_PASSWORD)
    expect(hers.message("Your password was changed")).to_be_visible()

    settings.part("Sessions")
    settings.ask("End the session of", "ann", title="End a session of ann").press("End it")
    expect(settings.message("The session of 'ann' was ended.")).to_be_visible()
    other.reload()
    sign_in.sign_in_as("ann", OTHER_PASSWORD)
    expect(hers.heading).to_be_visible()

    settings.part("Users")
    form = settings.change_user("ann")
    form.grant("PREDICT", "iris")
    form.press("Save")
    form.expect_closed()
    expect(settings.row("ann")).to_contain_text("iris")
    other.reload()
    expect(CallerPage(other).pipelines).to_have_text(["iris"])

    settings.ask("Remove user", "ann").press("Remove")
    expect(settings.message("User 'ann' was removed.")).to_be_visible()
    other.reload()
    expect(sign_in.heading).to_be_visible()

    settings.add_user("bo", PASSWORD, "ADMIN")
    watch.expect(409)
    last = settings.ask("Remove user", "bo")
    last.press("Remove")
    expect(last.alert("Give another user the role ADMIN first.")).to_be_visible()
    picture(demo, "settings-last-administrator")
