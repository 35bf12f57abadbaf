"""What a seat has to bear: things put aside, floods, seats that cannot ring, and who may not just leave."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import stands_at_a_desk
from tests.instances import Device, Instance

pytestmark = pytest.mark.long
KEEP_SOUND = """
window.sounds = []
const Plain = window.AudioContext
window.AudioContext = class extends Plain {
  constructor(...given) { super(...given); window.sounds.push(this) }
}
"""


@pytest.fixture(scope="module")
def instance(alone: Instance) -> Instance:
    """How much its desk has to bear is counted here."""
    return alone


def button(page: Page | Locator, name: str) -> Locator:
    """The first button whose name begins so."""
    return page.get_by_role("button", name=name).first


def says(demo: dict[str, Any], number: int, kind: str) -> None:
    """A device says something, and is answered."""
    device = Device(demo, demo["devices"][number])
    body = {"v": 1, "eid": f"{device.id}:9:{kind}", "kind": kind, "boot": 9, "seq": 1, "ts": 1795312235123, "batt": 5}
    device.client.publish(f"{device.topic}/up/alarm", json.dumps(body), qos=1)
    device.told("recorded")
    device.client.disconnect()


@pytest.mark.timeout(420)
def test_a_flood_folds_what_is_low_and_deals_what_is_not(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Battery put aside and taken back; ten presses; the figures; nobody leaves with a call in hand."""
    desk = open_page("desk1", 1440, 900)
    button(desk, "开始值守").click()
    says(instance.demo, 0, "low_batt")
    low = desk.get_by_role("region", name="低级别")
    expect(low.locator("[data-row]")).to_have_count(1, timeout=40_000)
    expect(desk.get_by_role("region", name="待接警").locator("[data-row]")).to_have_count(0)
    is_put_aside_and_taken_back(desk, low, shoot)

    for number in range(1, 12):
        says(instance.demo, number, "sos")
    expect(desk.get_by_text("求助拥塞").first).to_be_visible(timeout=40_000)
    expect(desk.get_by_text("分给您").first).to_be_visible()
    expect(low.locator("[data-row]")).to_be_hidden()
    shoot(desk, "desk-flood-zh")
    stands_at_a_desk(desk)
    low.locator("summary").click()
    expect(low.locator("[data-row]")).to_be_visible()
    figures_stand(desk, shoot, "菜单", "负荷", "关闭")

    desk.locator("[data-claim]").first.click()
    expect(desk.locator("[data-row][aria-current=true]")).to_be_visible()
    expect(desk.get_by_role("region", name="处置中").locator("[data-row]")).to_have_count(1)
    button(desk, "设置").click()
    button(desk.get_by_role("dialog"), "退出登录").click()
    held = desk.get_by_role("region", name="您手上的求助")
    expect(held.get_by_role("listitem").first).to_be_visible()
    button(desk.get_by_role("dialog").last, "取消").click()
    desk.close()

    other = open_page("desk1", 1440, 900, "en")
    button(other, "Start the watch").click()
    expect(other.get_by_text("flood").first).to_be_visible(timeout=40_000)
    expect(other.get_by_role("region", name="Low level").locator("[data-row]")).to_be_hidden()
    shoot(other, "desk-flood-en")
    figures_stand(other, shoot, "Menu", "Load", "Close")


def is_put_aside_and_taken_back(desk: Page, low: Locator, shoot: Callable[[Page, str], None]) -> None:
    """For an hour, with a reason; it stands on the shelf meanwhile."""
    low.locator("[data-shelve]").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("radio", name="1 小时").check()
    dialog.get_by_role("textbox").fill("等新电池")
    stands_at_a_desk(desk)
    button(dialog, "搁置").click()
    expect(low).to_have_count(0)
    desk.locator("details.shelf > summary", has_text="搁置中").click()
    expect(desk.get_by_text("等新电池")).to_be_visible()
    shoot(desk, "desk-shelf-zh")
    stands_at_a_desk(desk)
    button(desk, "现在放回").click()
    expect(low.locator("[data-row]")).to_have_count(1)


def figures_stand(desk: Page, shoot: Callable[[Page, str], None], menu: str, load: str, close: str) -> None:
    """Behind the menu: seats, desks and sources as tables."""
    button(desk, menu).click()
    stands_at_a_desk(desk)
    desk.get_by_role("menuitem", name=load).click()
    figures = desk.get_by_role("dialog")
    expect(figures.get_by_role("table")).to_have_count(3)
    shoot(desk, "desk-load-zh" if load == "负荷" else "desk-load-en")
    stands_at_a_desk(desk)
    button(figures, close).click()
    expect(figures).to_have_count(0)


@pytest.mark.timeout(200)
def test_a_seat_that_cannot_ring_is_an_alarm_at_the_others(
    instance: Instance, browser: Browser, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Ten seconds without sound: the supervisor's screen says who, until it can be heard again."""
    above = open_page("sup-county", 1440, 900, "en")
    button(above, "Start the watch").click()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_init_script(KEEP_SOUND)
    seat = context.new_page()
    seat.goto(instance.demo["http"])
    seat.locator("input[autocomplete=username]").fill("desk1")
    seat.locator("input[autocomplete=current-password]").fill("yinling")
    seat.keyboard.press("Enter")
    button(seat, "开始值守").click()
    expect(seat.locator(".bar .seat .tag[data-tone=good]")).to_have_count(4)
    expect(above.get_by_text("cannot ring")).to_have_count(0)
    seat.evaluate("() => Promise.all(window.sounds.map((one) => one.suspend()))")
    notice = above.locator(".notice", has_text="cannot ring")
    expect(notice).to_be_visible(timeout=40_000)
    shoot(above, "desk-silent-en")
    stands_at_a_desk(above)
    button(notice, "I know").click()
    expect(button(notice, "I know")).to_have_count(0)
    seat.evaluate("() => Promise.all(window.sounds.map((one) => one.resume()))")
    expect(notice).to_have_count(0, timeout=20_000)
    context.close()
