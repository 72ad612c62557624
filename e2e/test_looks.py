"""A telephone's width, and the dark colours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.page_models.models import ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage
from e2e.page_models.shell import Shell

PAGES: list[type[Shell]] = [PipelinesPage, ModelsPage, ResourcesPage]


def brightness(page: Page) -> float:
    """Return how bright the page's background is, 0..255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)")
    return sum(colour) / 3


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 740})
def test_a_narrow_screen_needs_no_sideways_scrolling(demo: Page, picture: Callable[[Page, str], None]) -> None:
    for section in PAGES:
        section(demo).open()
        expect(section(demo).cards.first).to_be_visible()
        assert demo.evaluate("document.documentElement.scrollWidth") <= 360
        picture(demo, f"narrow-{section.section.lower()}")
    pipelines = PipelinesPage(demo)
    pipelines.open()
    modal = pipelines.add()
    box = modal.dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    picture(demo, "narrow-add-pipeline")


@pytest.mark.browser_context_args(color_scheme="dark")
def test_the_system_s_dark_scheme_is_followed(demo: Page, picture: Callable[[Page, str], None]) -> None:
    assert brightness(demo) < 60
    for section in PAGES:
        section(demo).open()
        expect(section(demo).cards.first).to_be_visible()
        picture(demo, f"dark-{section.section.lower()}")


def test_colours_can_be_chosen_and_are_kept(demo: Page) -> None:
    assert brightness(demo) > 200
    PipelinesPage(demo).choose_colours("Dark")
    assert brightness(demo) < 60
    demo.reload()
    expect(PipelinesPage(demo).card("digits")).to_be_visible()
    assert brightness(demo) < 60
