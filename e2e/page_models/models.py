"""The Models page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.page_models.shell import Deletion, Modal, Shell, Upload


class AddModel(Upload):
    """The dialog that uploads models."""

    file_label = "Model files"

    def __init__(self, page: Page) -> None:
        super().__init__(page, "Add model")

    def entry(self, file: str) -> Locator:
        """Return what belongs to one model, by its file's name."""
        return self.dialog.get_by_role("group", name=file, exact=True)

    def describe(self, file: str, name: str = "", description: str = "") -> None:
        """Fill in a model's fields."""
        self.entry(file).get_by_role("textbox", name="Name").fill(name)
        self.entry(file).get_by_role("textbox", name="Description").fill(description)


class ModelsPage(Shell):
    """Cards of models, and the card that adds one."""

    section = "Models"

    @property
    def add_button(self) -> Locator:
        """The dashed card."""
        return self.page.get_by_role("button", name="Add model")

    def add(self) -> AddModel:
        """Open the dialog."""
        self.add_button.click()
        return AddModel(self.page)

    def drop(self, *files: Path) -> AddModel:
        """Drop files onto the page as from the computer's desktop."""
        transfer = self.page.evaluate_handle(
            """files => {
                const transfer = new DataTransfer();
                for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
                return transfer;
            }""",
            [[file.name, list(file.read_bytes())] for file in files],
        )
        main = self.page.get_by_role("main")
        main.dispatch_event("dragenter", {"dataTransfer": transfer})
        expect(self.page.get_by_text("Drop models here to add them")).to_be_visible()
        main.dispatch_event("drop", {"dataTransfer": transfer})
        return AddModel(self.page)

    def upload(self, *files: Path) -> None:
        """Upload a model and wait until its card is there."""
        modal = self.add()
        modal.choose(*files)
        modal.press("Upload")
        modal.expect_closed()
        expect(self.message(f"Model '{files[0].stem}' was added.")).to_be_visible()
        expect(self.card(files[0].stem)).to_be_visible()

    def switch(self, name: str) -> Locator:
        """Return what activates and deactivates it."""
        return self.page.get_by_role("switch", name=f"Active: {name}", exact=True)

    def details(self, name: str) -> Modal:
        """Open what the file says of itself."""
        self.page.get_by_role("button", name=f"Model details: {name}", exact=True).click()
        return Modal(self.page, f"Model details: {name}")

    def download(self, name: str) -> bytes:
        """Return the file as the browser gets it."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=f"Download model {name}", exact=True).click()
        return Path(download.value.path()).read_bytes()

    def delete(self, name: str) -> Deletion:
        """Ask to delete it."""
        self.page.get_by_role("button", name=f"Delete model {name}", exact=True).click()
        return Deletion(self.page, f"Delete model {name}")

    def page_of(self, name: str) -> ModelPage:
        """Go to the model's own page."""
        self.card(name).get_by_role("link", name=name, exact=True).click()
        return ModelPage(self.page, name)


class ModelPage:
    """All about one model."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.main = page.get_by_role("main")
        expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()

    def press(self, action: str) -> None:
        """Press one of the actions at the top."""
        self.main.get_by_role("button", name=action, exact=True).click()

    def replace(self, file: Path) -> Upload:
        """Upload other content."""
        self.press("Replace")
        modal = ReplaceModel(self.page, f"Replace model {self.name}")
        modal.choose(file)
        modal.press("Upload")
        return modal


class ReplaceModel(Upload):
    """The dialog that gives a model other content."""

    file_label = "New model files"
