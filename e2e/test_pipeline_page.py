"""A pipeline's own page: changed, copied, deleted, and looked at by others meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.page_models.pipeline import PipelinePage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.sign_in import SignInPage
from e2e.page_models.try_it import TryIt
from e2e.server import Server
from e2e.watch import Watch


def test_parts_name_and_policy_are_changed(demo: Page, picture: Callable[[Page, str], None]) -> None:
    page = PipelinePage(demo, "digits").open()
    settings = page.settings()
    settings.field("Deadline, in seconds").fill("5")
    settings.choose("Pre-processing resource", "digits_pre.py")  # choosing what is chosen takes it away
    settings.choose("Post-processing resource", "digits_post.py")
    settings.choose("Sample", "digit-7.png")  # without pre-processing a picture fits no more
    picture(demo, "pipeline-settings")
    settings.apply()
    expect(page.overview).to_contain_text("now at revision 2")
    page.expect_flow("JSON", "none", "image", "digits", "probabilities", "none", "outputs by name")

    settings.name.fill("Numbers 100 %?")
    settings.press("Apply")
    renamed = PipelinePage(demo, "Numbers 100 %?")
    expect(renamed.heading).to_be_visible()
    expect(demo).to_have_url(re.compile(re.escape("/pipelines/Numbers%20100%20%25%3F?tab=settings") + "$"))
    demo.reload()
    expect(renamed.heading).to_be_visible()
    expect(settings.field("Deadline, in seconds")).to_have_value("5")


def test_what_somebody_else_changed_is_not_undone(demo: Page, watch: Watch) -> None:
    page = PipelinePage(demo, "digits").open()
    settings = page.settings()
    settings.field("Workers").fill("1")

    other = demo.context.new_page()
    other.goto(demo.url)
    theirs = PipelinePage(other, "digits").settings()
    theirs.field("Memory of a worker, in MiB").fill("512")
    theirs.apply()

    table = settings.form.get_by_role("table", name="Somebody else has changed this pipeline meanwhile")
    expect(table).to_contain_text("512 MiB")
    settings.press("Keep my changes")
    settings.apply()
    expect(settings.field("Memory of a worker, in MiB")).to_have_value("512")
    expect(settings.field("Workers")).to_have_value("1")


@pytest.mark.addresses
def test_a_copy_has_the_same_parts_and_goes_while_somebody_looks_at_it(demo: Page, watch: Watch) -> None:
    copying = PipelinePage(demo, "digits").open().duplicate()
    copying.name_it("copy")
    copy = PipelinePage(demo, "copy")
    expect(copy.heading).to_be_visible()
    copy.expect_flow("Raw bytes", "digits_pre.py", "image", "digits", "probabilities", "digits_post.py", "JSON")

    other = demo.context.new_page()
    other.goto(demo.url)
    expect(PipelinePage(other, "copy").heading).to_be_visible()
    copy.delete().confirm()
    expect(PipelinesPage(demo).message("Pipeline 'copy' was deleted.")).to_be_visible()
    expect(PipelinesPage(demo).heading).to_be_visible()
    expect(other.get_by_role("heading", name="Pipeline 'copy' was deleted")).to_be_visible()
    other.get_by_role("link", name="Go to Pipelines").click()
    expect(PipelinesPage(other).card("digits")).to_be_visible()


def test_data_files_are_looked_at_attached_and_detached(demo: Page, picture: Callable[[Page, str], None]) -> None:
    page = PipelinePage(demo, "digits").open()
    files = page.tab("Data files")
    files.get_by_role("button", name="Show digits_labels.json").click()
    expect(files.get_by_role("region", name="digits_labels.json")).to_contain_text("seven")
    picture(demo, "pipeline-files")
    iris = PipelinePage(demo, "iris").open()
    files = iris.tab("Data files")
    files.get_by_role("combobox", name="Attach a data file").click()
    demo.get_by_role("option", name="digits_labels.json").click()
    files.get_by_role("button", name="Attach", exact=True).click()
    expect(files.get_by_role("list", name="Data files").get_by_role("listitem")).to_have_count(2)
    files.get_by_role("button", name="Detach digits_labels.json").click()
    expect(files.get_by_role("list", name="Data files").get_by_role("listitem")).to_contain_text(["iris_sample.json"])


def test_who_may_only_read_changes_nothing(demo: Page, server: Server) -> None:
    token = server.run("token", "create", "reader")
    PipelinesPage(demo).sign_out()
    SignInPage(demo).enter(token)
    page = PipelinePage(demo, "digits").open()
    for name in ("Edit", "Duplicate", "Delete"):
        expect(page.overview.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(page.tab("Settings").get_by_text("30 s by default")).to_be_visible()
    expect(page.tab("Settings").get_by_role("button")).to_have_count(0)
    expect(page.tab("Source").get_by_role("region", name="Source: digits_pre.py")).to_be_visible()
    expect(page.tab("Data files").get_by_role("button", name="Detach digits_labels.json")).to_have_count(0)


TELLING = """import os


