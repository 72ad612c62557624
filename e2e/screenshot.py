"""Makes the README's picture: the Pipelines page with the examples, as `sluice demo` loads them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from e2e.browser import launch_options
from e2e.page_models.pipelines import PipelinesPage
from e2e.server import Server


def main(picture: Path) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data")
        server.run("demo")
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 1200, "height": 470}, color_scheme="light")
        page.goto(server.link)
        PipelinesPage(page).open()
        for name in ("digits", "iris"):
            expect(PipelinesPage(page).card(name)).to_be_visible()
        page.mouse.move(0, 0)
        page.screenshot(path=picture)
        browser.close()
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
