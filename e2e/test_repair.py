"""What the page is for: from an empty server to a pipeline whose failing script was found, understood and repaired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelsPage
from e2e.page_models.pipeline import PipelinePage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage
from e2e.page_models.try_it import TryIt
from e2e.watch import Watch

RIGHT = '''import io

import numpy as np
from PIL import Image, ImageOps

SIDE = 8


def process(content):
    """Return the picture as the model wants it: 8 x 8 numbers, 0..16, ink high."""
    grey = ImageOps.invert(Image.open(io.BytesIO(content)).convert("L"))
    cells = np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / 255 * 16
    print("ink:", cells.sum())
    return {"image": cells.reshape(1, SIDE * SIDE)}
'''
WRONG = RIGHT.replace("SIDE * SIDE)", "SIDE * SIDE - 1)")
SCRIPT = "my_pre.py"
FAILING_LINE = 1 + WRONG[: WRONG.index("SIDE - 1)")].count("\n")


@pytest.mark.addresses
def test_a_failing_script_is_found_understood_repaired_and_run_again_on_one_page(
    operator: Page, watch: Watch, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    script = tmp_path / SCRIPT
    script.write_text(WRONG)
    make_pipeline(operator, script)
    page = PipelinePage(operator, "mine").open()
    home = urlsplit(operator.url).path
    page.expect_flow(
        "Raw bytes", SCRIPT, "image FP32 [N, 64]", "digits", "probabilities FP32 [N, 10]", "none", "outputs by name"
    )

    # Found: the run fails, and says in which step, script and line.
    attempt = TryIt(page.tab("Try it"))
    watch.expect(422)
    attempt.run_file(DIGITS.picture)
    expect(attempt.failure).to_contain_text(f"Pre-processing, {SCRIPT}, line {FAILING_LINE}")
    expect(attempt.failure).to_be_in_viewport()

    # Understood: the line with the message beside it, what the step was given and what the script printed.
    editor = page.editor(SCRIPT)
    expect(editor.region).to_contain_text("cannot reshape array of size 64 into shape (1,63)")
    expect(attempt.xray).to_contain_text("ink:")
    picture(operator, "repair-1-failed")

    # Repaired, and run again on the same input.
    editor.replace(RIGHT)
    editor.save()
    expect(attempt.answer).to_contain_text("probabilities")
    expect(attempt.failure).to_be_hidden()
    attempt.again()
    expect(attempt.answer).to_contain_text("probabilities")
    picture(operator, "repair-2-repaired")
    assert urlsplit(operator.url).path == home

    # What had failed is still listed, with its step and the revision in which it did.
    failures = page.tab("Failures")
    expect(failures.get_by_role("list", name="Failed calls").get_by_role("listitem")).to_have_count(1)
    expect(failures).to_contain_text("It failed in revision 1; this is revision 2.")
    # What failed is shown as it was; the editor beside it has what runs now, and blames no line of that.
    expect(failures).to_contain_text("SIDE * SIDE - 1)")
    expect(page.editor(SCRIPT).region).not_to_contain_text("cannot reshape")
    picture(operator, "repair-3-failures")


def make_pipeline(page: Page, script: Path) -> None:
    """Upload the digits' model and a script, and make a pipeline of them."""
    models, resources, pipelines = ModelsPage(page), ResourcesPage(page), PipelinesPage(page)
    models.open()
    models.upload(DIGITS.model)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill("mine", "digits", script.name)
    form.apply()
    form.expect_closed()


def test_the_input_of_a_failed_call_is_used_again(
    operator: Page, watch: Watch, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    script = tmp_path / SCRIPT
    script.write_text(WRONG)
    make_pipeline(operator, script)
    page = PipelinePage(operator, "mine").open()
    settings = page.settings()
    settings.form.get_by_role("switch", name="Keep the inputs of failed calls").check(force=True)
    settings.apply()

    watch.expect(422)
    TryIt(page.tab("Try it")).run_file(DIGITS.picture)
    failures = page.tab("Failures")
    page.editor(SCRIPT).replace(RIGHT)
    page.editor(SCRIPT).save()
    failures.get_by_role("button", name="Use this input again").click()
    expect(TryIt(page.page.get_by_role("tabpanel", name="Try it")).answer).to_contain_text("probabilities")
    picture(operator, "repair-again")
