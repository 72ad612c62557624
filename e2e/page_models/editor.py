"""The editor of a script or another text."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Editor:
    """What stands around one source: its state, its problems, how a save ended."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.frame = page.get_by_role("region", name=f"Editor: {name}", exact=True)
        self.source = page.get_by_role("textbox", name=f"Source: {name}", exact=True)
        self.problems = self.frame.get_by_role("list", name="Problems").get_by_role("listitem")
        self.save_button = self.frame.get_by_role("button", name="Save", exact=True)
        self.changes = self.frame.get_by_role("list", name="What changed").get_by_role("listitem")
        expect(self.source).to_be_visible()

    def text(self) -> str:
        """Return what stands there, as far as it is in sight."""
        return "\n".join(self.source.locator(".cm-line").all_text_contents())

    def write(self, text: str) -> None:
        """Write it in place of all that stands there."""
        self.source.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def write_first(self, line: str) -> None:
        """Write a line above all others."""
        self.source.click()
        self.page.keyboard.press("ControlOrMeta+Home")
        self.page.keyboard.insert_text(line + "\n")

    def press(self, name: str) -> None:
        """Press one of its buttons."""
        self.frame.get_by_role("button", name=name, exact=True).click()

    def state(self, text: str) -> Locator:
        """Return the line that tells whether all is saved, or what a check found."""
        return self.frame.get_by_role("status").filter(has_text=text)

    def alert(self, text: str) -> Locator:
        """Return an error that is shown above the source."""
        return self.frame.get_by_role("alert").filter(has_text=text)
