"""The family's page on a small telephone: log in by a code, agree, watch a call live, test, order, say how it was."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, faint_words, small_targets, wider_than_the_page
from tests.instances import Device, Instance, Person, county_desk, nearest

Shoot = Callable[[Page, str], None]
PATIENCE = 15_000
LEAST_PX = 60
RELATION = {"relation": "daughter", "may": ["health", "devices", "orders"], "how": "telephone"}


def buttons(instance: Instance) -> list[dict[str, Any]]:
    """Buttons that somebody wears."""
    return [one for one in instance.demo["devices"] if one["kind"] == "button" and one.get("elder")]


@contextmanager
def at_desk(instance: Instance, username: str) -> Iterator[httpx.Client]:
    """Somebody who works here, over HTTP."""
    with httpx.Client(base_url=instance.demo["http"] + "/api/v1", trust_env=False, timeout=10) as http:
        session = http.post("/sessions", json={"username": username, "password": "yinling"}).json()
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        yield http


def digits_of(instance: Instance, open_page: OpenPage, number: str) -> str:
    """What her telephone shows."""
    phones = open_page(None, 390, 844, url=instance.line["phones"])
    phone = phones.get_by_role("listitem").filter(has=phones.get_by_role("heading", name=number))
    expect(phone).to_contain_text("验证码", timeout=PATIENCE)
    digits = re.findall(r"验证码：([0-9]{6})", phone.inner_text())[0]
    phones.close()
    return str(digits)


def arrived(instance: Instance, open_page: OpenPage, number: str, *, width: int = 360, lang: str = "zh-CN") -> Page:
    """She logs in with the code that came to her telephone."""
    page = open_page(None, width, 720, lang, url=f"{instance.demo['http']}/family")
    page.locator("#phone").fill(number)
    page.locator("form .primary").click()
    page.locator("#digits").fill(digits_of(instance, open_page, number))
    page.locator("form .primary").click()
    page.locator("#phone, #digits").wait_for(state="detached")
    page.locator("main .primary").wait_for()
    page.wait_for_load_state("load")
    return page


def agreed(instance: Instance, page: Page, elder: str, name: str = "李红") -> None:
    """The elder has told the desk that she may; she reads what it says and agrees."""
    with at_desk(instance, county_desk(instance.demo)["username"]) as desk:
        made = desk.post(f"/elders/{elder}/kin-codes", json=RELATION)
    assert made.status_code == 201, made.text
    page.locator("main .primary").click()
    page.locator("#consent").fill(made.json()["code"])
    page.locator("form .primary").click()
    page.locator("#name").fill(name)
    page.locator("form .primary").click()
    page.locator(".parent").first.wait_for()


def ordered_by_telephone(instance: Instance, elder: str, by: str) -> str:
    """The desk writes down what somebody wants who telephones."""
    first = SystemClock().now() + timedelta(hours=30)
    wish = {"elder": elder, "service": "meal", "telephoned": by, "window_from": first.isoformat(),
            "window_to": (first + timedelta(hours=1)).isoformat()}  # fmt: skip
    with at_desk(instance, county_desk(instance.demo)["username"]) as desk:
        placed = desk.post("/orders", json=wish, headers={"Idempotency-Key": f"telephone-{elder}"})
    assert placed.status_code == 201, placed.text
    return str(placed.json()["line"]["order"])


def sound(page: Page) -> None:
    """Whatever every page must stand."""
    assert axe_faults(page) == []
    assert faint_words(page) == []
    assert small_targets(page, LEAST_PX) == []
    assert wider_than_the_page(page) == []


def test_a_daughter_watches_a_call(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """Her mother presses: the page turns within a second, says who comes, who is there, and asks how it was."""
    device = buttons(instance)[0]
    page = arrived(instance, open_page, "13811110001")
    expect(page.locator("main")).to_contain_text("8 位授权码")
    sound(page)
    agreed(instance, page, device["elder"])
    expect(page.locator(".parent .calm")).to_be_visible()
    shoot(page, "family-home-zh")
    sound(page)

    button = Device(instance.demo, device)
    wang = Person(instance.demo, nearest(instance.demo, device))
    button.press()
    button.told("recorded")
    expect(page.locator(".alarm")).to_be_visible(timeout=2_000)
    page.locator(".alarm").click()
    expect(page.locator(".status .big")).to_contain_text("正在找人")
    offer = wang.sees("job.offered")["d"]
    for path in (f"/offers/{offer['offer']}/accept", f"/jobs/{offer['job']}/depart"):
        wang.act(path)
    expect(page.locator(".status")).to_contain_text(re.compile("正在赶来|马上就到"), timeout=PATIENCE)
    expect(page.locator(".helper")).to_have_attribute("data-coming", "true")
    shoot(page, "family-call-zh")
    sound(page)
    for step, words in (("arrive", "已到门口"), ("start", "正在照看"), ("complete", "来过")):
        wang.act(f"/jobs/{offer['job']}/{step}")
        expect(page.locator(".status")).to_contain_text(words, timeout=PATIENCE)
    close(instance, offer["incident"])
    expect(page.locator(".status .big")).to_contain_text("已结束", timeout=PATIENCE)
    page.get_by_role("button", name="很满意", exact=True).click()
    page.get_by_role("button", name="送出评价").click()
    expect(page.locator("form [role=status]")).to_contain_text("很满意")
    wang.leave()


def close(instance: Instance, incident: str) -> None:
    """The desk ends it."""
    with at_desk(instance, county_desk(instance.demo)["username"]) as desk:
        ver = desk.get(f"/incidents/{incident}").json()["row"]["ver"]
        body = {"outcome": "genuine", "evidence": "seen", "evidence_by": "x"}
        done = desk.post(
            f"/incidents/{incident}/close", json=body, headers={"If-Match": str(ver), "Idempotency-Key": incident}
        )
        assert done.status_code == 200, done.text


def test_device_order_complaint(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """A test press comes through; a meal is ordered and called off; a complaint has a day and outlives a reload."""
    device = buttons(instance)[1]
    page = arrived(instance, open_page, "13811110002")
    agreed(instance, page, device["elder"])
    home = page.url

    page.get_by_role("button", name="设备").click()
    page.get_by_role("button", name="测试这个按钮").first.click()
    expect(page.locator(".device").first).to_contain_text("3 分钟内")
    Device(instance.demo, device).press()
    expect(page.locator(".device .told").first).to_contain_text("测试成功", timeout=PATIENCE)
    shoot(page, "family-devices-zh")
    sound(page)

    page.goto(home)
    page.get_by_role("button", name="服务", exact=True).click()
    page.get_by_role("button", name="订一项服务").click()
    page.locator(".option").first.click()
    expect(page.locator(".told")).to_contain_text("自付")
    expect(page.locator(".rules")).to_contain_text("不收钱")
    shoot(page, "family-order-zh")
    sound(page)
    page.locator("form .primary").click()
    expect(page.locator(".status .big")).to_contain_text(re.compile("已下单|已排好"), timeout=PATIENCE)
    sound(page)
    page.get_by_role("button", name="取消这次服务").click()
    page.get_by_role("button", name="确定取消").click()
    expect(page.locator(".status .big")).to_contain_text("已取消", timeout=PATIENCE)

    ordered_by_telephone(instance, device["elder"], "family")
    page.goto(home)
    page.get_by_role("button", name="服务", exact=True).click()
    line = page.locator("main .person").filter(has_text="家人打电话订的")
    expect(line).to_contain_text("记下", timeout=PATIENCE)
    line.click()
    expect(page.locator(".status")).to_contain_text("家人打电话订的")
    sound(page)

    page.goto(home)
    page.get_by_role("button", name="意见和投诉").click()
    page.locator("#words").fill("没有敲门就走了")
    page.reload()
    expect(page.locator("#words")).to_have_value("没有敲门就走了")
    page.get_by_role("button", name="送出投诉").click()
    expect(page.locator(".told")).to_contain_text("答复")
    sound(page)


def test_a_complaint_is_answered_by_the_supervisor(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """It waits in the supervisor's list with names masked, is answered there, and the family reads the answer."""
    page = arrived(instance, open_page, "13811110004")
    agreed(instance, page, buttons(instance)[4]["elder"])
    page.get_by_role("button", name="意见和投诉").click()
    page.locator("#words").fill("等了一个小时")
    page.get_by_role("button", name="送出投诉").click()
    expect(page.locator(".told")).to_contain_text("答复")
    board = open_page("sup-county", 1440, 900)
    board.goto(f"{instance.demo['http']}/board#callbacks")
    row = board.locator(".row").filter(has_text="等了一个小时")
    expect(row).to_contain_text("李*")
    shoot(board, "board-complaints-zh")
    assert axe_faults(board) == []
    row.get_by_role("button", name="答复").click()
    board.get_by_role("textbox", name="写给家人的答复").fill("已核实，明天补送")
    board.get_by_role("dialog").get_by_role("button").last.click()
    expect(row).to_have_count(0)
    expect(page.locator(".arranged")).to_contain_text("明天补送", timeout=PATIENCE)


