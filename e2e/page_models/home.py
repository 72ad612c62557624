"""The Home page."""

from __future__ import annotations

from playwright.sync_api import Locator

from e2e.page_models.shell import Shell


class HomePage(Shell):
    """What is here, what ran lately and what is wrong."""

    section = "Home"

    def region(self, name: str) -> Locator:
        """Return a part of the page by its heading."""
        return self.page.get_by_role("region", name=name, exact=True)

    @property
    def findings(self) -> Locator:
        """What needs attention, one item each."""
        return self.region("Needs attention").get_by_role("listitem")

    def total(self, text: str) -> Locator:
        """Return the way to all things of a kind by how many they are, such as `2 models`."""
        return self.page.get_by_role("main").get_by_role("link", name=text)

    def lately(self, name: str) -> Locator:
        """Return the row of what was called."""
        table = self.page.get_by_role("table", name="What ran lately")
        return table.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=name))
