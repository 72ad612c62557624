"""What an operator sees of trouble: pipelines that are broken, packages that can't be installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage
from e2e.watch import Watch

LOSSES_THAT_BREAK = 5
MOODY = """
import os
import numpy

def process(content):
    if content == b"crash":
        os.abort()
    return {"image": numpy.zeros((1, 64), numpy.float32)}
"""
NEEDY = """
# /// script
# dependencies = ["no-such-package"]
# ///
def process(content):
    return content
"""


def test_a_pipeline_that_crashes_is_broken_until_somebody_tries_again(
    demo: Page, address: str, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    script, fine = tmp_path / "moody.py", tmp_path / "fine.txt"
    script.write_text(MOODY)
    fine.write_text("fine")
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)
    pipelines.open()
    form = pipelines.add()
    form.fill("moody", "digits", pre_processing="moody.py")
    form.apply()
    form.expect_closed()

    card = pipelines.card("moody")
    expect(card.get_by_text("ready", exact=True)).to_be_visible()
    origin = re.match(r"https?://[^/]+", address)
    assert origin
    for _ in range(LOSSES_THAT_BREAK):
        crash = demo.request.post(
            f"{address}/api/v1/pipelines/moody/predictions", data=b"crash", headers={"Origin": origin[0]}
        )
        assert crash.status == 500
    expect(card.get_by_text("broken", exact=True)).to_be_visible()
    expect(card.get_by_text(re.compile(r"^Broken: Its workers ended 5 times in a row"))).to_be_visible()
    expect(card.get_by_text("Step: Pre-processing, moody.py")).to_be_visible()
    picture(demo, "broken")

    pipelines.try_again("moody").click()
    expect(pipelines.message("Pipeline 'moody' is ready.")).to_be_visible()
    expect(card.get_by_text("ready", exact=True)).to_be_visible()
    expect(pipelines.try_again("moody")).to_be_hidden()
    run = pipelines.run("moody")
    run.run_file(fine)
    expect(run.answer).to_contain_text("probabilities")


@pytest.mark.parametrize("settings", [{"package_index": "none"}])
def test_packages_that_cannot_be_installed_say_why(
    demo: Page, watch: Watch, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    script = tmp_path / "needy.py"
    script.write_text(NEEDY)
    resources, pipelines = ResourcesPage(demo), PipelinesPage(demo)
    resources.open()
    resources.upload(script)
    resources.packages("needy.py", "Not installed: no-such-package").click()
    details = resources.opened_details("needy.py")
    expect(details.dialog.get_by_role("region", name="Installation log")).to_contain_text("no-such-package")
    log = details.dialog.get_by_role("link", name="Open the whole log").get_attribute("href")
    assert log
    assert "no-such-package" in demo.request.get(log).text()
    details.press("Install again")
    expect(details.dialog.get_by_role("status")).to_contain_text("installation failed")
    picture(demo, "packages-failed")
    details.close()

    pipelines.open()
    form = pipelines.add()
    form.fill("needy", "digits", pre_processing="needy.py")
    expect(form.field("Pre-processing resource")).to_have_accessible_description(re.compile("Installing failed"))
    watch.expect(422)
    form.apply()
    expect(form.alert("can't be installed")).to_be_visible()
    picture(demo, "packages-refused")