def test_an_elder_lets_her_in_and_shuts_the_door(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """On her own telephone she chooses what may be seen, tells the digits, and takes it back."""
    elder = buttons(instance)[3]["elder"]
    with at_desk(instance, county_desk(instance.demo)["username"]) as desk:
        code = desk.post(f"/elders/{elder}/pairing").json()["code"]
    her = open_page(None, 360, 720, url=f"{instance.demo['http']}/elder#pair={code}")
    her.locator(".sos").wait_for()
    her.goto(f"{instance.demo['http']}/elder#/kin")
    her.get_by_role("button", name="让一位家人看").click()
    her.locator("#relation").select_option("son")
    sound(her)
    her.get_by_role("button", name="我同意").click()
    digits = her.locator(".digits-shown").inner_text().replace(" ", "")
    shoot(her, "elder-kin-code-zh")
    sound(her)
    page = arrived(instance, open_page, "13811110003")
    page.get_by_role("button", name="添加老人").click()
    page.locator("#consent").fill(digits)
    page.locator("form .primary").click()
    expect(page.locator(".terms")).to_contain_text("老人本人同意，在自己的页面上")
    page.locator("#name").fill("李小军")
    page.locator("form .primary").click()
    page.locator(".parent").wait_for()
    her.get_by_role("button", name="告诉他了").click()
    expect(her.locator(".parent")).to_contain_text("儿子 李小军")
    shoot(her, "elder-kin-zh")
    her.get_by_role("button", name="不让看了").click()
    her.get_by_role("button", name="确定，不让看了").click()
    expect(her.locator("main")).to_contain_text("现在没有人能看")
    expect(page.locator(".parent")).to_have_count(0, timeout=5_000)


@pytest.mark.parametrize(("lang", "step"), [("zh-CN", 36), ("en", 36), ("en", 22)])
def test_it_holds_at_320_px_and_in_both_languages(
    instance: Instance, open_page: OpenPage, shoot: Shoot, lang: str, step: int
) -> None:
    """Nothing scrolls sideways or fails a probe, in the largest letters neither."""
    page = arrived(instance, open_page, f"1381111{step}{len(lang)}{len(lang)}", width=320, lang=lang)
    page.evaluate("step => localStorage.setItem('yinling.elder.look', JSON.stringify({step, large: true}))", step)
    page.reload()
    elder = buttons(instance)[2]["elder"]
    agreed(instance, page, elder)
    if (lang, step) == ("en", 22):
        page.set_viewport_size({"width": 360, "height": 720})
        page.reload()
        page.locator(".parent .calm").wait_for()
        shoot(page, "family-home-en")
        page.set_viewport_size({"width": 320, "height": 720})
    for spot in ("", f"devices/{elder}", f"order/{elder}", f"complain/{elder}", f"consent/{elder}", "help"):
        page.goto(f"{instance.demo['http']}/family#/{spot}")
        page.locator("main :is(h1, h2, p:not(:empty), section, ol, .parent)").first.wait_for()
        sound(page)
        shoot(page, f"family-{spot.split('/', maxsplit=1)[0] or 'home'}-320-{lang}-{step}")
