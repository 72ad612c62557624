"""Each page, wide, dark and narrow: no barriers, no sideways scrolling, and a picture to look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import httpx2
import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import barriers
from e2e.busy_server import LONG, fill
from e2e.conftest import DIGITS
from e2e.page_models.audit import AuditPage
from e2e.page_models.batch import BatchPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.settings import SettingsPage
from e2e.page_models.sign_in import SignInPage
from e2e.page_models.try_it import TryIt
from e2e.server import Server
from e2e.watch import Watch

FOLDER = Path(__file__).parent / "artifacts/pages"
# Colours that are on their way to another theme's would be measured as neither.
SETTLED = "Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished))"
ADMIN_TOKEN = "slc_only-for-the-browser-tests-0123456789"


class View(NamedTuple):
    """Where a page is, what stands on it once it is loaded, and what is done there before one looks."""

    path: str
    shown: str
    act: Callable[[Page], None] | None = None


def run(page: Page) -> None:
    """Run the digits' picture, and wait for the run's x-ray."""
    attempt = TryIt(page.get_by_role("tabpanel", name="Try it"))
    attempt.run_file(DIGITS.picture)
    expect(attempt.xray).to_be_visible()
    page.mouse.move(0, 0)


def check(page: Page) -> None:
    """Check what would fail, in the form that adds a pipeline."""
    form = PipelinesPage(page).add()
    form.fill("next", "digits", "failing.py", DIGITS.post_processing.name, (DIGITS.labels.name,))
    form.check_file(DIGITS.picture)
    expect(form.check.get_by_role("region", name="X-ray of this run")).to_be_visible()


def batch(page: Page) -> None:
    """Run two files, one of which fails."""
    assistant = BatchPage(page)
    assistant.press("Next")
    assistant.run("digits", DIGITS.picture, DIGITS.labels)
    expect(assistant.status).to_have_text("1 of 2 files answered, 1 failed")


def unfold(page: Page) -> None:
    """Look at one operation of the API, and try it."""
    operation = page.get_by_role("group").filter(has_text="GET /pipelines/{name} ")
    operation.get_by_text("/pipelines/{name}", exact=True).click()
    operation.get_by_role("textbox", name="name").fill("digits")
    operation.get_by_role("button", name="Try it").click()
    expect(operation.get_by_role("region", name="Answer")).to_contain_text("digits_pre.py")


def unfold_entry(page: Page) -> None:
    """Look at one change."""
    AuditPage(page).unfold("Added pipeline digits")


def choose_model(page: Page) -> None:
    """Choose a model that the form tells about."""
    PipelinesPage(page).add().fill("next", LONG)


def new_token(page: Page) -> None:
    """Open the form that makes a token."""
    page.get_by_role("button", name="New token").click()
    expect(page.get_by_role("dialog", name="New token")).to_be_visible()


def change_user(page: Page) -> None:
    """Open the form that changes a user, of the role that has most to say."""
    SettingsPage(page).change_user("cy")


def call_it(page: Page) -> None:
    """Look at how a program calls it."""
    page.get_by_role("tab", name="Call it").click()
    expect(page.get_by_role("tab", name="curl")).to_be_visible()


BUSY = {
    "home": View("/", "What ran lately"),
    "pipelines": View("/pipelines", "station-01"),
    "pipelines-found": View("/pipelines?q=digits", "digits_pre.py"),
    "pipelines-table": View("/pipelines?view=table", "station-01"),
    "pipeline": View("/pipelines/digits", "digits_pre.py"),
    "pipeline-run": View("/pipelines/digits", "digits_pre.py", run),
    "pipeline-failed": View("/pipelines/failing", "failing.py", run),
    "pipeline-broken": View("/pipelines/broken", "5 times in a row"),
    "pipeline-long": View(f"/pipelines/{LONG}", f"{LONG}.py"),
    "pipeline-call": View("/pipelines/digits?tab=call", "curl"),
    "pipeline-figures": View("/pipelines/digits?tab=figures", "p99"),
    "pipeline-failures": View("/pipelines/failing?tab=failures", "reshape"),
    "pipeline-source": View("/pipelines/digits?tab=source", "def process"),
    "pipeline-files": View("/pipelines/digits?tab=files", "digits_labels.json"),
    "pipeline-settings": View("/pipelines/digits?tab=settings", "Deadline"),
    "pipeline-policy": View(f"/pipelines/{LONG}?tab=settings", "KEY_OF_THE_CONTROL_ROOM"),
    "add-pipeline": View("/pipelines?q=digits", "digits_pre.py", choose_model),
    "add-pipeline-checked": View("/pipelines?q=digits", "digits_pre.py", check),
    "models": View("/models", LONG),
    "models-table": View("/models?view=table", LONG),
    "model": View("/models/digits", "Inputs"),
    "model-long": View(f"/models/{LONG}", "Inputs"),
    "resources": View("/resources", LONG),
    "resources-table": View("/resources?view=table", LONG),
    "resource": View("/resources/digits_pre.py", "def process"),
    "resource-data": View("/resources/digits_labels.json", "seven"),
    "settings": View("/settings", "Signed in as"),
    "settings-tokens": View("/settings/tokens", "line 4"),
    "settings-new-token": View("/settings/tokens", "line 4", new_token),
    "settings-users": View("/settings/users", "ann"),
    "settings-user": View("/settings/users", "ann", change_user),
    "settings-sessions": View("/settings/sessions", "this browser"),
    "settings-server": View("/settings/server", "Largest answer"),
    "batch": View("/predictions/batch", "Choose"),
    "batch-outcome": View("/predictions/batch?pipelines=digits", "Choose", batch),
    "audit": View("/audit?subject=digits", "Added pipeline", unfold_entry),
    "docs": View("/docs", "openapi", unfold),
    "unknown-pipeline": View("/pipelines/unknown", "unknown"),
    "unknown-page": View("/unknown", "Go to Home"),
}
READER = {
    f"reader-{name}": BUSY[name]
    for name in ("home", "pipelines", "pipeline", "pipeline-source", "pipeline-policy", "models", "model")
} | {f"reader-{name}": BUSY[name] for name in ("resources", "resource", "batch", "settings")}
READER |= {
    "reader-audit": View("/audit", "Your role doesn't show this"),
    "reader-settings-users": View("/settings/users", "Your role doesn't show this"),
}
CALLER = {
    "caller": View("/", "Input file"),
    "caller-run": View("/", "Input file", run),
    "caller-call": View(f"/pipelines/{LONG}", LONG, call_it),
}
EMPTY = {
    "empty-home": View("/", "Load the examples"),
    "empty-pipelines": View("/pipelines", "Add pipeline"),
    "empty-models": View("/models", "Add model"),
    "empty-resources": View("/resources", "Add resource"),
    "empty-batch": View("/predictions/batch", "Choose"),
    "empty-tokens": View("/settings/tokens", "No tokens yet"),
    "empty-users": View("/settings/users", "No users yet"),
}
PARTS = 4
"""Into how many tests the busy server's pages are split, so that several browsers share them."""

