"""The Pipelines page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.shell import Deletion, Modal, Shell


class AddPipeline(Modal):
    """The form that makes a pipeline out of its parts."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "Add pipeline")
        self.name = self.dialog.get_by_role("textbox", name="Name")
        self.check = self.dialog.get_by_role("region", name="Check")

    def fill(
        self,
        name: str,
        model: str | None = None,
        pre_processing: str | None = None,
        post_processing: str | None = None,
        data_files: tuple[str, ...] = (),
    ) -> None:
        """Fill in what is given and leave the rest."""
        self.name.fill(name)
        choices = [("ONNX model", model)]
        choices += [("Pre-processing resource", pre_processing), ("Post-processing resource", post_processing)]
        choices += [("Data files", file) for file in data_files]
        for label, choice in choices:
            if choice:
                self.choose(label, choice)

    def choose(self, label: str, option: str) -> None:
        """Choose in one field."""
        # The list that the field opens has the field's label too, so the role must tell them apart.
        self.field(label).click()
        self.page.get_by_role("option", name=option, exact=True).click()
        self.dialog.get_by_role("heading", level=2).click()  # a list of several choices stays open until one leaves it

    def field(self, label: str) -> Locator:
        """Return a field by its label."""
        return self.dialog.get_by_role("combobox", name=label).or_(self.dialog.get_by_role("textbox", name=label))

    def check_file(self, file: Path) -> None:
        """Run a file through the parts before they are saved."""
        self.press("Check")
        self.check.get_by_role("tab", name="File", exact=True).click()
        self.check.get_by_label("Input file").set_input_files(file)
        self.dialog.get_by_role("button", name="Check", exact=True).click()

    def apply(self) -> None:
        """Send the form."""
        self.press("Apply")


class RunPipeline(Modal):
    """The dialog that sends one input and shows the answer."""

    def __init__(self, page: Page, name: str) -> None:
        super().__init__(page, f"Run pipeline {name}")
        self.answer = self.dialog.get_by_role("region", name="Answer")
        self.times = self.dialog.get_by_role("list", name="Step times").get_by_role("listitem")

    def run_file(self, file: Path) -> None:
        """Send a file, byte for byte."""
        self.dialog.get_by_role("tab", name="File").click()
        self.dialog.get_by_label("Input file").set_input_files(file)
        self.press("Run")

    def run_json(self, text: str) -> None:
        """Send JSON."""
        self.dialog.get_by_role("tab", name="JSON").click()
        self.dialog.get_by_role("textbox", name="JSON input").fill(text)
        self.press("Run")


class PipelinesPage(Shell):
    """Cards of pipelines, and the card that adds one."""

    section = "Pipelines"

    @property
    def add_button(self) -> Locator:
        """The dashed card."""
        return self.page.get_by_role("button", name="Add pipeline")

    def add(self) -> AddPipeline:
        """Open the form."""
        self.add_button.first.click()
        return AddPipeline(self.page)

    def details(self, name: str) -> Modal:
        """Open the information popover."""
        self.page.get_by_role("button", name=f"Pipeline details: {name}", exact=True).click()
        return Modal(self.page, f"Pipeline details: {name}")

    def run(self, name: str) -> RunPipeline:
        """Open the dialog that runs it."""
        self.page.get_by_role("button", name=f"Run pipeline {name}", exact=True).click()
        return RunPipeline(self.page, name)

    def try_again(self, name: str) -> Locator:
        """Return the button that starts a broken pipeline."""
        return self.card(name).get_by_role("button", name=f"Try again: {name}", exact=True)

    def delete(self, name: str) -> Deletion:
        """Ask to delete it."""
        self.page.get_by_role("button", name=f"Delete pipeline {name}", exact=True).click()
        return Deletion(self.page, f"Delete pipeline {name}")

    def expect_steps(self, name: str, *steps: str) -> None:
        """Wait until the card's rail names these, in this order."""
        expect(self.card(name).get_by_role("list", name="Steps").get_by_role("listitem")).to_contain_text(list(steps))
