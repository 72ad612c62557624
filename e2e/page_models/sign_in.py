"""The page on which one who isn't signed in ends up."""

from __future__ import annotations

from playwright.sync_api import Page, expect


class SignInPage:
    """Asks for an API token, and where there are users for name and password first."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", name="Sign in")
        self.token = page.get_by_label("API token", exact=True)
        self.name = page.get_by_label("Name", exact=True)
        self.password = page.get_by_label("Password", exact=True)
        self.submit = page.get_by_role("button", name="Sign in")

    def sign_in(self, token: str) -> None:
        """Send a token."""
        self.token.fill(token)
        self.submit.click()

    def enter(self, token: str) -> None:
        """Send a good token, and wait until it has been taken."""
        self.sign_in(token)
        expect(self.heading).to_have_count(0)

    def sign_in_as(self, name: str, password: str) -> None:
        """Send a name and a password."""
        self.name.fill(name)
        self.password.fill(password)
        self.submit.click()

    def elsewhere(self, title: str) -> None:
        """Go where the single sign-on of this title is, which sends one back."""
        self.page.get_by_role("link", name=f"Sign in with {title}", exact=True).click()

    def choose(self, way: str) -> None:
        """Choose `Name and password` or `An API token`."""
        self.page.get_by_role("radiogroup", name="Sign in with").locator("label", has_text=way).click()
