"""What the lists of pipelines, models and resources have in common."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class ListTools:
    """Search, order and view of a page's list."""

    def __init__(self, page: Page, what: str) -> None:
        self.page = page
        self.search = page.get_by_role("searchbox", name=f"Search {what}")
        self.table = page.get_by_role("main").get_by_role("table")
        self.rows = self.table.get_by_role("rowheader")
        self.more = page.get_by_role("button", name="Show").filter(has_text="more")

    def sort_by(self, label: str) -> None:
        """Choose an order; the table's heads do the same."""
        self.page.get_by_role("combobox", name="Sort by").select_option(label)

    def turn(self) -> None:
        """Turn the order round."""
        self.page.get_by_role("button", name="Order:").click()

    def view(self, name: str) -> None:
        """Show `Cards` or `Table`."""
        # The radio itself lies hidden below its label, as Mantine draws it.
        self.page.get_by_role("radiogroup", name="View").locator("label", has_text=name).click()

    def head(self, name: str) -> Locator:
        """Return the head of a column."""
        return self.table.get_by_role("columnheader", name=name)
