"""The frame around every page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class Shell:
    """Navigator, header and messages; the pages build on it."""

    section: str

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", level=1, name=self.section)
        self.cards = page.get_by_role("main").get_by_role("article")

    def open(self) -> None:
        """Go there by the navigator, opening it first where it is folded away."""
        unfold = self.page.get_by_role("button", name="Open navigator")
        link = self.page.get_by_role("navigation", name="Main").get_by_role("link", name=self.section, exact=True)
        expect(unfold.or_(link).first).to_be_visible()
        if unfold.is_visible():
            unfold.click()
        link.click()
        expect(self.heading).to_be_visible()

    def count(self, text: str) -> Locator:
        """Return the count beside the heading, such as `1 pipeline`."""
        return self.page.get_by_role("banner").get_by_text(text, exact=True)

    def card(self, name: str) -> Locator:
        """Return the card of that name."""
        return self.page.get_by_role("article", name=name, exact=True)

    def message(self, text: str) -> Locator:
        """Return a confirmation message."""
        return self.page.get_by_role("alert").filter(has_text=text)

    @property
    def offline(self) -> Locator:
        """The line that says that nobody answers."""
        return self.page.get_by_role("banner").get_by_role("status").filter(has_text="The server doesn't answer")

    def sign_out(self) -> None:
        """End the session by the user menu."""
        self.page.get_by_role("button", name="User menu").click()
        self.page.get_by_role("menuitem", name="Sign out").click()

    def choose_colours(self, scheme: str) -> None:
        """Choose `System`, `Light` or `Dark` in the user menu."""
        self.page.get_by_role("button", name="User menu").click()
        self.page.get_by_role("menuitemradio", name=scheme).click()
        self.page.keyboard.press("Escape")


class Modal:
    """A dialog that is open."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog", name=name, exact=True)
        expect(self.dialog).to_be_visible()

    def press(self, name: str) -> None:
        """Press one of the dialog's buttons."""
        self.dialog.get_by_role("button", name=name, exact=True).click()

    def expect_closed(self) -> None:
        """Wait until the dialog is gone."""
        expect(self.dialog).to_be_hidden()

    def alert(self, text: str) -> Locator:
        """Return an error that the dialog shows."""
        return self.dialog.get_by_role("alert").filter(has_text=text)

    def close(self) -> None:
        """Leave by the keyboard."""
        self.page.keyboard.press("Escape")
        self.expect_closed()


class Upload(Modal):
    """A dialog that sends files."""

    file_label: str

    @property
    def files(self) -> Locator:
        """The field that takes files."""
        return self.dialog.get_by_label(self.file_label)

    def choose(self, *files: Path) -> None:
        """Choose files as a person does in the browser's own dialog."""
        self.files.set_input_files(list(files))

    @property
    def progress(self) -> Locator:
        """How much was sent."""
        return self.dialog.get_by_role("progressbar", name="Upload progress")


class Deletion(Modal):
    """The question before something is deleted."""

    def confirm(self) -> None:
        """Answer it with yes."""
        self.press("Delete")

    def cancel(self) -> None:
        """Answer it with no."""
        self.press("Cancel")
        self.expect_closed()