WIDE, NARROW = 1280, 360
HEIGHT = 900
LOOK = pytest.mark.browser_context_args(viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce")


@pytest.fixture(scope="module")
def busy(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all, with much in it."""
    folder = tmp_path_factory.mktemp("busy") / "data"
    shutil.copytree(demo_data, folder)
    server = Server(folder, admin_token=ADMIN_TOKEN)
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with httpx2.Client(base_url=f"{server.url}/api/v1/", headers=headers, timeout=60) as client:
        fill(client)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One with nothing in it."""
    server = Server(tmp_path_factory.mktemp("empty") / "data", admin_token=ADMIN_TOKEN)
    yield server
    server.stop()


@LOOK
@pytest.mark.parametrize("part", range(PARTS))
def test_with_much_to_show(page: Page, watch: Watch, busy: Server, part: int) -> None:
    watch.tolerate(404, 422)
    sign_in(page, watch, busy, ADMIN_TOKEN)
    look_at(page, busy, {name: BUSY[name] for name in list(BUSY)[part::PARTS]})


@LOOK
def test_for_one_who_may_only_look(page: Page, watch: Watch, busy: Server) -> None:
    sign_in(page, watch, busy, busy.run("token", "create", "reader"))
    look_at(page, busy, READER)


@LOOK
def test_for_one_who_may_only_call(page: Page, watch: Watch, busy: Server) -> None:
    watch.tolerate(401)
    page.goto(busy.url)
    look_at(page, busy, {"sign-in-by-name": View("/", "Forgotten?")})
    sign_in(
        page,
        watch,
        busy,
        busy.run("token", "create", "caller", "--role", "PREDICT", "--pipeline", "digits", "--pipeline", LONG),
        "Your pipelines",
    )
    look_at(page, busy, CALLER)


@LOOK
def test_when_there_is_nothing_yet(page: Page, watch: Watch, empty: Server) -> None:
    watch.tolerate(401)
    page.goto(empty.url)
    look_at(page, empty, {"sign-in": View("/", "API token")})
    sign_in(page, watch, empty, ADMIN_TOKEN)
    look_at(page, empty, EMPTY)


def sign_in(page: Page, watch: Watch, server: Server, token: str, heading: str = "Models") -> None:
    """Sign in by a token."""
    watch.tolerate(401)
    page.goto(f"{server.url}/models")
    asked = SignInPage(page)
    expect(asked.submit).to_be_visible()
    if asked.password.is_visible():
        asked.choose("An API token")
    asked.sign_in(token)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def look_at(page: Page, server: Server, views: dict[str, View]) -> None:
    """Look at each page wide, dark and narrow; fail in the end with all that is wrong on any."""
    troubles = []
    for name, view in views.items():
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        turn(page, "light")
        open_view(page, server, view)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            turn(page, "light")
            keep(page, f"{name}-{width}-light")
            troubles += [f"{name}, {width}: {barrier}" for barrier in barriers(page)]
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                troubles.append(f"{name}: scrolls sideways, {needed} px of {width}")
            if width == WIDE:  # in the same colours as on a narrow screen
                turn(page, "dark")
                keep(page, f"{name}-{width}-dark")
                troubles += [f"{name}, dark: {barrier}" for barrier in barriers(page, colours_only=True)]
    assert not troubles, "\n".join(troubles)


def open_view(page: Page, server: Server, view: View) -> None:
    """Go there as by a link; anew where something is done there, which shouldn't begin with what was done before."""
    if view.act:
        page.goto(server.url + view.path)
    else:
        page.evaluate("path => history.pushState(null, '', path)", view.path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(view.shown)
    if view.act:
        view.act(page)


def turn(page: Page, theme: Literal["light", "dark"]) -> None:
    """Have the system prefer a theme."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
    page.evaluate(SETTLED)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page, to look at."""
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
