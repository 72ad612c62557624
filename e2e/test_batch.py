"""Batch processing: many files through one pipeline or model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.batch import BatchPage
from e2e.page_models.shell import Modal
from e2e.watch import Watch

PICTURES = sorted(DIGITS.picture.parent.glob("*.png"))


@pytest.mark.addresses
def test_many_pictures_run_and_one_failure_leaves_the_others_alone(
    demo: Page, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    batch = BatchPage(demo)
    batch.open()
    batch.expect_stage("Choose")
    picture(demo, "batch-choose")
    batch.choose("Pipeline", "digits")
    batch.expect_stage("Upload")
    picture(demo, "batch-upload")
    watch.expect(422)
    batch.run("digits", DIGITS.labels, *PICTURES)
    batch.expect_stage("Outcome")
    expect(batch.status).to_have_text(f"{len(PICTURES)} of {len(PICTURES) + 1} files answered, 1 failed")
    expect(batch.main.get_by_role("alert")).to_contain_text("Pre-processing")
    batch.show(DIGITS.picture.name)
    expect(batch.answer).to_contain_text(DIGITS.answer)
    expect(batch.main.get_by_role("img").first).to_be_visible()
    picture(demo, "batch-outcome")
    lines = [json.loads(line) for line in batch.download_all("JSON Lines").splitlines()]
    assert [line["file"] for line in lines] == [DIGITS.labels.name, *(file.name for file in PICTURES)]
    assert lines[0]["error"]["step"] == "pre-processing"
    assert [json.dumps(line) for line in json.loads(batch.download_all("JSON"))] == [json.dumps(line) for line in lines]
    batch.press("Try 1 again")
    expect(batch.files.filter(has_text="failed")).to_have_count(1)
    batch.press("New batch")
    batch.expect_stage("Choose")


def test_a_model_takes_json_files(demo: Page, tmp_path: Path) -> None:
    file = tmp_path / "flower.json"
    file.write_text('{"measurements": [[5.1, 3.5, 1.4, 0.2]]}')
    batch = BatchPage(demo)
    batch.open()
    demo.goto(f"{demo.url}?models=iris")  # as a link may choose it
    batch.press("Next")
    batch.run("iris", file)
    expect(batch.status).to_have_text("1 of 1 file answered")
    expect(batch.answer).to_contain_text("species")


def test_it_works_with_the_keyboard(demo: Page) -> None:
    batch = BatchPage(demo)
    batch.open()
    batch.main.get_by_role("combobox", name="Pipeline").focus()
    for key in ("d", "i", "g", "ArrowDown", "Enter"):
        demo.keyboard.press(key)
    demo.keyboard.press("Tab")
    expect(batch.main.get_by_role("button", name="Next")).to_be_focused()
    demo.keyboard.press("Enter")
    batch.expect_stage("Upload")


def test_leaving_asks_while_it_runs(demo: Page, tmp_path: Path) -> None:
    batch = BatchPage(demo)
    batch.open()
    batch.choose("Pipeline", "digits")
    demo.route("**/predictions", lambda _: None)  # never answered
    batch.run("digits", *PICTURES)
    expect(batch.status).to_contain_text("running")
    demo.get_by_role("navigation", name="Main").get_by_role("link", name="Models").click()
    Modal(demo, "The batch is still running").press("Stay")
    expect(batch.heading).to_be_visible()
    batch.press("Cancel all")
    expect(batch.files.filter(has_text="cancelled")).to_have_count(len(PICTURES))
    demo.get_by_role("navigation", name="Main").get_by_role("link", name="Models").click()
    expect(demo.get_by_role("heading", level=1, name="Models")).to_be_visible()
