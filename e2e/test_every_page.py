"""Each page, in both themes and at two widths: no barriers, no sideways scrolling, and a picture to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import barriers

# Each page that there is, and what stands on it once it is loaded.
FULL = {
    "home": ("/", "Pipelines"),
    "pipelines": ("/pipelines", "digits_pre.py"),
    "pipelines-table": ("/pipelines?view=table", "digits_pre.py"),
    "pipeline": ("/pipelines/digits", "digits_pre.py"),
    "pipeline-call": ("/pipelines/digits?tab=call", "curl"),
    "pipeline-settings": ("/pipelines/digits?tab=settings", "Deadline"),
    "models": ("/models", "iris"),
    "model": ("/models/digits", "Inputs"),
    "resources": ("/resources", "digits_post.py"),
    "resource": ("/resources/digits_pre.py", "process"),
    "resource-data": ("/resources/digits_labels.json", "seven"),
    "batch": ("/predictions/batch", "Batch processing"),
    "unknown-pipeline": ("/pipelines/unknown", "unknown"),
    "unknown-page": ("/unknown", "There is no such page"),
}
EMPTY = {
    "home": ("/", "example"),
    "pipelines": ("/pipelines", "No models yet"),
    "models": ("/models", "Add model"),
    "resources": ("/resources", "Add resource"),
    "batch": ("/predictions/batch", "Batch processing"),
}
LOOKS = [
    pytest.param(
        theme,
        width,
        id=f"{theme}-{width}",
        marks=pytest.mark.browser_context_args(
            color_scheme=theme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
        ),
    )
    for theme in ("light", "dark")
    for width in (1280, 360)
]


def look_at(page: Page, address: str, views: dict[str, tuple[str, str]], keep: Callable[[str], None]) -> None:
    troubles = []
    for name, (path, shown) in views.items():
        page.goto(address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("body")).to_contain_text(shown)
        keep(name)
        troubles += [f"{name}: {barrier}" for barrier in barriers(page)]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > page.evaluate("innerWidth"):
            troubles.append(f"{name}: scrolls sideways, {width} px")
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_with_the_examples(
    demo: Page, address: str, theme: str, width: int, picture: Callable[[Page, str], None]
) -> None:
    look_at(demo, address, FULL, lambda name: picture(demo, f"{name}-{theme}-{width}"))


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_when_there_is_nothing_yet(
    operator: Page, address: str, theme: str, width: int, picture: Callable[[Page, str], None]
) -> None:
    look_at(operator, address, EMPTY, lambda name: picture(operator, f"empty-{name}-{theme}-{width}"))


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_before_one_is_signed_in(
    stranger: Page, address: str, theme: str, width: int, picture: Callable[[Page, str], None]
) -> None:
    views = {"sign-in": ("/", "API token")}
    look_at(stranger, address, views, lambda name: picture(stranger, f"{name}-{theme}-{width}"))
