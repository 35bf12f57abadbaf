"""The responder's phone: what duty needs, the door, the sign of life, the cry for help, large text, two languages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.field import at_work, button, on_duty, stand_everybody_down
from tests.browser.probes import axe_faults, small_targets, wider_than_the_page
from tests.instances import Instance, Person, county_desk

SMALL_COUNTY = True
TWICE = "() => { document.documentElement.style.fontSize = '225%' }"


@pytest.fixture(autouse=True)
def _free(instance: Instance) -> Iterator[None]:
    yield
    stand_everybody_down(instance)


def stands(page: Page) -> None:
    """Axe finds nothing, a glove hits everything, nothing scrolls sideways."""
    assert axe_faults(page) == []
    assert small_targets(page, 48) == []
    assert wider_than_the_page(page) == []


def planned(instance: Instance, page: Page, minutes: int) -> None:
    """Whoever holds this phone is planned from now for so long."""
    me = page.evaluate("async () => (await (await fetch('/api/v1/sessions/current')).json()).responder")
    seat, now = Person(instance.demo, county_desk(instance.demo)), SystemClock().now()
    shift = {"begins": now.isoformat(), "until": (now + timedelta(minutes=minutes)).isoformat()}
    reply = seat.http.post(f"/responders/{me}/shifts", json=shift, headers={"Idempotency-Key": uuid4().hex})
    assert reply.status_code == 200, reply.text
    seat.leave()


@pytest.mark.timeout(120)
def test_duty_begins_with_what_it_needs(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Each thing is a tick, or a fault with what to do; place is shared until duty ends; a shift's end is told."""
    page = on_duty(instance, open_page, 22)
    checks = page.get_by_role("list", name="值班检查").get_by_role("listitem")
    expect(checks.filter(has_text="响铃")).to_have_attribute("data-result", "ok")
    expect(checks.filter(has_text="定位")).to_have_attribute("data-result", "ok")
    expect(checks.filter(has_text="通知")).to_have_attribute("data-result", "fault", timeout=45_000)
    expect(checks.filter(has_text="通知")).to_contain_text("请在浏览器设置里允许")
    expect(page.get_by_text("正在上报位置")).to_be_visible()
    planned(instance, page, minutes=10)
    page.reload()
    button(page, "恢复响铃").click()
    expect(page.get_by_text("还有 10 分钟。排班结束不会自动下班")).to_be_visible()
    shoot(page, "field-duty-zh")
    stands(page)
    button(page, "结束值班").click()
    button(page, "结束值班").click()
    expect(button(page, "开始值班")).to_be_visible()
    expect(page.get_by_text("正在上报位置")).to_be_hidden()
    expect(page.get_by_text("没有开始值班，有人求助也会请您")).to_be_visible()
    stands(page)


@pytest.mark.timeout(120)
def test_the_door_the_sign_of_life_and_the_ambulance(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Half a kilometre away the phone asks why; with her a sign starts the wait anew; 120 tells the desk too."""
    device = instance.demo["devices"][7]
    job = at_work(instance, open_page, 7, "en", place=(device["lat"] + 0.02, device["lon"]))
    page = job.page
    button(page, "Setting off").click()
    button(page, "I am at the door").click()
    dialog = page.get_by_role("dialog", name="Are you really at the door?")
    expect(dialog).to_contain_text("2.2 km")
    expect(button(dialog, "I am here")).to_be_disabled()
    dialog.get_by_role("radio", name="The phone is wrong about the place").check()
    shoot(page, "field-door-en")
    stands(page)
    dialog.get_by_label("Note").fill("through the back yard")
    page.reload()
    button(page, "I am at the door").click()
    expect(dialog.get_by_label("Note")).to_have_value("through the back yard")
    dialog.get_by_role("radio", name="The phone is wrong about the place").check()
    button(dialog, "I am here").click()
    button(page, "I am with the elder").click()
    expect(page.get_by_text("The next one is due in")).to_be_visible()
    job.until("assignment.arrived", door="far", says="wrong_position")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.includes('draft'))") == []
    shoot(page, "field-check-in-en")
    stands(page)
    button(page, "All is well, going on").click()
    button(page, "Ambulance 120").click()
    stands(page)
    button(page.get_by_role("dialog"), "Tell the duty desk only").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_text("Place shared · within 10 m · every 10 s").wait_for()
    job.until("incident.escalated", why="ambulance")
    job.until("assignment.checked_in")


@pytest.mark.timeout(120)
def test_twice_the_text_and_the_sun(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """At 200 % and in the sun's colours the job stands on the smallest phone, its next step in reach."""
    job = at_work(instance, open_page, 8)
    page = job.page
    button(page, "设置").click()
    button(page, "强光").click()
    stands(page)
    button(page, "关闭").click()
    stands(page)
    shoot(page, "field-sun-zh")
    page.evaluate(TWICE)
    expect(button(page, "出发")).to_be_in_viewport()
    assert wider_than_the_page(page) == []
    shoot(page, "field-twice-zh")
