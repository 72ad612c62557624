"""Resources: read, written, checked, saved, refused, and begun from a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Dialog, Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.home import HomePage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcePage, ResourcesPage
from e2e.page_models.sign_in import SignInPage
from e2e.server import Server
from e2e.watch import Watch

POST = DIGITS.post_processing.name
PRE = DIGITS.pre_processing.name
CONSTANT = '''def process(outputs):
    """Answer the same whatever comes."""
    return {"digit": "repaired"}
'''


def opened(page: Page, name: str) -> ResourcePage:
    """Go to a resource's page by its card."""
    resources = ResourcesPage(page)
    resources.open()
    return resources.open_one(name)


def origin_of(address: str) -> str:
    """Return what a browser calls itself that shows a page of that address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def answer(page: Page, address: str) -> str:
    """Return what the digits pipeline answers now."""
    response = page.request.post(
        f"{address}/api/v1/pipelines/digits/predictions",
        data=DIGITS.picture.read_bytes(),
        headers={"Origin": origin_of(address), "Content-Type": "image/png"},
    )
    assert response.ok, response.text()
    return response.text()


def put(page: Page, address: str, name: str, text: str) -> APIResponse:
    """Change a resource as another operator does."""
    return page.request.put(
        f"{address}/api/v1/resources/{name}/content",
        data=text,
        headers={"Origin": origin_of(address), "Content-Type": "text/plain"},
    )


def test_a_script_is_read_checked_while_written_and_saved(
    demo: Page, address: str, picture: Callable[[Page, str], None]
) -> None:
    page = opened(demo, POST)
    editor = page.editor()
    assert "def process" in editor.text()
    expect(editor.save_button).to_be_disabled()

    editor.write("def process(outputs, more):\n    return 1\n")
    expect(editor.problems).to_have_text([re.compile("line 1:.*exactly one argument")])
    expect(editor.state("1 problem")).to_be_visible()
    picture(demo, "resource-problem")

    editor.write(CONSTANT)
    expect(editor.state("No problems found")).to_be_visible()
    demo.keyboard.press("ControlOrMeta+s")
    expect(editor.frame.get_by_role("status").get_by_role("link", name="digits")).to_be_visible()
    expect(editor.changes.first).to_be_visible()
    expect(editor.save_button).to_be_disabled()
    picture(demo, "resource-saved")
    assert "repaired" in answer(demo, address)


def test_a_change_that_would_break_a_pipeline_stays_in_the_editor(
    demo: Page, address: str, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    watch.expect(422)
    editor = opened(demo, POST).editor()
    editor.write_first("VALUE = 1 / 0")
    editor.press("Save")
    refusal = editor.alert("Not saved: it would break 1 pipeline")
    expect(refusal).to_contain_text("digits: Post-processing")
    expect(refusal).to_contain_text("division by zero")
    expect(refusal.get_by_role("link", name="digits")).to_be_visible()
    refusal.get_by_role("button", name="Go to line 1").click()
    expect(editor.source).to_be_focused()
    picture(demo, "resource-refused")
    assert editor.text().startswith("VALUE = 1 / 0")
    assert DIGITS.answer in answer(demo, address)

    # Also over a reload, which asks first.
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    demo.on("dialog", accept)
    demo.reload()
    assert asked == ["beforeunload"]
    editor = ResourcePage(demo, POST).editor()
    expect(editor.frame.get_by_text("You wrote this before and did not save it.")).to_be_visible()
    assert editor.text().startswith("VALUE = 1 / 0")
    editor.press("Discard changes")
    assert "VALUE" not in editor.text()


def test_somebody_else_s_change_is_not_lost(demo: Page, address: str, picture: Callable[[Page, str], None]) -> None:
    editor = opened(demo, POST).editor()
    editor.write_first("# mine")
    assert put(demo, address, POST, CONSTANT).ok
    conflict = editor.alert(f"Somebody else changed '{POST}' while you were editing it")
    expect(conflict).to_be_visible()
    expect(editor.save_button).to_be_disabled()
    editor.press("Show theirs")
    expect(demo.get_by_role("textbox", name=f"Theirs: {POST}")).to_contain_text("repaired")
    picture(demo, "resource-conflict")
    editor.press("Keep mine")
    expect(conflict).to_be_hidden()
    editor.press("Save")
    expect(editor.frame.get_by_role("link", name="digits")).to_be_visible()
    assert DIGITS.answer in answer(demo, address)


def test_leaving_by_mistake_loses_nothing(demo: Page) -> None:
    editor = opened(demo, PRE).editor()
    editor.write_first("# unsaved")
    demo.get_by_role("link", name="Models", exact=True).click()
    question = demo.get_by_role("dialog", name="Unsaved changes")
    question.get_by_role("button", name="Stay").click()
    expect(question).to_be_hidden()
    assert editor.text().startswith("# unsaved")
    demo.get_by_role("link", name="Models", exact=True).click()
    question.get_by_role("button", name="Leave").click()
    expect(demo.get_by_role("heading", level=1, name="Models")).to_be_visible()
    demo.go_back()
    assert ResourcePage(demo, PRE).editor().text().startswith("# unsaved")


def test_the_keyboard_leaves_the_editor(demo: Page) -> None:
    editor = opened(demo, PRE).editor()
    expect(editor.source).to_have_accessible_description(re.compile("press Escape, then Tab"))
    editor.write_first("# unsaved")
    demo.keyboard.press("Tab")
    expect(editor.source).to_be_focused()
    demo.keyboard.press("Escape")
    demo.keyboard.press("Tab")
    expect(editor.source).not_to_be_focused()


def test_a_new_script_begins_with_a_template_and_is_used(demo: Page, picture: Callable[[Page, str], None]) -> None:
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    script = resources.new_script()
    script.choose("digits", "Post-processing")
    expect(script.source).to_contain_text("def process")
    expect(script.name).to_have_value("digits_post_2.py")
    script.name.fill("digits_plain.py")
    picture(demo, "new-script")
    script.press("Save")
    script.expect_closed()
    ResourcePage(demo, "digits_plain.py").editor()

    pipelines.open()
    form = pipelines.add()
    form.fill("plain", "digits", PRE, "digits_plain.py")
    form.apply()
    form.expect_closed()
    expect(pipelines.card("plain")).to_be_visible()
    resources.open()
    expect(resources.card("digits_plain.py").get_by_role("link", name="plain", exact=True)).to_be_visible()


def test_a_name_that_is_taken_is_said_beside_the_name(demo: Page, watch: Watch) -> None:
    watch.expect(409)
    resources = ResourcesPage(demo)
    resources.open()
    script = resources.new_script()
    script.choose("digits", "Pre-processing")
    expect(script.source).to_contain_text("def process")
    script.name.fill(PRE)
    script.press("Save")
    expect(script.name).to_have_accessible_description(re.compile("exists already"))


@pytest.mark.addresses
def test_a_file_replaces_the_content(demo: Page, address: str, tmp_path: Path) -> None:
    file = tmp_path / "other_name.py"
    file.write_text(CONSTANT)
    page = opened(demo, POST)
    page.editor()
    page.replace(file)
    expect(demo.get_by_role("list", name="What changed")).to_be_visible()
    expect(page.editor().source).to_contain_text("repaired")
    assert "repaired" in answer(demo, address)


@pytest.mark.addresses
def test_a_renamed_script_keeps_its_pipelines(demo: Page, address: str) -> None:
    page = opened(demo, POST)
    page.action("Rename").click()
    dialog = demo.get_by_role("dialog", name=f"Rename {POST}")
    dialog.get_by_role("textbox", name="Name").fill("answer.py")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    ResourcePage(demo, "answer.py").editor()
    expect(demo.get_by_role("main").get_by_role("link", name="digits", exact=True)).to_be_visible()
    assert DIGITS.answer in answer(demo, address)


def test_data_files_are_shown_and_small_ones_edited(demo: Page, address: str) -> None:
    resources = ResourcesPage(demo)
    resources.open()
    resources.open_one(DIGITS.picture.name)
    shown = demo.get_by_role("img", name=DIGITS.picture.name)
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") > 0

    editor = opened(demo, DIGITS.labels.name).editor()
    editor.write(DIGITS.labels.read_text().replace("seven", "sept"))
    editor.press("Save")
    expect(editor.frame.get_by_role("link", name="digits")).to_be_visible()
    assert "sept" in answer(demo, address)


def test_who_may_only_read_finds_nothing_to_write_in(demo: Page, server: Server) -> None:
    token = server.run("token", "create", "reader")
    PipelinesPage(demo).sign_out()
    SignInPage(demo).sign_in(token)
    expect(HomePage(demo).heading.or_(PipelinesPage(demo).heading)).to_be_visible()
    resources = ResourcesPage(demo)
    resources.open()
    expect(resources.add_button).to_have_count(0)
    expect(demo.get_by_role("button", name="New script")).to_have_count(0)
    resources.open_one(POST)
    source = demo.get_by_role("textbox", name=f"Source: {POST}")
    expect(source).to_contain_text("def process")
    expect(source).to_have_attribute("aria-readonly", "true")
    for name in ("Save", "Replace", "Rename", "Delete"):
        expect(demo.get_by_role("button", name=name, exact=True)).to_have_count(0)
