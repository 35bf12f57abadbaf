"""A real Chromium on a whole quiet instance."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

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
SHOTS = ROOT / "docs" / "screenshots" if os.environ.get("YINLING_SCREENSHOTS") else ROOT / "build" / "screenshots"

ENGLISH = re.compile(r"[\[-]en\b")

OpenPage = Callable[..., Page]

expect.set_options(timeout=15_000)  # two cores may be shared with a storm in the other worker


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Everything, with the simulated people switched off."""
    folder = reachable_folder(tmp_path_factory.mktemp("browser"))
    it = start(folder / "data", "--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    yield it
    it.stop()


@pytest.fixture(scope="module")
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

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=SHOTS / f"{name}.png")

    return keep


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys that were made in Chinese are made again in English when there is time."""
    for item in items:
        if "browser" in item.path.parts and ENGLISH.search(item.name):
            item.add_marker(pytest.mark.long)
