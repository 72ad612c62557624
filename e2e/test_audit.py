"""The audit log: what was done on the page is there, is found, leads on, and can be had as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.page_models.audit import AuditPage
from e2e.page_models.pipelines import PipelinesPage


@pytest.mark.addresses
def test_what_was_done_is_told_found_and_leads_on(demo: Page) -> None:
    PipelinesPage(demo).delete("iris").confirm()
    expect(PipelinesPage(demo).card("iris")).to_be_hidden()
    log = AuditPage(demo)
    log.open()
    expect(log.entries.first).to_have_text("Deleted pipeline iris")
    expect(log.entries.first.get_by_role("link")).to_have_count(0)  # it exists no more
    assert "operator" in log.unfold("Deleted pipeline iris").locator("xpath=ancestor::table").inner_text()
    expect(demo.locator("dl")).to_contain_text("the one-time link")
    expect(demo.locator("dl")).to_contain_text("127.0.0.1")

    log.search.fill("DIGITS")
    expect(log.entries).to_have_count(5)
    log.choose_kind("Pipelines")
    expect(log.entries).to_have_text(["Added pipeline digits"])
    expect(demo).to_have_url(re.compile("q=DIGITS&action=pipeline$"))
    with demo.expect_download() as download:
        demo.get_by_role("link", name="Download").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["pipeline.add"]
    log.entries.get_by_role("link", name="digits").click()
    expect(demo.get_by_role("heading", level=1, name="digits")).to_be_visible()

    demo.go_back()
    log.choose_kind("All changes")
    log.search.fill("")
    demo.get_by_role("button", name="Only what operator did").first.click()
    expect(log.entries).to_have_text(["Deleted pipeline iris", "Signed in"])
    demo.get_by_role("button", name="Remove: By operator").click()
    log.search.fill("nothing like this")
    expect(demo.get_by_role("main")).to_contain_text("No change matches this.")
