"""Uploads: the progress that a slow line makes visible, and the cap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelsPage
from e2e.page_models.resources import ResourcesPage

UPSTREAM_BYTES_PER_S = 500_000


@pytest.mark.addresses
def test_a_slow_upload_shows_how_much_was_sent(operator: Page, tmp_path: Path) -> None:
    file = tmp_path / "table.bin"
    file.write_bytes(bytes(1_500_000))
    line = operator.context.new_cdp_session(operator)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": UPSTREAM_BYTES_PER_S}
    resources = ResourcesPage(operator)
    resources.open()
    modal = resources.add()
    modal.choose(file)
    line.send("Network.emulateNetworkConditions", conditions)
    modal.press("Upload")
    expect(modal.progress).to_be_visible()
    expect(modal.progress).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d$"))
    modal.expect_closed()
    expect(resources.card("table.bin")).to_be_visible()


@pytest.mark.parametrize("settings", [{"max_upload_bytes": "10KB"}])
def test_a_file_above_the_cap_is_not_sent(operator: Page) -> None:
    models = ModelsPage(operator)
    models.open()
    modal = models.add()
    modal.choose(DIGITS.model)
    modal.press("Upload")
    expect(modal.dialog.get_by_text("above the server's limit")).to_be_visible()
    modal.press("Cancel")
    expect(models.count("0 models")).to_be_visible()


@pytest.mark.addresses
def test_a_model_comes_back_as_it_was(operator: Page) -> None:
    models = ModelsPage(operator)
    models.open()
    models.upload(DIGITS.model)
    details = models.details("digits")
    expect(details.dialog.get_by_role("table", name="Inputs")).to_contain_text("FP32")
    details.close()
    assert models.download("digits") == DIGITS.model.read_bytes()
    models.delete("digits").confirm()
    expect(models.message("Model 'digits' was deleted.")).to_be_visible()
    expect(models.count("0 models")).to_be_visible()
