"""Pipelines among others: found, ordered, in a table, and many of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.page_models.lists import ListTools
from e2e.page_models.pipelines import PipelinesPage
from e2e.watch import Watch

# More than are shown at first.
MANY = 52


def add(page: Page, name: str) -> None:
    """Add a pipeline without scripts as a program does."""
    address, _, _ = page.url.rpartition("/pipelines")
    # Where a page of its own would say that it comes from.
    origin = "/".join(address.split("/")[:3])
    answer = page.request.post(
        f"{address}/api/v1/pipelines",
        data={"name": name, "model": "iris", "workers": 1},
        headers={"Origin": origin},
    )
    assert answer.ok, answer.text()


@pytest.mark.addresses
def test_what_one_looks_for_is_found(demo: Page, picture: Callable[[Page, str], None]) -> None:
    pipelines, tools = PipelinesPage(demo), ListTools(demo, "pipelines")
    demo.keyboard.press("/")
    expect(tools.search).to_be_focused()
    demo.keyboard.type("DIGITS_PRE")
    expect(pipelines.count("1 of 2 pipelines")).to_be_visible()
    expect(pipelines.card("iris")).to_be_hidden()

    demo.reload()
    expect(tools.search).to_have_value("DIGITS_PRE")
    expect(pipelines.card("digits")).to_be_visible()
    expect(pipelines.card("iris")).to_be_hidden()

    tools.search.fill("no such thing")
    expect(demo.get_by_text('Nothing here matches "no such thing".')).to_be_visible()
    picture(demo, "pipelines-nothing-found")
    demo.get_by_role("button", name="Show all").click()
    expect(pipelines.count("2 pipelines")).to_be_visible()
    expect(pipelines.card("iris")).to_be_visible()

    tools.search.fill("iris")
    tools.search.press("Escape")
    expect(tools.search).to_have_value("")


def test_a_table_in_the_order_one_wants(demo: Page, watch: Watch, picture: Callable[[Page, str], None]) -> None:
    pipelines, tools = PipelinesPage(demo), ListTools(demo, "pipelines")
    tools.view("Table")
    expect(tools.rows).to_have_text(["digits", "iris"])
    expect(tools.head("Name")).to_have_attribute("aria-sort", "ascending")
    tools.head("Name").get_by_role("button").click()
    expect(tools.rows).to_have_text(["iris", "digits"])
    expect(tools.head("Name")).to_have_attribute("aria-sort", "descending")

    watch.expect(422)
    run = pipelines.run("digits")
    run.run_json("{}")  # no picture, so it fails
    expect(run.dialog.get_by_role("alert")).to_be_visible()
    run.close()
    tools.head("Failures").get_by_role("button").click()
    expect(tools.table.get_by_role("row", name="digits").get_by_role("img", name="1 failure")).to_be_visible()
    expect(tools.rows).to_have_text(["digits", "iris"])
    picture(demo, "pipelines-table")

    # The order is there again on the way back from a pipeline's page, and on the next visit.
    tools.table.get_by_role("link", name="iris").click()
    expect(demo.get_by_role("heading", level=1, name="iris")).to_be_visible()
    demo.go_back()
    expect(tools.head("Failures")).to_have_attribute("aria-sort", "descending")
    demo.get_by_role("link", name="Models").click()
    pipelines.open()
    expect(tools.head("Failures")).to_have_attribute("aria-sort", "descending")
    tools.view("Cards")
    expect(pipelines.card("iris")).to_be_visible()


def test_many_come_bit_by_bit(demo: Page, picture: Callable[[Page, str], None]) -> None:
    pipelines, tools = PipelinesPage(demo), ListTools(demo, "pipelines")
    for n in range(MANY):
        add(demo, f"line {n:02} of the works in the north-western valley")
    demo.reload()
    expect(pipelines.count(f"{MANY + 2} pipelines")).to_be_visible()
    expect(tools.more).to_be_visible()
    picture(demo, "pipelines-many")
    tools.more.scroll_into_view_if_needed()
    expect(pipelines.cards).to_have_count(MANY + 2)
    expect(tools.more).to_be_hidden()

    tools.search.fill("valley 17")
    expect(pipelines.count(f"1 of {MANY + 2} pipelines")).to_be_visible()
    expect(pipelines.cards).to_have_count(1)
