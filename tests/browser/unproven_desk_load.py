"""What a seat has to bear: things put aside, floods, seats that cannot ring, and who may not just leave."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Device, Instance

DESK_PX = 44
KEEP_SOUND = """
window.sounds = []
const Plain = window.AudioContext
window.AudioContext = class extends Plain {
  constructor(...given) { super(...given); window.sounds.push(this) }
}
"""


@dataclass(frozen=True)
class Words:
    """What the screens say."""

    lang: str
    watch: str
    low: str
    shelve: str
    hour: str
    shelved: str
    back: str
    flood: str
    yours: str
    load: str
    close: str
    settings: str
    leave: str
    held: str
    cancel: str
    silent: str
    noted: str


ZH = Words(
    "zh-CN", "开始值守", "低级别", "搁置", "1 小时", "搁置中", "现在放回", "求助拥塞", "分给您", "负荷", "关闭", "设置",
    "退出登录", "您手上的求助", "取消", "的席位不会响", "知道了",
)  # fmt: skip
EN = Words(
    "en", "Start the watch", "Low level", "Shelve", "1 hour", "Shelved", "Put back now", "flood", "Dealt to you",
    "Load", "Close", "Settings", "Log out", "What you hold", "Cancel", "cannot ring", "I know",
)  # fmt: skip
BOTH = pytest.mark.parametrize(("words", "first"), [(ZH, 0), (EN, 14)], ids=["zh", "en"])


def button(page: Page | Locator, name: str) -> Locator:
    """The first button whose name begins so."""
    return page.get_by_role("button", name=name).first


def stands(page: Page) -> None:
    """Axe finds nothing, and a pointer finds everything."""
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []


def says(demo: dict[str, Any], number: int, kind: str) -> None:
    """A device says something, and is answered."""
    device = Device(demo, demo["devices"][number])
    body = {"v": 1, "eid": f"{device.id}:9:{kind}", "kind": kind, "boot": 9, "seq": 1, "ts": 1795312235123, "batt": 5}
    device.client.publish(f"{device.topic}/up/alarm", json.dumps(body), qos=1)
    device.told("recorded")
    device.client.disconnect()


@pytest.mark.timeout(420)
@BOTH
def test_a_flood_folds_what_is_low_and_deals_what_is_not(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, first: int
) -> None:
    """Battery put aside and taken back; ten presses; the figures; nobody leaves with a call in hand."""
    short = words.lang[:2]
    desk = open_page("desk1", 1440, 900, words.lang)
    button(desk, words.watch).click()
    says(instance.demo, first, "low_batt")
    low = desk.get_by_role("region", name=words.low)
    expect(low.locator("[data-row]").first).to_be_visible(timeout=40_000)
    before = low.locator("[data-row]").count()
    expect(
        desk.get_by_role("region", name="待接警" if short == "zh" else "Not taken").locator("[data-row]")
    ).to_have_count(0)

    low.locator("[data-shelve]").last.click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("radio", name=words.hour).check()
    dialog.get_by_role("textbox").fill("等新电池")
    stands(desk)
    button(dialog, words.shelve).click()
    expect(low.locator("[data-row]")).to_have_count(before - 1)
    desk.locator("details.shelf > summary", has_text=words.shelved).click()
    expect(desk.get_by_text("等新电池")).to_be_visible()
    shoot(desk, f"desk-shelf-{short}")
    stands(desk)
    button(desk, words.back).click()
    expect(low.locator("[data-row]")).to_have_count(before)

    for number in range(first + 1, first + 12):
        says(instance.demo, number, "sos")
    expect(desk.get_by_text(words.flood).first).to_be_visible(timeout=40_000)
    expect(desk.get_by_text(words.yours).first).to_be_visible()
    expect(low.locator("[data-row]").first).to_be_hidden()
    shoot(desk, f"desk-flood-{short}")
    stands(desk)
    low.locator("summary").click()
    expect(low.locator("[data-row]").first).to_be_visible()

    button(desk, words.load).click()
    figures = desk.get_by_role("dialog")
    expect(figures.get_by_role("table")).to_have_count(3)
    shoot(desk, f"desk-load-{short}")
    stands(desk)
    button(figures, words.close).click()

    desk.locator("[data-claim]").first.click()
    expect(desk.locator("[data-row][aria-current=true]")).to_be_visible()
    expect(
        desk.get_by_role("region", name="处置中" if short == "zh" else "In hand").locator("[data-row]").first
    ).to_be_visible()
    button(desk, words.settings).click()
    button(desk.get_by_role("dialog"), words.leave).click()
    held = desk.get_by_role("region", name=words.held)
    expect(held.get_by_role("listitem").first).to_be_visible()
    button(desk.get_by_role("dialog").last, words.cancel).click()


@pytest.mark.timeout(200)
@BOTH
def test_a_seat_that_cannot_ring_is_an_alarm_at_the_others(
    instance: Instance, browser: Browser, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words,
    first: int,
) -> None:  # fmt: skip
    """Ten seconds without sound: the supervisor's screen says who, until it can be heard again."""
    assert first >= 0
    above = open_page("sup-county", 1440, 900, words.lang)
    button(above, words.watch).click()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=words.lang)
    context.add_init_script(KEEP_SOUND)
    seat = context.new_page()
    seat.goto(instance.demo["http"])
    seat.locator("input[autocomplete=username]").fill("desk1")
    seat.locator("input[autocomplete=current-password]").fill("yinling")
    seat.keyboard.press("Enter")
    button(seat, words.watch).click()
    expect(seat.locator(".bar .seat .tag[data-tone=good]")).to_have_count(4)
    expect(above.get_by_text(words.silent)).to_have_count(0)
    seat.evaluate("() => Promise.all(window.sounds.map((one) => one.suspend()))")
    notice = above.locator(".notice", has_text=words.silent)
    expect(notice).to_be_visible(timeout=40_000)
    shoot(above, f"desk-silent-{words.lang[:2]}")
    stands(above)
    button(notice, words.noted).click()
    expect(button(notice, words.noted)).to_have_count(0)
    seat.evaluate("() => Promise.all(window.sounds.map((one) => one.resume()))")
    expect(notice).to_have_count(0, timeout=20_000)
    context.close()
