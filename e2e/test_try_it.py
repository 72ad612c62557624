"""One run of a real pipeline, tried on its page: the answer, and what happened on the way to it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage
from e2e.page_models.try_it import TryIt
from e2e.watch import Watch

FAILING = """\
def mean(values):
    print("mean of", len(values), "values")
    return sum(values) / len(values)


def process(content):
    return mean([])
"""
PICTURE = base64.b64encode(DIGITS.picture.read_bytes()).decode()
ANSWERING = f"""\
def process(content):
    picture = "data:image/png;base64,{PICTURE}"
    return {{"id": 9007199254740993, "mean": float("nan"), "found": [{{"picture": picture}}], "rows": [*range(1234)]}}
"""


def open_page(page: Page, address: str, name: str) -> TryIt:
    page.goto(f"{address}/pipelines/{name}")
    return TryIt(page.get_by_role("main"))


def add_pipeline(page: Page, folder: Path, name: str, post_processing: str) -> None:
    """Add a pipeline of the iris model and a script."""
    script = folder / f"{name}_post.py"
    script.write_text(post_processing)
    resources, pipelines = ResourcesPage(page), PipelinesPage(page)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill(name, "iris", post_processing=script.name)
    form.apply()
    form.expect_closed()


@pytest.mark.addresses
def test_a_picture_is_tried_and_seen_from_inside(
    demo: Page, address: str, picture: Callable[[Page, str], None]
) -> None:
    tried = open_page(demo, address, "digits")
    tried.choose_file(DIGITS.picture)
    expect(tried.preview.get_by_role("img")).to_be_visible()
    tried.run()
    expect(tried.item(f'label: "{DIGITS.answer}"')).to_be_visible()
    expect(tried.times.filter(has_text="Pre-processing")).to_contain_text("ms")
    expect(tried.step("Pre-processing")).to_contain_text("float32[1, 64]")
    assert tried.brightest("image as a picture") == 255
    expect(tried.step("Post-processing")).to_contain_text("probabilities")
    picture(demo, "try-it")

    tried.again()
    expect(tried.runs).to_have_count(2)
    demo.get_by_role("button", name="Compare with digit-7.png").click()
    expect(tried.panel.get_by_role("region", name="Comparison")).to_contain_text("Both answered the same.")


def test_json_is_prefilled_and_what_is_no_number_stands_out(demo: Page, address: str) -> None:
    tried = open_page(demo, address, "iris")
    tried.panel.get_by_role("tab", name="JSON").click()
    expect(tried.json).to_have_value('{"measurements": [[0, 0, 0, 0]]}')
    tried.type_json('{"measurements": [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, "NaN", 2.5]]}')
    tried.run()
    expect(tried.step("Input")).to_contain_text("NaN1")
    tried.search.fill("setosa")
    expect(tried.answer.get_by_role("treeitem", selected=True)).to_contain_text('species: "setosa"')


def test_a_failing_script_shows_step_and_line(
    demo: Page, address: str, tmp_path: Path, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    watch.expect(422)
    add_pipeline(demo, tmp_path, "failing", FAILING)
    tried = open_page(demo, address, "failing")
    tried.run()
    expect(tried.failure).to_contain_text("Post-processing, failing_post.py, line 3")
    expect(tried.step("Post-processing")).to_contain_text("failed here")
    expect(tried.xray).to_contain_text("return sum(values) / len(values)")
    expect(tried.step("Printed by the scripts in this run")).to_contain_text("mean of 0 values")
    picture(demo, "try-it-failed")


def test_an_answer_keeps_its_digits_and_shows_its_pictures(demo: Page, address: str, tmp_path: Path) -> None:
    add_pipeline(demo, tmp_path, "answering", ANSWERING)
    tried = open_page(demo, address, "answering")
    tried.run()
    expect(tried.item("id: 9007199254740993")).to_be_visible()
    expect(tried.item('mean: "NaN"')).to_be_visible()
    shown = tried.answer.get_by_role("img", name="Picture at found[0].picture")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") > 0
    # A long list is in ranges, walked by keys.
    tried.item("rows: 1234 items").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown"):
        demo.keyboard.press(key)
    expect(tried.answer.get_by_role("treeitem", name="0: 0", exact=True)).to_be_focused()
