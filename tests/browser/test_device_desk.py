"""The device desk: what there is, how it is, and what to do about it; on a screen and by keyboard alone."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from shared.runtime.clock import stopwatch
from tests.browser.conftest import OpenPage
from tests.browser.probes import stands_at_a_desk
from tests.browser.things import Button, Hub, somebody
from tests.instances import Instance

UNDER_A_MINUTE_S = 60


@dataclass(frozen=True)
class Words:
    """What the screen says."""

    lang: str
    bind: str
    done: str
    test: str
    heard: str
    replay: str
    reading: str
    sos: str
    filters: tuple[str, str, str]
    none: str
    confirm: str
    tick: str
    unconfirmed: str


ZH = Words(
    "zh-CN", "去绑定", "已绑定 {}", "开始测试（10 分钟）", "已收到第 {} 次测试按下", "重读", "现在读成", "紧急呼叫",
    ("全部", "未测试", "已停用"), "没有符合条件的设备", "确认地址", "人在现场核对", "地址待确认",
)  # fmt: skip
EN = Words(
    "en", "Bind it", "{} is bound", "Start a test (10 minutes)", "Test press {} received", "Read again", "Read now as",
    "SOS call", ("All", "Untested", "Revoked"), "No device like this", "Confirm the address", "On site",
    "Address not confirmed",
)  # fmt: skip

BOTH = pytest.mark.parametrize(("words", "number"), [(ZH, 3), (EN, 4)], ids=["zh", "en"])


def button(page: Page, name: str) -> None:
    """Click the button that says so."""
    page.get_by_role("button", name=name, exact=True).first.click()


def at(instance: Instance, desk: Page, spot: str) -> Page:
    """The device desk, in the tab of somebody logged in."""
    desk.goto(f"{instance.demo['http']}/devices#{spot}")
    expect(desk.get_by_role("main")).to_be_attached()
    return desk


@pytest.mark.timeout(150)
@BOTH
def test_a_button_that_was_just_pressed_is_bound_in_under_a_minute(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """From the desk's warning to the bound button by keyboard; then it is gone from the list, and from the desk."""
    short = words.lang[:2]
    name, elder = f"sos_new_{short}", instance.demo["devices"][number]["elder"] or "E-00001"
    desk = open_page("desk1", 1366, 768, words.lang)
    hub = Hub(instance.demo)
    hub.pressed(name)
    warning = desk.get_by_role("listitem").filter(has_text=f"zigbee2mqtt/{name}")
    expect(warning).to_be_visible()
    stands_at_a_desk(desk)

    began = stopwatch()
    with desk.context.expect_page() as opened:
        warning.get_by_role("link", name=words.bind).press("Enter")
    page = opened.value
    search = page.get_by_role("textbox").first
    expect(search).to_be_focused()
    shoot(page, f"devices-bind-{short}")
    stands_at_a_desk(page)
    page.keyboard.type(elder)
    expect(page.locator(".found li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="绑定" if short == "zh" else "Bind", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    device = f"Z-sos-new-{short}"
    expect(page.get_by_role("heading", name=words.done.format(device))).to_be_visible()
    assert stopwatch() - began < UNDER_A_MINUTE_S
    stands_at_a_desk(page)

    expect(page.locator(f"[data-row='zigbee2mqtt/{name}']")).to_have_count(0)
    expect(warning).to_have_count(0)
    seat = somebody(instance, "desk1")
    bound = seat.http.get(f"/devices/{device}").json()
    seat.leave()
    hub.leave()
    assert bound["elder"] == elder
    assert bound["unconfirmed"]
    assert bound["bindings"][0]["meaning"] == {"emergency": "sos"}


@pytest.mark.timeout(150)
@BOTH
def test_a_test_is_counted_while_one_looks_and_its_message_read_again(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """Two presses are tests and ring nobody; the raw message is there, and today's program reads it."""
    short = words.lang[:2]
    device = instance.demo["devices"][number]
    page = at(instance, open_page("desk1", 1366, 768, words.lang), f"list/{device['id']}")
    button(page, words.test)
    expect(page.locator(".testing")).to_be_visible()
    thing = Button(instance.demo, device)
    for press in (1, 2):
        thing.press()
        expect(page.get_by_text(words.heard.format(press))).to_be_visible()
    assert thing.told("recorded")["say"] == "测试成功"
    thing.leave()
    shoot(page, f"devices-test-{short}")
    expect(page.locator(".raw").first).to_contain_text("1:2")
    button(page, words.replay)
    reading = page.locator(".reading").first
    expect(reading).to_contain_text(words.reading)
    expect(reading).to_contain_text(words.sos)
    expect(reading).to_contain_text(f"{device['id']}:1:2")
    shoot(page, f"devices-raw-{short}")
    stands_at_a_desk(page)
    seat = somebody(instance, "desk1")
    rung = [row["device"] for row in seat.http.get("/incidents").json()["items"]]
    seat.leave()
    assert device["id"] not in rung


@BOTH
def test_the_list_is_narrowed_and_searched(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """A filter is pressed or not; a search by id finds the one; arrows walk the list."""
    everything, untested, revoked = words.filters
    page = at(instance, open_page("desk1", 1366, 768, words.lang), "list")
    rows = page.locator("[data-row]")
    expect(rows.first).to_be_visible()
    shoot(page, f"devices-list-{words.lang[:2]}")
    stands_at_a_desk(page)
    button(page, revoked)
    expect(page.get_by_text(words.none)).to_be_visible()
    button(page, untested)
    expect(rows.first).to_be_visible()
    expect(page.get_by_role("button", name=untested, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(rows.filter(has_text="HUB-1")).to_have_count(0)
    button(page, everything)
    wanted = instance.demo["devices"][number]["id"]
    page.get_by_role("searchbox").fill(wanted)
    expect(rows).to_have_count(1)
    page.keyboard.press("Tab")
    rows.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=wanted, exact=True)).to_be_visible()


def test_on_a_phone_one_thing_is_shown_at_a_time(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """The list, then the device instead of it, and back."""
    page = at(instance, open_page("desk1", 360, 640), "list")
    first = page.locator("[data-row]").first
    expect(first).to_be_visible()
    shoot(page, "devices-phone-zh")
    stands_at_a_desk(page)
    first.click()
    expect(page.get_by_role("button", name="返回清单")).to_be_visible()
    expect(first).to_be_hidden()
    shoot(page, "device-phone-zh")
    stands_at_a_desk(page)
    button(page, "返回清单")
    expect(first).to_be_visible()


@pytest.mark.parametrize(("lang", "spot", "said"), [
    ("zh-CN", "outages", "没有大面积断线"), ("en", "outages", "No outage"),
    ("zh-CN", "denials", None), ("en", "denials", None),
])  # fmt: skip
def test_other_sections_stand_the_probes(
    instance: Instance, open_page: OpenPage, lang: str, spot: str, said: str | None
) -> None:
    """An empty list says so."""
    page = at(instance, open_page("desk1", 1366, 768, lang), spot)
    if said:
        expect(page.get_by_text(said)).to_be_visible()
    stands_at_a_desk(page)
