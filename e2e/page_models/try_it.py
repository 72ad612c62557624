"""The part of a page that runs a pipeline or a model, and shows the run from inside."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect


class TryIt:
    """Choose an input, run it, see the answer and the run from inside."""

    def __init__(self, panel: Locator) -> None:
        self.panel = panel
        self.failure = panel.get_by_role("alert").filter(has_text="The run failed")
        self.json = self.panel.get_by_role("textbox", name="JSON input")
        self.preview = self.panel.get_by_role("figure", name="Preview of the input")
        self.answer = self.panel.get_by_role("region", name="Answer")
        self.xray = self.panel.get_by_role("region", name="X-ray of this run")
        self.times = self.xray.get_by_role("list", name="Step times").get_by_role("listitem")
        self.runs = self.panel.get_by_role("radiogroup", name="Last runs").get_by_role("radio")
        self.search = self.answer.get_by_role("textbox", name="Search keys and values")

    def choose_file(self, file: Path) -> None:
        """Choose a file as input."""
        self.panel.get_by_role("tab", name="File", exact=True).click()
        self.panel.get_by_label("Input file").set_input_files(file)

    def type_json(self, text: str) -> None:
        """Type JSON as input."""
        self.panel.get_by_role("tab", name="JSON", exact=True).click()
        self.json.fill(text)

    def run_file(self, file: Path) -> None:
        """Send a file, byte for byte."""
        self.choose_file(file)
        self.press("Run")

    def again(self) -> None:
        """Send the same once more."""
        self.press("Run again")

    def press(self, name: str) -> None:
        """Press a button."""
        self.panel.get_by_role("button", name=name, exact=True).click()

    def run(self) -> None:
        """Run, and wait until it is over."""
        self.press("Run")
        expect(self.xray).to_be_visible()

    def step(self, name: str) -> Locator:
        """Return what the x-ray tells of a step."""
        return self.xray.get_by_role("region", name=name, exact=True)

    def item(self, text: str) -> Locator:
        """Return a line of the answer's tree."""
        return self.answer.get_by_role("treeitem", name=text)

    def brightest(self, picture: str) -> int:
        """Return the brightest value on a picture that the x-ray draws, 0..255."""
        canvas = self.xray.get_by_role("img", name=picture)
        expect(canvas).to_be_visible()
        value: int = canvas.evaluate(
            "canvas => Math.max(...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
            ".filter((_, at) => at % 4 < 3))"
        )
        return value
