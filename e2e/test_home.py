"""The first page: empty, calm, in trouble, and for one who may only look."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.home import HomePage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.sign_in import SignInPage
from e2e.server import Server
from e2e.watch import Watch

FRAGILE = b"""
import os
import numpy

def process(content):
    if content == b"crash":
        os.abort()
    return {"image": numpy.zeros((1, len(content)), numpy.float32)}
"""
LOSSES_THAT_BREAK = 5


@pytest.mark.addresses
def test_from_an_empty_server_to_an_answer_in_a_few_clicks(
    operator: Page, picture: Callable[[Page, str], None]
) -> None:
    home = HomePage(operator)
    home.open()
    expect(home.total("0 pipelines")).to_be_visible()
    first_steps = home.region("First steps")
    expect(first_steps.get_by_role("link", name="Add a model")).to_have_attribute("href", re.compile("/models$"))
    picture(operator, "home-empty")
    first_steps.get_by_role("button", name="Load the examples").click()
    expect(home.message("Pipelines digits and iris can be tried now.")).to_be_visible(timeout=60_000)
    expect(first_steps).to_be_hidden()
    expect(home.total("2 pipelines")).to_be_visible()
    expect(home.total("2 models")).to_be_visible()
    home.total("2 pipelines").click()
    run = PipelinesPage(operator).run("digits")
    run.run_file(DIGITS.picture)
    expect(run.answer).to_contain_text(DIGITS.answer)
    run.close()
    home.open()
    expect(home.lately("digits").get_by_role("img")).to_have_accessible_name(re.compile("1 call, no failure"))
    expect(home.lately("digits")).to_contain_text(re.compile(r"\d ms"))
    home.lately("digits").get_by_role("link", name="digits").click()
    expect(operator.get_by_role("heading", level=1, name="digits")).to_be_visible()


@pytest.mark.addresses
def test_what_is_wrong_is_told_and_leads_there(
    demo: Page, address: str, tmp_path: Path, watch: Watch, picture: Callable[[Page, str], None]
) -> None:
    api, origin = f"{address}/api/v1", {"Origin": re.sub(r"(//[^/]+).*", r"\1", address)}
    upload = {"file": {"name": "fragile.py", "mimeType": "text/x-python", "buffer": FRAGILE}}
    assert demo.request.post(f"{api}/resources", multipart=upload, headers=origin).ok
    parts = {"name": "fragile", "model": "digits", "preProcessing": "fragile.py"}
    assert demo.request.post(f"{api}/pipelines", data=parts, headers=origin).ok
    predictions = f"{api}/pipelines/fragile/predictions"
    for _ in range(3):
        assert demo.request.post(predictions, data=b"x" * 64, headers=origin).ok
    assert demo.request.post(predictions, data=b"wrong", headers=origin).status == 422

    home = HomePage(demo)
    home.open()
    failing = home.findings.filter(has_text="Pipeline 'fragile': 1 of 4 calls failed in the last hour")
    expect(failing).to_be_visible()
    expect(home.lately("fragile").get_by_role("img")).to_have_accessible_name(re.compile("4 calls, 1 failure"))
    for _ in range(LOSSES_THAT_BREAK):
        assert demo.request.post(predictions, data=b"crash", headers=origin).status == 500
    broken = home.findings.filter(has_text="Pipeline 'fragile' is broken")
    expect(broken).to_contain_text("Its workers ended 5 times in a row")
    expect(failing).to_be_hidden()
    picture(demo, "home-trouble")
    demo.emulate_media(color_scheme="dark")
    picture(demo, "home-trouble-dark")
    demo.set_viewport_size({"width": 360, "height": 1400})
    assert demo.evaluate("document.documentElement.scrollWidth") <= 360
    picture(demo, "home-trouble-narrow")
    broken.get_by_role("link").click()
    expect(demo.get_by_role("heading", level=1, name="fragile")).to_be_visible()


@pytest.mark.browser_context_args(viewport={"width": 1920, "height": 1080})
def test_all_is_well(demo: Page, server: Server, picture: Callable[[Page, str], None]) -> None:
    home = HomePage(demo)
    home.open()
    expect(home.total("2 pipelines")).to_contain_text("2 idle")
    expect(home.region("Server").get_by_text("full", exact=True)).to_be_visible()
    expect(home.region("Needs attention")).to_contain_text("All is well.")
    picture(demo, "home-well")
    home.sign_out()
    SignInPage(demo).sign_in(server.run("token", "create", "reader"))
    expect(home.total("2 pipelines")).to_be_visible()
    expect(home.region("Needs attention")).to_contain_text("All is well.")


def test_one_who_may_only_look_is_offered_nothing_to_change(
    operator: Page, server: Server, picture: Callable[[Page, str], None]
) -> None:
    home = HomePage(operator)
    home.sign_out()
    SignInPage(operator).enter(server.run("token", "create", "reader"))
    home.open()
    expect(home.region("First steps")).to_contain_text("your role may not add anything")
    expect(operator.get_by_role("button", name="Load the examples")).to_have_count(0)
    picture(operator, "home-empty-reader")
