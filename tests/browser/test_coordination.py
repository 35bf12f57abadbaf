"""The duty desk decides for itself, and the coordination desk: who goes and why, a roll-call, seats, orders."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.probes import stands_at_a_desk
from tests.instances import Device, Instance

NONE: dict[str, object] = {"items": [], "next": None}


@dataclass(frozen=True)
class Words:
    """What the screens say."""

    lang: str
    watch: str
    why: str
    people: str
    connected: str
    new: str
    title: str
    areas: str
    begin: str
    safe: str
    on_duty: str
    no_orders: str
    no_calls: str
    standing: str
    order: str
    telephoned: str
    written: str


ZH = Words(
    "zh-CN", "开始值守", "为什么是这些人", "派人", "已接通", "新建点名", "名称", "哪些村", "建立点名", "平安", "在岗",
    "这一天没有订单", "没有等着回访的订单", "新建长期订单", "下单",
    "家人电话下单", "下单记录人",
)  # fmt: skip
EN = Words(
    "en", "Start the watch", "Why these people", "Send somebody", "Connected", "New roll-call", "Title",
    "Which villages", "Begin the roll-call", "Safe", "On duty", "No orders on this day",
    "Nobody waits to be called back", "New standing order", "New order", "Family telephoned",
    "Written down by",
)  # fmt: skip

BOTH = pytest.mark.parametrize(("words", "number"), [(ZH, 11), (EN, 12)], ids=["zh", "en"])


def button(page: Page | Locator, name: str) -> Locator:
    """The first button that says so."""
    return page.get_by_role("button", name=name, exact=True).first


def at(instance: Instance, page: Page, section: str) -> Page:
    """The coordination desk, in the tab of somebody logged in."""
    page.goto(f"{instance.demo['http']}/board#{section}")
    expect(page.get_by_role("main")).to_be_attached()
    return page


@pytest.mark.timeout(150)
@BOTH
def test_the_desk_sees_why_and_sends_somebody(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """Reasons beside every name, a list of who may go, one sent by name, and 120 written down."""
    desk = open_page("desk1", 1440, 900, words.lang)
    button(desk, words.watch).click()
    device = instance.demo["devices"][number]
    Device(instance.demo, device).press()
    desk.locator("[data-row]").filter(has_text=device["elder_masked"]).first.click()
    button(desk, words.why).click()
    expect(desk.locator(".parts").first).to_be_visible()
    stands_at_a_desk(desk)
    button(desk, words.connected).click()
    expect(desk.locator("[data-waits=true]")).to_have_count(0)

    button(desk, words.people).click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.locator(".candidates li").first).to_be_visible()
    stands_at_a_desk(desk)
    dialog.locator(".candidates li").first.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    expect(desk.locator(".going li")).to_have_count(1)
    stands_at_a_desk(desk)


@pytest.mark.timeout(150)
@BOTH
def test_a_roll_call_is_opened_and_somebody_is_safe(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """Figures per village, the list by risk, and one click for somebody who is safe."""
    page = at(instance, open_page("desk1", 1440, 900, words.lang), "mass")
    button(page, words.new).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words.title).fill(f"flood {number}")
    dialog.get_by_label(words.areas).fill("360733100")
    stands_at_a_desk(page)
    button(dialog, words.begin).click()
    expect(page.get_by_role("heading", name=f"flood {number}")).to_be_visible()
    first = page.locator(".roll-call tbody tr[data-state]").first
    expect(first).to_be_visible()
    button(first, words.safe).click()
    expect(page.locator("tr[data-state=safe]")).to_have_count(1)
    expect(page.locator(".figures tfoot td").nth(1)).to_have_text("1")
    shoot(page, f"board-roll-call-{words.lang[:2]}")
    stands_at_a_desk(page)


@BOTH
def test_seats_orders_and_call_backs_stand_the_probes(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """Somebody says that she is on duty; empty lists say so; on a phone one thing is shown at a time."""
    assert number
    page = at(instance, open_page("desk2", 1440, 900, words.lang), "seats")
    page.locator(".finding").get_by_role("button").first.click()
    expect(page.locator(".queue").get_by_text(words.on_duty).first).to_be_visible()
    stands_at_a_desk(page)
    at(instance, page, "orders")
    expect(page.get_by_text(words.no_orders)).to_be_visible()
    stands_at_a_desk(page)
    page.route("**/api/v1/call-backs*", lambda route: route.fulfill(json=NONE))
    at(instance, page, "callbacks")
    expect(page.get_by_text(words.no_calls)).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 640})
    stands_at_a_desk(page)


@BOTH
def test_prices_and_standing_orders(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """A supervisor lays down what a service costs from today on; a desk sees it, and sets up and stops what repeats."""
    page = at(instance, open_page("sup-county", 1440, 900, words.lang), "orders/catalogue")
    first = page.locator("tr[data-service]").nth(number % 11)
    code = first.get_attribute("data-service")
    first.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    fields = dialog.locator("input[inputmode=decimal]")
    fields.nth(0).fill(f"{number}.5")
    fields.nth(1).fill("60")
    stands_at_a_desk(page)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(f"tr[data-service={code}]")).to_contain_text(f"{number}.50")
    stands_at_a_desk(page)

    desk = at(instance, open_page("desk2", 1440, 900, words.lang), "orders/catalogue")
    expect(desk.locator(f"tr[data-service={code}]")).to_contain_text(f"{number}.50")
    expect(desk.locator("tr[data-service]").first.get_by_role("button")).to_have_count(0)
    button(desk, words.standing).click()
    dialog = desk.get_by_role("dialog")
    elder = next(one["elder"] for one in instance.demo["devices"][number:] if one["elder"])
    dialog.get_by_role("textbox").first.fill(elder)
    dialog.locator(".found button, li button").first.click()
    dialog.get_by_role("combobox").click()
    desk.get_by_role("option").first.click()
    stands_at_a_desk(desk)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    line = desk.locator("tr[data-series]:has(button)")
    expect(line).to_contain_text("09:00–11:00")
    shoot(desk, f"board-services-{words.lang[:2]}")
    stands_at_a_desk(desk)
    line.get_by_role("button").click()
    desk.get_by_role("dialog").get_by_role("radio").first.click()
    desk.get_by_role("dialog").locator("button[type=submit]").click()
    expect(line).to_have_count(0)
    desk.set_viewport_size({"width": 360, "height": 640})
    stands_at_a_desk(desk)


@BOTH
def test_an_order_by_telephone_is_written_down(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """Who telephoned is asked before anything is ordered; list and page of the order say it, and who wrote it down."""
    page = at(instance, open_page("desk1", 1440, 900, words.lang), "orders")
    button(page, words.order).click()
    dialog = page.get_by_role("dialog")
    elder = next(one["elder"] for one in instance.demo["devices"][number:] if one["elder"])
    dialog.get_by_role("textbox").first.fill(elder)
    dialog.locator(".found button").first.click()
    dialog.get_by_role("combobox").click()
    page.locator("[role=option][data-value=meal]").click()
    for field in dialog.locator("input[type=datetime-local]").all():
        field.fill(re.sub("^[^T]+", str(SystemClock().now().date() + timedelta(days=2)), field.input_value()))
    expect(dialog.locator("button[type=submit]")).to_be_disabled()
    dialog.get_by_role("radio").nth(1).check()
    stands_at_a_desk(page)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    sheet = page.locator("article.sheet")
    expect(sheet.locator(".title")).to_contain_text(words.telephoned)
    expect(sheet.locator(".pairs").first).to_contain_text(words.written)
    stands_at_a_desk(page)
