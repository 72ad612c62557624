"""The page on which one who isn't signed in ends up."""

from __future__ import annotations

from playwright.sync_api import Page


class SignInPage:
    """Asks for an API token."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", name="Sign in")
        self.token = page.get_by_label("API token", exact=True)
        self.submit = page.get_by_role("button", name="Sign in")

    def sign_in(self, token: str) -> None:
        """Send a token."""
        self.token.fill(token)
        self.submit.click()
