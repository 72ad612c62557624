"""What the server refuses shows in the dialog, beside the field it is about, and the form can be mended."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage
from e2e.watch import Watch


def test_a_taken_name_shows_beside_the_name(demo: Page, watch: Watch) -> None:
    pipelines = PipelinesPage(demo)
    form = pipelines.add()
    form.fill("DIGITS", "digits")
    watch.expect(409)
    form.apply()
    expect(form.name).to_have_accessible_description(re.compile("exists already"))
    form.name.fill("digits again")
    form.apply()
    form.expect_closed()
    expect(pipelines.card("digits again")).to_be_visible()


def test_a_form_without_its_required_fields_is_not_sent(demo: Page) -> None:
    form = PipelinesPage(demo).add()
    form.apply()
    expect(form.dialog.get_by_text("Enter a name.")).to_be_visible()
    expect(form.dialog.get_by_text("Choose a model.")).to_be_visible()


def test_a_script_that_does_not_load_is_shown_with_its_line(demo: Page, watch: Watch, tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text("SCALE = 1 / 0\n\n\ndef process(content):\n    return content\n")
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill("broken", "digits", pre_processing="broken.py")
    watch.expect(422)
    form.apply()
    expect(form.dialog.get_by_text("ZeroDivisionError").first).to_be_visible()
    expect(form.dialog.get_by_text("SCALE = 1 / 0").first).to_be_visible()
    form.press("Cancel")
    expect(pipelines.card("broken")).to_be_hidden()


def test_a_script_with_a_syntax_error_names_line_and_column(operator: Page, watch: Watch, tmp_path: Path) -> None:
    script = tmp_path / "typo.py"
    script.write_text("def process(content):\n    return content +\n")
    resources = ResourcesPage(operator)
    resources.open()
    modal = resources.add()
    modal.choose(script)
    watch.expect(422)
    modal.press("Upload")
    expect(modal.dialog.get_by_text("Line 2").first).to_be_visible()
    modal.press("Cancel")
    expect(resources.count("0 resources")).to_be_visible()


def test_a_failing_run_names_the_step(demo: Page, watch: Watch) -> None:
    run = PipelinesPage(demo).run("digits")
    watch.expect(422)
    run.run_file(DIGITS.labels)
    expect(run.alert("pre-processing")).to_be_visible()
    expect(run.alert(DIGITS.pre_processing.name)).to_be_visible()


def test_what_is_no_model_says_why(operator: Page, watch: Watch, tmp_path: Path) -> None:
    file = tmp_path / "picture.onnx"
    file.write_bytes(DIGITS.picture.read_bytes())
    models = ModelsPage(operator)
    models.open()
    modal = models.add()
    modal.choose(file)
    watch.expect(422)
    modal.press("Upload")
    expect(modal.alert("not an ONNX file")).to_be_visible()
    modal.press("Cancel")
    expect(models.count("0 models")).to_be_visible()
