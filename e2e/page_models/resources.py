"""The Resources page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.editor import Editor
from e2e.page_models.shell import Deletion, Modal, Shell, Upload


class AddResource(Upload):
    """The dialog that uploads a script, a helper module or a data file."""

    file_label = "Resource file"

    def __init__(self, page: Page) -> None:
        super().__init__(page, "Add resource")

    def choose_kind(self, kind: str) -> None:
        """Say what a Python file is: `Script` or `Helper module`."""
        self.dialog.get_by_role("radiogroup", name="Kind").get_by_role("radio", name=kind).check()


class ResourcePage:
    """The page of one resource."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.heading = page.get_by_role("heading", level=1, name=name, exact=True)
        expect(self.heading).to_be_visible()

    def editor(self) -> Editor:
        """Return the editor, once it can be written in."""
        editor = Editor(self.page, self.name)
        expect(editor.save_button).to_be_visible()
        return editor

    def action(self, name: str) -> Locator:
        """Return one of the buttons that do something to the whole of it."""
        return self.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def replace(self, file: Path) -> None:
        """Give it the content of a file."""
        self.action("Replace").click()
        modal = Replace(self.page, f"Replace the content of {self.name}")
        modal.choose(file)
        modal.press("Upload")
        modal.expect_closed()


class Replace(Upload):
    """The dialog that gives a resource the content of another file."""

    file_label = "New content"


class NewScript(Modal):
    """The dialog in which a script is written, beginning with a template."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "New script")
        self.name = self.dialog.get_by_role("textbox", name="Name")
        self.source = self.dialog.get_by_role("textbox", name="Source of the new script")

    def choose(self, model: str, step: str) -> None:
        """Choose what the template is for."""
        self.dialog.get_by_role("combobox", name="For the model").click()
        self.page.get_by_role("option", name=model, exact=True).click()
        self.dialog.get_by_role("radio", name=step).check()


class ResourcesPage(Shell):
    """Cards of resources, and the card that adds one."""

    section = "Resources"

    @property
    def add_button(self) -> Locator:
        """The dashed card."""
        return self.page.get_by_role("button", name="Add resource")

    def add(self) -> AddResource:
        """Open the dialog."""
        self.add_button.click()
        return AddResource(self.page)

    def upload(self, file: Path) -> None:
        """Upload a file and wait until its card is there."""
        modal = self.add()
        modal.choose(file)
        modal.press("Upload")
        modal.expect_closed()
        expect(self.message(f"Resource '{file.name}' was added.")).to_be_visible()
        expect(self.card(file.name)).to_be_visible()

    def open_one(self, name: str) -> ResourcePage:
        """Go to its own page."""
        self.card(name).get_by_role("link", name=name, exact=True).click()
        return ResourcePage(self.page, name)

    def new_script(self) -> NewScript:
        """Begin a script from a template."""
        self.page.get_by_role("button", name="New script").click()
        return NewScript(self.page)

    def details(self, name: str) -> Modal:
        """Open the file's facts and its text."""
        self.page.get_by_role("button", name=f"Resource details: {name}", exact=True).click()
        return self.opened_details(name)

    def opened_details(self, name: str) -> Modal:
        """Return the details, however they were opened."""
        return Modal(self.page, f"Resource details: {name}")

    def packages(self, name: str, text: str) -> Locator:
        """Return the card's line about the packages that a script needs; it leads to the details."""
        return self.card(name).get_by_role("button", name=text, exact=True)

    def delete(self, name: str) -> Deletion:
        """Ask to delete it."""
        self.page.get_by_role("button", name=f"Delete resource {name}", exact=True).click()
        return Deletion(self.page, f"Delete resource {name}")
