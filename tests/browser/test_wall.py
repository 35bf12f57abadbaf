"""The wallboard: no login, no names, large letters; it says when it is old, and goes dark when it is taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults
from tests.instances import Instance

Shoot = Callable[[Page, str], None]
HD = (1920, 1080)
WALL_LEAST_PX = HD[1] / 40
SMALLEST = """
() => Math.min(...[...document.querySelectorAll('.wall *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.tagName !== 'text')
  .map(e => parseFloat(getComputedStyle(e).fontSize)))
"""
CUT_OFF = """
() => [...document.querySelectorAll('.wall, .wall .content, .wall .content > *, .wall .tile')]
  .filter(e => e.scrollHeight > e.clientHeight + 2).map(e => e.className)
"""


@pytest.mark.timeout(180)
def test_the_wall_needs_no_login_and_says_when_it_is_old(
    instance: Instance, open_page: OpenPage, browser: Browser, shoot: Shoot
) -> None:
    """Read from five metres, without a name; greyed once nothing new comes; dark when it is taken back."""
    supervisor = open_page("sup-county", 1366, 768)
    supervisor.goto(f"{instance.demo['http']}/supervise#walls")
    supervisor.get_by_role("textbox").fill("大厅")
    supervisor.get_by_role("button", name=re.compile("^开一块大屏")).click()
    link = supervisor.locator(".code").inner_text()
    context = browser.new_context(viewport={"width": HD[0], "height": HD[1]}, locale="zh-CN")
    wall = context.new_page()
    wall.clock.install()
    wall.goto(link)
    expect(wall.locator(".tile").first).to_be_visible()
    expect(wall.locator("h1")).to_have_text("会昌县")
    shoot(wall, "wall-zh")
    in_english = browser.new_page(viewport={"width": HD[0], "height": HD[1]}, locale="en")
    in_english.goto(link)
    expect(in_english.locator("h1")).to_have_text("会昌县")
    shoot(in_english, "wall-en")
    assert in_english.evaluate(CUT_OFF) == []
    in_english.close()
    assert axe_faults(wall) == []
    assert wall.evaluate(SMALLEST) >= WALL_LEAST_PX - 0.1
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight && scrollY === 0")
    assert wall.evaluate(CUT_OFF) == []
    words = wall.locator("main").inner_text()
    assert not any(one["name"] in words for one in instance.demo["accounts"] if one.get("name"))
    assert "*" not in words

    context.set_offline(True)
    wall.clock.fast_forward(36_000)
    expect(wall.locator("main[data-stale=true]")).to_be_visible()
    expect(wall.get_by_role("alert")).to_contain_text("数据停在")
    shoot(wall, "wall-old-zh")
    context.set_offline(False)
    wall.clock.fast_forward(11_000)
    expect(wall.locator("main[data-stale=false]")).to_be_visible()

    for _ in range(2):
        supervisor.locator("tbody tr", has_text="大厅").get_by_role("button").click()
    expect(supervisor.locator("tbody tr", has_text="大厅")).to_have_count(0)
    wall.clock.fast_forward(6_000)
    expect(wall.get_by_role("alert")).to_contain_text("已停用")
    context.close()
