"""Models: several at once, found again, switched off and on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelPage, ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.shell import Modal
from e2e.watch import Watch

IRIS = DIGITS.model.parents[1] / "iris/iris.onnx"


def test_several_models_are_dropped_and_one_that_is_none_leaves_the_others_alone(
    operator: Page, watch: Watch, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    for name in ("first", "second"):
        shutil.copy(DIGITS.model, tmp_path / f"{name}.onnx")
    (tmp_path / "none.onnx").write_bytes(DIGITS.picture.read_bytes())
    models = ModelsPage(operator)
    models.open()
    modal = models.drop(*(tmp_path / f"{name}.onnx" for name in ("first", "second", "none")))
    modal.describe("second.onnx", "by its own name", "Reads digits.")
    watch.expect(422)
    modal.press("Upload")
    expect(modal.entry("none.onnx").get_by_role("alert")).to_contain_text("not an ONNX file")
    expect(modal.entry("second.onnx")).to_contain_text("Added as 'by its own name'.")
    expect(modal.dialog.get_by_role("status").filter(has_text="2 of 3 added")).to_be_visible()
    picture(operator, "add-models")
    modal.press("Remove none.onnx")
    modal.expect_closed()
    expect(models.message("2 models were added.")).to_be_visible()
    expect(models.card("by its own name")).to_contain_text("Reads digits.")
    expect(models.count("2 models")).to_be_visible()


def test_models_are_searched_and_shown_as_a_table(demo: Page, picture: Callable[[Page, str], None]) -> None:
    models = ModelsPage(demo)
    models.open()
    demo.get_by_role("searchbox", name="Search models").fill("iris")
    expect(models.count("1 of 2 models")).to_be_visible()
    expect(models.card("digits")).to_be_hidden()
    demo.get_by_role("searchbox").fill("")
    demo.get_by_role("radiogroup", name="View").get_by_text("Table").click(force=True)
    rows = demo.get_by_role("table", name="Models").get_by_role("row")
    expect(rows).to_have_count(3)
    demo.get_by_role("button", name="Size").click()
    expect(demo.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "descending")
    expect(rows.nth(1)).to_contain_text("digits")
    picture(demo, "models-table")


def test_switching_a_model_off_says_which_pipelines_stop(
    demo: Page, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    models, pipelines = ModelsPage(demo), PipelinesPage(demo)
    models.open()
    models.switch("digits").click(force=True)
    question = Modal(demo, "Deactivate model digits")
    expect(question.dialog.get_by_role("listitem")).to_have_text("digits")
    picture(demo, "deactivate-model")
    question.press("Cancel")
    question.expect_closed()
    expect(models.switch("digits")).to_be_checked()
    models.switch("digits").click(force=True)
    Modal(demo, "Deactivate model digits").press("Deactivate")
    expect(models.switch("digits")).not_to_be_checked()
    expect(models.card("digits")).to_contain_text("1 pipeline stands still")
    pipelines.open()
    watch.expect(409)
    run = pipelines.run("digits")
    run.run_file(DIGITS.picture)
    expect(run.alert("inactive")).to_be_visible()
    run.close()
    models.open()
    models.switch("digits").click(force=True)
    expect(models.message("Model 'digits' is active.")).to_be_visible()
    pipelines.open()
    run = pipelines.run("digits")
    run.run_file(DIGITS.picture)
    expect(run.answer).to_contain_text(re.compile(DIGITS.answer))


@pytest.mark.addresses
def test_a_model_is_renamed_described_and_replaced_on_its_page(
    demo: Page, watch: Watch, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    models = ModelsPage(demo)
    models.open()
    page = models.page_of("digits")
    expect(page.main.get_by_role("table", name="Outputs")).to_contain_text("probabilities")
    expect(page.main.get_by_role("link", name="digits", exact=True)).to_have_attribute(
        "href", re.compile("/pipelines/digits$")
    )
    picture(demo, "model")
    page.press("Edit")
    edit = Modal(demo, "Edit model digits")
    edit.dialog.get_by_role("textbox", name="Name").fill("numbers 100 % +")
    edit.dialog.get_by_role("textbox", name="Description").fill("Reads digits.")
    edit.press("Save")
    page = ModelPage(demo, "numbers 100 % +")
    expect(page.main.get_by_text("Reads digits.")).to_be_visible()
    demo.reload()
    page = ModelPage(demo, "numbers 100 % +")

    watch.expect(422)
    modal = page.replace(DIGITS.picture)
    expect(modal.files).to_have_accessible_description(re.compile("not an ONNX file"))
    modal.press("Cancel")
    modal.expect_closed()
    modal = page.replace(DIGITS.model)
    modal.expect_closed()
    expect(models.message("has that content already")).to_be_visible()
    modal = page.replace(IRIS)
    expect(modal.alert("Not saved: it would break 1 pipeline")).to_contain_text("its inputs are 'measurements'")
    picture(demo, "model-refused")
    modal.press("Cancel")
    modal.expect_closed()
    again = onnx.load(DIGITS.model)
    again.producer_name = "Trained again"
    onnx.save(again, tmp_path / "digits.onnx")
    modal = page.replace(tmp_path / "digits.onnx")
    modal.expect_closed()
    expect(page.main.get_by_role("status").get_by_role("link", name="digits")).to_be_visible()
    expect(page.main.get_by_text("Trained again")).to_be_visible()
    picture(demo, "model-replaced")


def test_a_model_in_use_says_who_needs_it_before_it_goes(demo: Page) -> None:
    models = ModelsPage(demo)
    models.open()
    page = models.page_of("iris")
    page.press("Delete")
    question = Modal(demo, "Delete model iris")
    expect(question.dialog.get_by_text("It can't be deleted yet")).to_be_visible()
    expect(question.dialog.get_by_role("link", name="iris")).to_be_visible()
    expect(question.dialog.get_by_role("button", name="Delete")).to_be_hidden()
    question.press("Cancel")
    PipelinesPage(demo).open()
    PipelinesPage(demo).delete("iris").confirm()
    expect(PipelinesPage(demo).card("iris")).to_be_hidden()
    models.open()
    page = models.page_of("iris")
    page.press("Delete")
    Modal(demo, "Delete model iris").press("Delete")
    expect(models.heading).to_be_visible()
    expect(models.card("iris")).to_be_hidden()
