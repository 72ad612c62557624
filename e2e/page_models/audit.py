"""The audit log."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from e2e.page_models.shell import Shell


class AuditPage(Shell):
    """Who changed what, and when."""

    section = "Audit log"

    def open(self) -> None:
        """Go there by the user menu."""
        self.page.get_by_role("button", name="User menu").click()
        self.page.get_by_role("menuitem", name=self.section).click()
        expect(self.heading).to_be_visible()

    @property
    def entries(self) -> Locator:
        """What was done, newest first."""
        return self.page.get_by_role("table", name=self.section).get_by_role("rowheader")

    @property
    def search(self) -> Locator:
        """The field in which one searches."""
        return self.page.get_by_role("searchbox", name="Search the log")

    def choose_kind(self, label: str) -> None:
        """Show one kind of change only."""
        self.page.get_by_role("combobox", name="Kind of change").select_option(label)

    def unfold(self, what: str) -> Locator:
        """Open the details of an entry, and return them."""
        button = self.page.get_by_role("button", name=f"Details: {what}", exact=True).first
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        return self.page.locator("dl")
