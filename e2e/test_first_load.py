"""How much a browser loads before the first page stands there."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page, Response, expect

from e2e.page_models.home import HomePage

LIMIT_KB = 300
COMPRESSED_ALREADY = (".woff2", ".png")


@pytest.mark.addresses
def test_home_is_small(demo: Page, address: str) -> None:
    parts: list[Response] = []
    demo.goto("about:blank")
    demo.on("response", lambda response: parts.append(response) if "/assets/" in response.url else None)
    demo.goto(f"{address}/")
    expect(HomePage(demo).region("Server")).to_be_visible()
    sizes = {response.url.rpartition("/")[2]: size(response) for response in parts}
    assert any(name.endswith(".woff2") for name in sizes)
    total = sum(sizes.values())
    assert total < LIMIT_KB, "\n".join(f"{kb:6.1f} kB {name}" for name, kb in sizes.items() | {("all", total)})


def size(response: Response) -> float:
    """Return how many kB it has, as a server sends it that compresses."""
    body = response.body()
    return len(body if response.url.endswith(COMPRESSED_ALREADY) else gzip.compress(body)) / 1000
