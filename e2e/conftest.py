"""A browser, a server with a fresh data folder for each test, and a page that is signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.browser import launch_options
from e2e.page_models.home import HomePage
from e2e.page_models.pipelines import PipelinesPage
from e2e.proxy import Proxy
from e2e.server import Server, run_sluice
from e2e.watch import Watch


class Example(NamedTuple):
    """The files of an example, and what it answers for its picture."""

    model: Path
    pre_processing: Path
    post_processing: Path
    labels: Path
    picture: Path
    answer: str


FOLDER = Path(__file__).parents[1] / "backend/examples/digits"
DIGITS = Example(
    FOLDER / "digits.onnx",
    FOLDER / "digits_pre.py",
    FOLDER / "digits_post.py",
    FOLDER / "digits_labels.json",
    FOLDER / "pictures/digit-7.png",
    "seven",
)
# The first call of a pipeline starts processes, and a test machine may be slow.
expect.set_options(timeout=15_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--behind", metavar="PREFIX", default="", help="Run all behind a proxy, under that path prefix")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium."""
    return browser_type_launch_args | launch_options()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Open pages as wide as a common screen, in light colours."""
    return browser_context_args | {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}


@pytest.fixture
def settings() -> dict[str, str]:
    """Settings of the server, by their names in small letters; tests override it."""
    return {}


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which `sluice demo` put the examples."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    run_sluice("demo", SLUICE_DATA_DIR=str(folder))
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A data folder of its own for each test: with the examples where it uses `demo`, else new."""
    folder = tmp_path / "data"
    if "demo" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("demo_data"), folder)
    return folder


@pytest.fixture
def server(data_dir: Path, settings: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that stops, and must stop well, after the test."""
    prefix = request.config.getoption("--behind")
    behind = {"root_path": prefix, "trusted_proxies": "127.0.0.1"} if prefix else {}
    server = Server(data_dir, **behind, **settings)
    yield server
    server.stop()


@pytest.fixture
def address(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a browser finds the page: the server itself, or a proxy that serves it under a path prefix."""
    prefix = request.config.getoption("--behind")
    if not prefix:
        yield server.url
        return
    proxy = Proxy(server.url, prefix)
    yield proxy.url + prefix
    proxy.stop()
    assert [path for path in proxy.strays if path != "/favicon.ico"] == []


@pytest.fixture
def link(server: Server, address: str) -> str:
    """The printed link, as one behind the same door opens it."""
    return address + server.link[server.link.index("/welcome#") :]


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Fails the test on console errors, exceptions and requests to other machines."""
    watch = Watch(context)
    yield watch
    watch.verify()


@pytest.fixture
def stranger(address: str, page: Page, watch: Watch) -> Page:
    """A browser that nobody signed in with; it closes before the server stops."""
    return page


@pytest.fixture
def operator(stranger: Page, link: str) -> Page:
    """A browser that followed the link and went on to the Pipelines page."""
    stranger.goto(link)
    expect(HomePage(stranger).heading).to_be_visible()
    PipelinesPage(stranger).open()
    return stranger


@pytest.fixture
def demo(operator: Page) -> Page:
    """The same, with the examples loaded."""
    expect(PipelinesPage(operator).card("digits")).to_be_visible()
    return operator


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keeps a screenshot in e2e/artifacts, to look at."""
    folder = Path(__file__).parent / "artifacts"

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return keep
