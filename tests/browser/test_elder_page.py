"""An elder's own telephone: paired once, it calls for help with two taps, tells who comes, dials when all is down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, faint_words, moving, small_targets, wider_than_the_page
from tests.browser.test_family import ordered_by_telephone
from tests.browser.things import somebody
from tests.instances import Instance, Person, county_desk, nearest

LEAST_PX, SOS_PX = 60, 160
NARROW = 320
ALARMS = "**/device/v1/alarms"
WATCHED = """
window.dialled = []
window.said = []
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a[href^="tel:"]')
  if (link) { event.preventDefault(); window.dialled.push(link.getAttribute('href')) }
}, true)
speechSynthesis.speak = utterance => window.said.push(utterance.lang + ' ' + utterance.text)
"""
"""Keeps what was dialled and said aloud: a machine for tests has neither telephone nor voice."""


@dataclass(frozen=True)
class Words:
    """What the screen says."""

    lang: str
    mine: str
    digits: str
    done: str
    wrong: str
    sos: str
    once_more: str
    cancel: str
    family: str
    day: str
    help: str
    settings: str
    back: str
    recorded: str
    larger: tuple[str, ...]


ZH = Words(
    "zh-CN", "给老人用", "8 位数字", "好了", "数字不对，或者过期了", "呼救", "再按一下就呼救", "取消", "打电话给家人",
    "今天的安排", "听帮助", "设置", "返回", "已收到您的呼救", ("小", "中", "大", "很大", "最大"),
)  # fmt: skip
EN = Words(
    "en", "An elder", "8 digits", "Done", "The digits are wrong or too old", "Help", "Tap once more to call for help",
    "Cancel", "Phone my family", "Today's plans", "Hear how it works", "Settings", "Back",
    "We have your call for help", ("Small", "Medium", "Large", "Larger", "Largest"),
)  # fmt: skip


def code_for(instance: Instance, elder: str) -> str:
    """Eight digits, as the installer shows them."""
    installer = somebody(instance, "installer")
    reply = installer.http.post(f"/elders/{elder}/pairing")
    installer.leave()
    assert reply.status_code == 201, reply.text
    return str(reply.json()["code"])


def paired(instance: Instance, open_page: OpenPage, number: int, lang: str = "zh-CN") -> tuple[Page, dict[str, Any]]:
    """A telephone of an elder of her own, at its home page; and the button that hangs in her home."""
    button = [one for one in instance.demo["devices"] if one["elder"]][number]
    page = open_page(None, 360, 640, lang, url=f"{instance.demo['http']}/elder")
    page.add_init_script(WATCHED)
    page.goto(f"{instance.demo['http']}/elder#pair={code_for(instance, button['elder'])}")
    page.reload()
    expect(page.locator(".sos")).to_be_visible()
    return page, button


def tap(page: Page, name: str) -> None:
    """Tap the button that says so."""
    page.get_by_role("button", name=name, exact=True).click()


def stands(page: Page, at: str) -> None:
    """Nothing for axe to find, words at 7:1, every target at least 60 pixels, nothing wider than the page."""
    assert axe_faults(page) == [], at
    assert faint_words(page) == [], at
    assert small_targets(page, LEAST_PX) == [], at
    assert wider_than_the_page(page) == [], at


@pytest.mark.timeout(180)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_a_code_makes_a_telephone_hers(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words
) -> None:
    """Too few and wrong digits are named in plain words; right ones open five large things and a hotline."""
    short = words.lang[:2]
    page = open_page(None, 360, 640, words.lang, url=f"{instance.demo['http']}/elder")
    stands(page, "who is it for")
    tap(page, words.mine)
    field = page.get_by_role("textbox")
    field.fill("1234")
    tap(page, words.done)
    expect(page.get_by_role("alert")).to_contain_text("4")
    expect(field).to_be_focused()
    field.fill("00000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(words.wrong)
    stands(page, "wrong code")
    shoot(page, f"elder-pair-{short}")
    field.fill(code_for(instance, "E-00003"))
    page.keyboard.press("Enter")
    expect(page.locator(".sos")).to_be_visible()
    shoot(page, f"elder-home-{short}")
    assert page.locator(".tile:not(.dial), .sos").count() == 5
    box = page.locator(".sos").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= SOS_PX
    assert page.evaluate("document.cookie") == ""
    page.reload()
    expect(page.locator(".sos")).to_be_visible()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_every_page_stands_in_every_size(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words
) -> None:
    """18 to 36 pixels, on 320 pixels too, in black and white, by night: kept on every level, help in the same place."""
    page, _ = paired(instance, open_page, 4, words.lang)
    short = words.lang[:2]
    tap(page, words.settings)
    for size in words.larger:
        tap(page, size)
        stands(page, f"settings {size}")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "36px"
    tap(page, words.back)
    for name in (words.family, words.day, words.help):
        tap(page, name)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.locator("footer").get_by_role("button", name=words.help)).to_be_visible()
        expect(page.locator("footer a.dial")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "36px"
        stands(page, name)
        page.go_back()
    page.set_viewport_size({"width": NARROW, "height": 640})
    page.reload()
    expect(page.locator(".sos")).to_be_in_viewport()
    stands(page, "home, largest, narrow")
    shoot(page, f"elder-largest-{short}")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    stands(page, "home by night")
    assert moving(page) == 0
    tap(page, words.settings)
    page.locator("[role=switch]").nth(1).click()
    stands(page, "black and white")
    shoot(page, f"elder-settings-{short}")


@pytest.mark.timeout(300)
def test_two_taps_and_she_hears_who_comes(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """A countdown can be cancelled; without a session the press is recorded, and every stage is shown and said."""
    page, button = paired(instance, open_page, 6)
    page.context.clear_cookies()
    page.locator(".sos").click()
    expect(page.get_by_text(ZH.once_more)).to_be_visible()
    page.locator(".sos").click()
    expect(page.get_by_role("timer")).to_be_visible()
    shoot(page, "elder-counting-zh")
    expect(page.get_by_role("timer")).to_have_text("3")
    tap(page, ZH.cancel)
    expect(page.locator(".sos")).to_be_visible()

    demo = instance.demo
    desk, goes = Person(demo, county_desk(demo)), Person(demo, nearest(demo, button))
    held = page.locator(".sos").bounding_box()
    assert held is not None
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    page.mouse.down()
    expect(page.get_by_role("timer")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_role("heading", name=ZH.recorded)).to_be_visible()
    row = desk.sees("incident.opened")["d"]
    assert (row["kind"], row["flags"]) == ("sos", [])
    offer = goes.sees("job.offered")["d"]
    goes.act(f"/offers/{offer['offer']}/accept")
    expect(page.locator(".told")).to_contain_text("分钟到")
    page.reload()
    expect(page.locator(".told")).to_contain_text("分钟到")
    shoot(page, "elder-coming-zh")
    stands(page, "somebody comes")
    for step in ("depart", "arrive"):
        goes.act(f"/jobs/{offer['job']}/{step}")
    expect(page.locator(".told")).to_have_text("已到门口")
    said = page.evaluate("window.said")
    assert all(one.startswith("zh-CN ") for one in said)
    assert any("分钟到" in one for one in said)
    assert page.evaluate("window.dialled") == []
    for one in (desk, goes):
        one.leave()


@pytest.mark.timeout(180)
def test_nobody_answers_so_it_dials_and_goes_on_calling(instance: Instance, open_page: OpenPage) -> None:
    """After three seconds the dialler opens with the duty telephone; when the network is back the press arrives."""
    page, _ = paired(instance, open_page, 8)

    def down(route: Route) -> None:
        route.abort()

    page.route(ALARMS, down)
    page.locator(".sos").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.locator(".told")).to_have_text("网络没有回应，正在打电话")
    [dialled] = page.evaluate("window.dialled")
    assert dialled == f"tel:{page.locator('a.primary').get_attribute('href').removeprefix('tel:')}"  # type: ignore[union-attr]
    assert dialled.startswith("tel:12349")
    stands(page, "dialling")
    page.unroute(ALARMS, down)
    expect(page.get_by_role("heading", name=ZH.recorded)).to_be_visible()
    assert len(page.evaluate("window.dialled")) == 1


@pytest.mark.timeout(180)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_she_hears_the_question_and_presses_a_face(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words
) -> None:
    """What she ordered by telephone says so; when it is done she is asked, aloud, and what she pressed stays."""
    chinese = words.lang == "zh-CN"
    page, button = paired(instance, open_page, 10 if chinese else 11, words.lang)
    order = ordered_by_telephone(instance, button["elder"], "elder")
    said: list[Any] = []

    def day(route: Route) -> None:
        response = route.fetch()
        told = response.json()
        [line] = [one for one in told["items"] if one["order"] == order]
        line |= {"state": "fulfilled", "cancellable": False, "rating": said[-1]["rating"] if said else None}
        route.fulfill(response=response, json=told)

    def rating(route: Route) -> None:
        said.append(route.request.post_data_json)
        route.continue_()

    page.route("**/api/v1/elder/day", day)
    page.route(f"**/api/v1/elder/orders/{order}/rating", rating)
    tap(page, words.day)
    line = page.locator(".arranged").filter(has_text="打电话订的" if chinese else "ordered by telephone")
    expect(line).to_have_count(1)
    line.get_by_role("button", name="听一听" if chinese else "Hear it").click()
    assert ("做得怎么样" if chinese else "how was it") in page.evaluate("window.said")[-1]
    stands(page, "how was it")
    line.get_by_role("button", name="不好" if chinese else "Bad", exact=True).click()
    expect(line.get_by_role("status")).to_contain_text("不好" if chinese else "Bad")
    line.get_by_role("button", name="好" if chinese else "Good", exact=True).click()
    expect(line.get_by_role("status")).to_contain_text("记下了：好" if chinese else "Written down: Good")
    assert page.evaluate("window.said")[-1].startswith(words.lang)
    assert [one["rating"] for one in said] == [1, 5]
    page.reload()
    expect(line.get_by_role("button", name="好" if chinese else "Good", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    shoot(page, f"elder-rate-{words.lang[:2]}")
    page.set_viewport_size({"width": NARROW, "height": 640})
    stands(page, "how was it, narrow")
