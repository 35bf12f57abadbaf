"""A real Chromium on a whole quiet instance."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.conftest import free_port
from tests.instances import ROOT, Instance, reachable_folder, start

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SHOTS = ROOT / "build" / "screenshots"
PUBLISHED = ROOT / "docs" / "screenshots"
PICTURES = frozenset((
    "account", "board-roll-call", "board-seats", "button", "desk", "desk-case", "desk-night", "devices",
    "desk-heard", "elder-home", "family-home", "field", "field-job", "field-offer", "install", "login", "look",
    "look-night", "supervise", "supervise-complaints", "supervise-reads", "supervise-times", "wall",
))  # fmt: skip
"""What docs/look.md shows, in both languages; `YINLING_SCREENSHOTS=1` takes them anew."""

ENGLISH = re.compile(r"[\[-]en\b")

OpenPage = Callable[..., Page]

expect.set_options(timeout=15_000)  # two cores may be shared with a storm in the other worker


HOMES, A_MODULE = 720, 30
"""Homes of the instance that modules share, and how many of them each has for itself."""


def started(folders: pytest.TempPathFactory, homes: int) -> Iterator[Instance]:
    """Everything, with the simulated people switched off."""
    folder = reachable_folder(folders.mktemp("browser"))
    it = start(folder / "data", "--http-port", str(free_port()), "--mqtt-port", str(free_port()), homes=homes)
    yield it
    it.stop()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance that modules share: it takes longer to start than most of them run."""
    yield from started(tmp_path_factory, HOMES)


@pytest.fixture(scope="package")
def fresh() -> Iterator[slice]:
    """Homes in which nobody has pressed."""
    return (slice(first, first + A_MODULE) for first in count(0, A_MODULE))


@pytest.fixture(scope="module")
def instance(request: pytest.FixtureRequest) -> Instance:
    """The shared instance as a module finds it: nothing open, and homes of its own.

    A module that says SMALL_COUNTY has a county to itself, in which whoever lives nearest is among the first asked: in
    a large one there are mountains between them.
    """
    if getattr(request.module, "SMALL_COUNTY", False):
        own: Instance = request.getfixturevalue("alone")
        return own
    house: Instance = request.getfixturevalue("house")
    end_what_is_open(house)
    return replace(house, mine=next(request.getfixturevalue("fresh")))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance for a module that stops parts of it, or counts what is on the whole desk."""
    yield from started(tmp_path_factory, 40)


def end_what_is_open(it: Instance) -> None:
    """Close every incident, which frees everybody who was asked."""
    with httpx.Client(base_url=it.demo["http"] + "/api/v1", trust_env=False, timeout=10) as http:
        session = http.post("/sessions", json={"username": "sup-county", "password": "yinling"}).json()
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        for row in http.get("/incidents", params={"state": "live", "limit": 100}).json()["items"]:
            ending = {"outcome": "other", "evidence": "seen", "evidence_by": "x"}
            key = {"Idempotency-Key": f"end-{row['incident']}", "If-Match": str(row["ver"])}
            http.post(f"/incidents/{row['incident']}/close", json=ending, headers=key).raise_for_status()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright itself; it runs an event loop of its own, which must end before asynchronous tests begin."""
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="module")
def flags() -> list[str]:
    """How Chromium is started; a module may start it otherwise."""
    return FLAGS


@pytest.fixture(scope="module")
def browser(playwright: Playwright, flags: list[str]) -> Iterator[Browser]:
    """Debian's Chromium, else Playwright's own."""
    path = shutil.which("chromium")
    if path is None and not Path(playwright.chromium.executable_path).exists():
        pytest.skip("there is no Chromium")
    it = playwright.chromium.launch(executable_path=path, args=flags)
    yield it
    it.close()


@pytest.fixture
def open_page(instance: Instance, browser: Browser) -> Iterator[OpenPage]:
    """Log somebody in on a screen of their own: `open_page(username, width, height, lang)`."""
    contexts: list[BrowserContext] = []

    def opened(
        username: str | None,
        width: int,
        height: int,
        lang: str = "zh-CN",
        place: tuple[float, float] = (25.6, 115.79),
        url: str = "",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=lang, permissions=["geolocation"],
            geolocation={"latitude": place[0], "longitude": place[1]},
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto(url or instance.demo["http"])
        if username is not None:
            page.locator("input[autocomplete=username]").fill(username)
            page.locator("input[autocomplete=current-password]").fill("yinling")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{home_of(username)}")
        return page

    yield opened
    for context in contexts:
        context.close()


def home_of(username: str) -> str:
    """The page that somebody's role leads to."""
    elsewhere = {"installer": "install", "office": "supervise", "auditor": "account", "security": "account"}
    if username in elsewhere:
        return elsewhere[username]
    return "desk" if "desk" in username or "sup" in username else "field"


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of a page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    publish = os.environ.get("YINLING_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        folder = PUBLISHED if publish and name.rpartition("-")[0] in PICTURES else SHOTS
        page.screenshot(path=folder / f"{name}.png")

    return keep


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys that were made in Chinese are made again in English when there is time."""
    for item in items:
        if "browser" in item.path.parts and ENGLISH.search(item.name):
            item.add_marker(pytest.mark.long)
