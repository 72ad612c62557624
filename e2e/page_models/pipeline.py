"""One pipeline's own page."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.shell import Deletion, Modal


class PipelinePage:
    """What a pipeline does, how it is doing, and how it is tried, understood and changed."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.heading = page.get_by_role("heading", level=1, name=name, exact=True)
        self.flow = page.get_by_role("list", name="From input to answer").locator("> li")
        self.overview = page.get_by_role("region", name="Overview")
        self.badges = page.get_by_role("list", name="What differs from the server's defaults").get_by_role("listitem")

    def open(self) -> PipelinePage:
        """Go there from the list of pipelines."""
        pipelines = PipelinesPage(self.page)
        pipelines.open()
        pipelines.card(self.name).get_by_role("link", name=self.name, exact=True).click()
        expect(self.heading).to_be_visible()
        return self

    def tab(self, name: str) -> Locator:
        """Show a tab and return what is on it."""
        self.page.get_by_role("tablist", name="About this pipeline").get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def expect_flow(self, *texts: str) -> None:
        """Wait until the diagram tells these, from the input to the answer."""
        expect(self.flow).to_contain_text(list(texts))

    def snippet(self, language: str) -> str:
        """Return the call of the pipeline in that language."""
        tab = self.tab("Call it")
        tab.get_by_role("tab", name=language, exact=True).click()
        return tab.get_by_role("region", name=f"{language} snippet").locator("pre").inner_text()

    def settings(self) -> Settings:
        """Show the form that changes the pipeline."""
        self.page.get_by_role("button", name="Edit", exact=True).click()
        return Settings(self.page)

    def secrets(self) -> Secrets:
        """Show which secrets the scripts are given."""
        return Secrets(self.tab("Settings"))

    def duplicate(self) -> Duplicate:
        """Ask for a copy."""
        self.page.get_by_role("button", name="Duplicate", exact=True).click()
        return Duplicate(self.page, f"Duplicate pipeline {self.name}")

    def delete(self) -> Deletion:
        """Ask to delete it."""
        self.overview.get_by_role("button", name="Delete", exact=True).click()
        return Deletion(self.page, f"Delete pipeline {self.name}")

    def editor(self, script: str) -> Editor:
        """Return the editor of a script that is on the page."""
        return Editor(self.page, script)


class Settings:
    """The form that changes a pipeline."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.form = page.get_by_role("form", name="Settings")
        self.name = self.form.get_by_role("textbox", name="Name")
        expect(self.form).to_be_visible()

    def field(self, label: str) -> Locator:
        """Return a field by its label."""
        return self.form.get_by_label(label, exact=True)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.form.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def press(self, name: str) -> None:
        """Press one of the form's buttons."""
        self.form.get_by_role("button", name=name, exact=True).click()

    def apply(self) -> None:
        """Apply what was changed and wait until it is."""
        self.press("Apply")
        expect(self.form.get_by_text("Nothing is changed.")).to_be_visible()


class Secrets:
    """Names of secrets; their values go in only."""

    def __init__(self, tab: Locator) -> None:
        self.page = tab.page
        self.region = tab.get_by_role("region", name="Secrets")

    def set(self, name: str, value: str) -> None:
        """Set a new one."""
        self.region.get_by_role("button", name="Set a secret").click()
        form = Modal(self.page, "Set a secret")
        form.dialog.get_by_role("textbox", name="Name of the secret").fill(name)
        form.dialog.get_by_role("textbox", name="Value", exact=True).fill(value)
        form.press("Set")
        form.expect_closed()
        expect(self.region.get_by_role("button", name=f"Replace secret {name}")).to_be_visible()

    def replace(self, name: str, value: str) -> None:
        """Give one another value."""
        self.region.get_by_role("button", name=f"Replace secret {name}").click()
        form = Modal(self.page, f"Replace secret {name}")
        form.dialog.get_by_role("textbox", name=f"New value of {name}", exact=True).fill(value)
        form.press("Replace")
        form.expect_closed()

    def remove(self, name: str) -> None:
        """Remove one."""
        self.region.get_by_role("button", name=f"Remove secret {name}").click()
        question = Modal(self.page, f"Remove secret {name}")
        question.press("Remove")
        question.expect_closed()


class Duplicate(Modal):
    """The dialog that asks for the copy's name."""

    def name_it(self, name: str) -> None:
        """Give the copy a name and make it."""
        self.dialog.get_by_role("textbox", name="Name").fill(name)
        self.press("Duplicate")


class Editor:
    """A script in an editor."""

    def __init__(self, page: Page, script: str) -> None:
        self.page = page
        self.region = page.get_by_role("region", name=f"Editor: {script}")
        self.source = self.region.get_by_role("textbox", name=f"Source: {script}")

    def replace(self, text: str) -> None:
        """Put another text in place of the whole."""
        self.source.click()
        self.page.keyboard.press("ControlOrMeta+A")
        # Typed text would be indented by the editor once more.
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        """Save it and wait until it is; where that runs an input again, the editor is gone soon."""
        self.region.get_by_role("button", name="Save").click()
        told = self.region.get_by_text(re.compile("uses? it from now on"))
        expect(told.or_(self.page.get_by_role("alert").filter(has_text="It is saved")).first).to_be_visible()
