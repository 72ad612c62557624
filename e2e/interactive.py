"""Measures how soon a page can be used: `python -m e2e.interactive`, on a machine that does nothing else."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from e2e.browser import launch_options
from e2e.server import Server, run_sluice

PAGES = {"/": "a[href$='/pipelines/digits']", "/pipelines": "article a", "/pipelines/digits": "button[type=submit]"}
"""Each with what one came for, once it is there and can be pressed."""
TIMES = 7
TOKEN = "slc_only-for-this-measurement-0123456789"
CLOCK = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries())).observe({ type: "longtask" });
window.usable = new Promise((resolve) => {
  const look = () => {
    const found = document.querySelector(SELECTOR);
    if (found && !found.disabled) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""
USABLE = """
window.usable.then((usable) => new Promise((resolve) => setTimeout(() => resolve(Math.max(usable, ...window.longTasks
  .filter(({ startTime }) => startTime <= usable)
  .map(({ startTime, duration }) => startTime + duration))))))
"""
"""What is there while a task of 50 ms and more goes on can be pressed at its end only."""


def main() -> None:
    """Print the median of each page: opened for the first time, and again with what the browser keeps of it."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        run_sluice("demo", SLUICE_DATA_DIR=data)
        server = Server(Path(data), admin_token=TOKEN)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**launch_options())
                for path, wanted in PAGES.items():
                    first, again = zip(*(visits(browser, server.url, path, wanted) for _ in range(TIMES)), strict=True)
                    print(f"{path:20} first {said(first)}   again {said(again)}")
        finally:
            server.stop()


def visits(browser: Browser, url: str, path: str, wanted: str) -> tuple[float, float]:
    """Return what the first and the second visit of somebody who is signed in take, in ms."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.request.post(f"{url}/api/v1/session", data={"token": TOKEN}, headers={"Origin": url})
    context.add_init_script(CLOCK.replace("SELECTOR", repr(wanted)))
    measured = visit(context, url + path), visit(context, url + path)
    context.close()
    return measured


def visit(context: BrowserContext, address: str) -> float:
    """Return after how many ms the page can be used."""
    page = context.new_page()
    page.goto(address)
    took: float = page.evaluate(USABLE)
    page.close()
    return took


def said(taken: tuple[float, ...]) -> str:
    """Return the median and the worst."""
    return f"{statistics.median(taken):4.0f} ms (worst {max(taken):4.0f})"


if __name__ == "__main__":
    main()
