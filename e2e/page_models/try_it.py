"""The part of a page in which a pipeline or a model is run on one input."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator


class TryIt:
    """Choose an input, run it, see the answer and the run from inside."""

    def __init__(self, panel: Locator) -> None:
        self.panel = panel
        self.answer = panel.get_by_role("region", name="Answer")
        self.xray = panel.get_by_role("region", name="X-ray of this run")
        self.failure = panel.get_by_role("alert").filter(has_text="The run failed")

    def run_file(self, file: Path) -> None:
        """Send a file, byte for byte."""
        self.panel.get_by_role("tab", name="File").click()
        self.panel.get_by_label("Input file").set_input_files(file)
        self.panel.get_by_role("button", name="Run", exact=True).click()

    def again(self) -> None:
        """Send the same once more."""
        self.panel.get_by_role("button", name="Run again").click()
