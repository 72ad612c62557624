"""Predictions > Batch processing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.shell import Shell


class BatchPage(Shell):
    """The assistant in three stages: choose, upload, outcome."""

    section = "Batch processing"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.main = page.get_by_role("main")
        self.stages = page.get_by_role("list", name="Steps of the batch").get_by_role("listitem")
        self.files = self.main.get_by_role("list", name="Files", exact=True).get_by_role("listitem")
        self.answer = self.main.get_by_role("region", name="Answer")
        self.status = self.main.get_by_role("status").first

    def choose(self, kind: str, name: str) -> None:
        """Choose a `Pipeline` or a `Model`, and go on."""
        self.main.get_by_role("radiogroup", name="What runs").get_by_text(kind, exact=True).click(force=True)
        self.main.get_by_role("combobox", name=kind).click()
        self.page.get_by_role("option", name=name, exact=True).click()
        self.press("Next")

    def run(self, name: str, *files: Path) -> None:
        """Choose files, which runs them."""
        self.main.get_by_label(f"Files for {name}").set_input_files(list(files))

    def press(self, name: str) -> None:
        """Press one of the page's buttons."""
        self.main.get_by_role("button", name=name, exact=True).click()

    def show(self, file: str) -> None:
        """Show a file's result."""
        self.files.filter(has_text=file).get_by_role("button").click()
        expect(self.main.get_by_role("region", name=file, exact=True)).to_be_visible()

    def expect_stage(self, name: str) -> None:
        """Wait until the assistant is there."""
        expect(self.page.get_by_role("list", name="Steps of the batch").locator('[aria-current="step"]')).to_have_text(
            name
        )

    def download_all(self, way: str) -> str:
        """Download all results, `JSON Lines` or `JSON`."""
        self.press("Download all")
        item: Locator = self.page.get_by_role("menuitem", name=f"{way}:")
        with self.page.expect_download() as download:
            item.click()
        return Path(download.value.path()).read_text()
