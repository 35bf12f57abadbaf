"""Every screen in both languages, in every text size, by day and by night, on a narrow page and without motion."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, faint_words, moving, small_targets, wider_than_the_page
from tests.instances import Device, Instance

PREFER = """
given => localStorage.setItem('yinling.preferences', JSON.stringify(given))
"""
LOOKS = (("normal", "day"), ("large", "day"), ("larger", "day"), ("normal", "night"))
NARROW = 320
"""What is left of 1,280 pixels at 400 %."""


@dataclass(frozen=True)
class Screen:
    """A page, whom it is for, its size, and the least size of what is pressed there."""

    name: str
    account: str | None
    path: str
    least: int
    width: int = 1366
    height: int = 768


SCREENS = (
    Screen("login", None, "", 44, 360, 640),
    Screen("field", "r0003", "field", 48, 360, 640),
    Screen("desk", "desk1", "desk", 44),
    Screen("devices", "desk1", "devices", 44),
    Screen("board-events", "desk1", "board#events", 44),
    Screen("board-orders", "desk1", "board#orders", 44),
    Screen("board-seats", "desk1", "board#seats", 44),
    Screen("install", "installer", "install", 48, 360, 640),
    Screen("account", "sup-county", "account", 44),
    Screen("account-staff", "security", "account", 44),
    Screen("look", None, "look", 44),
    Screen("supervise", "sup-county", "supervise", 44),
    Screen("supervise-times", "sup-county", "supervise#times", 44),
    Screen("elder", None, "elder", 60, 360, 640),
    Screen("family", None, "family", 60, 360, 640),
)


def opened(page: Page, lang: str, text: str, theme: str) -> None:
    """The screen as somebody likes it."""
    page.evaluate(PREFER, {"lang": lang, "text": text, "theme": theme})
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mode", theme)
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: s.name)
def test_it_stands_the_probes(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], screen: Screen, lang: str
) -> None:
    """No fault of axe's, words at 7:1, targets large enough; at 400 % nothing runs off the page; nothing must move."""
    if screen.name == "desk":
        Device(instance.demo, instance.demo["devices"][3 if lang == "en" else 4]).press()
    page = open_page(screen.account, screen.width, screen.height, lang)
    page.goto(f"{instance.demo['http']}/{screen.path}")
    for text, theme in LOOKS:
        opened(page, lang, text, theme)
        at = f"{screen.name} {lang} {text} {theme}"
        assert axe_faults(page) == [], at
        assert faint_words(page) == [], at
        assert small_targets(page, screen.least) == [], at
        if (text, theme) == LOOKS[0]:
            shoot(page, f"{screen.name}-{lang[:2]}")
        elif theme == "night" and screen.name in {"look", "desk"}:
            shoot(page, f"{screen.name}-night-{lang[:2]}")
    opened(page, lang, "normal", "day")
    page.set_viewport_size({"width": NARROW, "height": 640})
    assert wider_than_the_page(page) == []
    page.emulate_media(reduced_motion="reduce")
    assert moving(page) == 0


FAULTY = """
<html lang="en"><head><title>t</title></head><body><main><h1>t</h1>
<p style="color:#767676;background:#fff">grey words</p><button style="width:30px;height:30px;padding:0">x</button>
<div style="width:500px;animation:a 1s infinite alternate">wide</div><img src="x"></main>
<style>@keyframes a { to { opacity: .5 } }</style></body></html>
"""


def test_the_probes_notice(browser: Browser) -> None:
    """Each finds the fault that was put there for it."""
    page = browser.new_page(viewport={"width": NARROW, "height": 640})
    page.set_content(FAULTY)
    assert any("image-alt" in fault for fault in axe_faults(page))
    assert any("grey words" in fault for fault in faint_words(page))
    assert small_targets(page, 44) == ["BUTTON x 30x30"]
    assert wider_than_the_page(page)
    assert moving(page) == 1
    page.close()