def process(content):
    return {name: os.environ.get(name) for name in ("STATION", "KEY")}
"""


def test_what_scripts_may_reach_and_are_given_is_set_and_told(
    demo: Page, address: str, picture: Callable[[Page, str], None]
) -> None:
    telling = {"name": "telling.py", "mimeType": "text/x-python", "buffer": TELLING.encode()}
    uploaded = demo.request.post(
        f"{address}/api/v1/resources", multipart={"file": telling}, headers={"Origin": address}
    )
    assert uploaded.ok, uploaded.text()
    page = PipelinePage(demo, "iris").open()
    expect(page.badges).to_have_count(0)
    settings = page.settings()
    settings.choose("Post-processing resource", "telling.py")
    settings.choose("Network", "Only some ports")
    settings.field("Ports").fill("5432, 443")
    settings.field("Deadline, in seconds").fill("5")
    settings.press("Add a variable")
    demo.keyboard.type("STATION")
    settings.field("Value of variable 1").fill("line 4")
    settings.apply()
    expect(page.badges).to_have_text(["Deadline 5 s", "Network ports 443 and 5432 only"])

    secrets = page.secrets()
    secrets.set("KEY", "first")
    secrets.replace("KEY", "second")
    picture(demo, "pipeline-policy")
    attempt = TryIt(page.tab("Try it"))
    attempt.press("Run")
    expect(attempt.answer).to_contain_text("line 4")
    expect(attempt.answer).to_contain_text("second")

    copying = page.duplicate()
    expect(copying.dialog).to_contain_text("The copy gets no secrets: nobody can read KEY.")
    copying.name_it("copy")
    copy = PipelinePage(demo, "copy")
    expect(copy.heading).to_be_visible()
    expect(copy.badges).to_have_count(2)
    expect(copy.tab("Settings").get_by_text("No secrets.")).to_be_visible()

    PipelinePage(demo, "iris").open()
    page.settings().choose("Network", "Open to everything")
    settings.apply()
    expect(page.badges.filter(has_text="Network open")).to_be_visible()
    page.secrets().remove("KEY")
    expect(page.tab("Settings").get_by_text("No secrets.")).to_be_visible()


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 760}, color_scheme="dark")
def test_it_fits_a_phone(demo: Page, picture: Callable[[Page, str], None]) -> None:
    page = PipelinePage(demo, "digits").open()
    for tab in ("Try it", "Source", "Failures", "Figures", "Call it", "Data files", "Settings"):
        expect(page.tab(tab)).to_be_visible()
        assert demo.evaluate("document.documentElement.scrollWidth") == 360, tab
        picture(demo, f"narrow-pipeline-{tab.lower().replace(' ', '-')}")


@pytest.mark.addresses
def test_there_may_be_no_such_pipeline(operator: Page, address: str) -> None:
    operator.goto(f"{address}/pipelines/digits")
    expect(operator.get_by_role("heading", name="There is no pipeline 'digits'")).to_be_visible()
