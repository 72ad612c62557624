"""What wouldn't work is found before the pipeline exists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage

WRONG_KEY = """import numpy as np


def process(content):
    print("read", len(content), "bytes")
    return {"picture": np.zeros((1, 64), np.float32)}
"""


def test_a_broken_script_is_found_first(demo: Page, tmp_path: Path, picture: Callable[[Page, str], None]) -> None:
    script = tmp_path / "hasty_pre.py"
    script.write_text(WRONG_KEY)
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)

    pipelines.open()
    form = pipelines.add()
    form.fill("third", "digits", script.name, DIGITS.post_processing.name, (DIGITS.labels.name,))
    expect(form.dialog.get_by_role("list", name="Expects")).to_contain_text("image")
    form.check_file(DIGITS.picture)
    expect(form.check).to_contain_text("'image'")
    expect(form.check).to_contain_text(f"Pre-processing, {script.name}")
    picture(demo, "add-pipeline-check-broken")
    expect(pipelines.count("2 pipelines")).to_be_visible()

    # Another script is the repair; what was found before is marked as old until it is checked again.
    form.choose("Pre-processing resource", DIGITS.pre_processing.name)
    expect(form.check.get_by_text("Parts or input have changed since this check.")).to_be_visible()
    form.press("Check")
    expect(form.check.get_by_text("It works")).to_be_visible()
    expect(form.check.get_by_role("region", name="Answer")).to_contain_text(DIGITS.answer)
    expect(form.check.get_by_role("region", name="X-ray of this run")).to_contain_text("image")
    picture(demo, "add-pipeline-check-good")
    assert pipelines.card("third").count() == 0

    form.apply()
    form.expect_closed()
    expect(pipelines.card("third")).to_be_visible()


def test_what_doesn_t_load_is_found_without_an_input(demo: Page, tmp_path: Path) -> None:
    script = tmp_path / "lost_post.py"
    script.write_text(
        "import json\n\nTABLE = json.loads(open('table.json').read())\n\n\ndef process(content):\n    return 1\n"
    )
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill("", "iris", None, script.name)
    form.press("Check")
    expect(form.check.get_by_role("alert")).to_contain_text("table.json")
    expect(form.check.get_by_role("alert")).to_contain_text(f"Post-processing, {script.name}, line 3")


def test_an_input_is_made_where_none_is_given(demo: Page) -> None:
    form = PipelinesPage(demo).add()
    form.fill("", "iris")
    form.press("Check")
    expect(form.check.get_by_text("It works")).to_be_visible()
    expect(form.check.get_by_role("region", name="Answer")).to_be_visible()


def test_a_check_can_be_cancelled(demo: Page, tmp_path: Path) -> None:
    script = tmp_path / "endless_pre.py"
    script.write_text("def process(content):\n    while True:\n        pass\n")
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill("endless", "digits", script.name)
    form.check_file(DIGITS.picture)
    form.press("Cancel check")
    expect(form.dialog.get_by_role("button", name="Check", exact=True)).to_be_visible()
    expect(form.dialog.get_by_role("alert")).to_have_count(0)
    form.press("Cancel")
    form.expect_closed()
