"""The Settings page: one's own account, tokens, users, sessions and the server itself."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.shell import Modal, Shell


class SettingsPage(Shell):
    """Parts with addresses of their own, each behind a tab."""

    section = "Settings"

    def part(self, name: str) -> Locator:
        """Show a part and return what is on it."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        panel = self.page.get_by_role("tabpanel", name=name)
        expect(panel).to_be_visible()
        return panel

    def row(self, name: str) -> Locator:
        """Return the row of a token, user or session."""
        head = self.page.get_by_role("rowheader", name=name)
        return self.page.get_by_role("main").get_by_role("row").filter(has=head)

    def make_token(self, name: str, role: str, *pipelines: str) -> str:
        """Make a token and return its secret, as a person copies it."""
        self.part("Tokens").get_by_role("button", name="New token").click()
        form = AccessForm(self.page, "New token")
        form.fill("Name", name)
        form.grant(role, *pipelines)
        form.press("Make the token")
        made = Modal(self.page, f"Token {name}")
        secret = made.dialog.get_by_label("Secret", exact=True)
        expect(secret).to_be_focused()
        value = secret.input_value()
        made.press("Done")
        made.expect_closed()
        expect(self.row(name)).to_be_visible()
        return value

    def add_user(self, name: str, password: str, role: str, *pipelines: str) -> None:
        """Add a user."""
        self.part("Users").get_by_role("button", name="Add user").click()
        form = AccessForm(self.page, "Add user")
        form.fill("Name", name)
        form.fill("Password", password)
        form.grant(role, *pipelines)
        form.press("Add user")
        form.expect_closed()
        expect(self.row(name)).to_be_visible()

    def change_user(self, name: str) -> AccessForm:
        """Open what changes a user."""
        self.page.get_by_role("button", name=f"Change user {name}", exact=True).click()
        return AccessForm(self.page, f"Change user {name}")

    def ask(self, action: str, name: str, title: str | None = None) -> Modal:
        """Ask to revoke, remove or end something."""
        self.row(name).get_by_role("button", name=action).click()
        return Modal(self.page, title or f"{action} {name}")

    def change_password(self, current: str, new: str) -> None:
        """Give oneself another password."""
        form = self.part("Account").get_by_role("form", name="Password")
        form.get_by_label("Current password", exact=True).fill(current)
        form.get_by_label("New password", exact=True).fill(new)
        form.get_by_role("button", name="Change password").click()


class AccessForm(Modal):
    """A dialog that says who may do what."""

    def fill(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.dialog.get_by_role("textbox", name=label, exact=True).fill(text)

    def grant(self, role: str, *pipelines: str) -> None:
        """Choose a role, and for PREDICT its pipelines."""
        self.dialog.get_by_role("radio", name=role, exact=True).check()
        for name in pipelines:
            self.dialog.get_by_role("combobox", name="Pipelines").click()
            self.page.get_by_role("option", name=name, exact=True).click()
            self.dialog.get_by_role("radio", name=role, exact=True).focus()  # closes the list


class CallerPage:
    """The one page of role PREDICT."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", level=1, name="Your pipelines")
        self.pipelines = page.get_by_role("navigation", name="Pipelines").get_by_role("link")
        self.trying = page.get_by_role("tabpanel", name="Try it")
