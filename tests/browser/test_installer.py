"""An installer in somebody's hall, with a telephone in one hand: claim, home, test, address."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.browser.things import Button, registered, somebody
from tests.instances import Instance

THUMB_PX = 48
MAIN_PX = 64
SECRET_LETTERS = 43  # 256 bits in base64


@dataclass(frozen=True)
class Words:
    """What the screen says."""

    lang: str
    claim: str
    missing: str
    wrong: str
    press: str
    claimed: str
    to_where: str
    place: str
    start: str
    good: str
    count: str
    to_sure: str
    tick: str
    finish: str
    over: str


ZH = Words(
    "zh-CN", "认领", "请填认领码。", "认领码不对，请核对标签。", "请按一下按钮", "认领成功", "下一步：选住处",
    "装在这里", "开始测试", "测试成功", "第 1 次", "下一步：确认地址", "我在现场，佩戴人和地址都对",
    "完成安装", "安装完成",
)  # fmt: skip
EN = Words(
    "en", "Claim", "Please fill in the claim code.", "The claim code is wrong; please check the label.",
    "Press the button once", "Claimed", "Next: choose the home", "Installed here", "Start the test", "The test worked",
    "press 1", "Next: confirm the address", "I am on site; wearer and address are right", "Finish", "Installed",
)  # fmt: skip


def button(page: Page, name: str) -> None:
    """Tap the button that says so."""
    page.get_by_role("button", name=name, exact=True).click()


def stands(page: Page) -> None:
    """Axe finds nothing, a thumb finds everything, and the main action is larger."""
    assert axe_faults(page) == []
    assert small_targets(page, THUMB_PX) == []
    for main in page.locator("button.primary").all():
        box = main.bounding_box()
        assert box is not None
        assert box["height"] >= MAIN_PX


@pytest.mark.timeout(200)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_from_the_label_to_the_confirmed_address(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words
) -> None:
    """Wrong input is named at its field; a press claims it; another tests it; nobody is rung."""
    short = words.lang[:2]
    credential, code = registered(instance, f"B-new-{short}")
    page = open_page("installer", 360, 640, words.lang)
    type_label(page, words, credential["id"], code)
    shoot(page, f"install-press-{short}")
    stands(page)
    secret = press_to_claim(page, words, Button(instance.demo, credential))
    shoot(page, f"install-claimed-{short}")
    stands(page)
    button(page, words.to_where)
    choose_home(page, words)
    button(page, words.start)
    expect(page.locator(".heard")).to_be_visible()
    thing = Button(instance.demo, {**credential, "secret": secret}, seq=1)
    thing.press()
    expect(page.get_by_text(words.good)).to_be_visible()
    expect(page.get_by_text(words.count)).to_be_visible()
    thing.leave()
    shoot(page, f"install-test-{short}")
    stands(page)
    button(page, words.to_sure)
    confirm(page, words)
    assert known(instance, credential["id"]) == {"elder": "E-00001", "unconfirmed": False, "rung": False}


def type_label(page: Page, words: Words, device: str, code: str) -> None:
    """First without the code, then with a wrong one, then right."""
    page.get_by_role("textbox").nth(0).fill(device)
    label = page.get_by_role("textbox").nth(1)
    button(page, words.claim)
    expect(page.get_by_text(words.missing)).to_be_visible()
    expect(label).to_be_focused()
    stands(page)
    label.fill("0000-0000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(words.wrong)
    label.fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words.press)).to_be_visible()


def press_to_claim(page: Page, words: Words, thing: Button) -> str:
    """One press with the factory's credential; the new secret is shown once."""
    thing.press()
    expect(page.get_by_role("heading", name=words.claimed)).to_be_visible()
    thing.leave()
    secret = page.locator(".once code").inner_text()
    assert len(secret) >= SECRET_LETTERS
    return secret


def choose_home(page: Page, words: Words) -> None:
    """Found by the elder's number."""
    page.get_by_role("textbox").fill("E-00001")
    page.locator(".found button").click()
    stands(page)
    button(page, words.place)


def confirm(page: Page, words: Words) -> None:
    """On site: a tick, and the end."""
    page.get_by_label(words.tick).check()
    stands(page)
    button(page, words.finish)
    expect(page.get_by_role("heading", name=words.over)).to_be_visible()
    stands(page)


def known(instance: Instance, device: str) -> dict[str, object]:
    """What the desk knows of the device, and whether it rang there."""
    seat = somebody(instance, "desk1")
    view = seat.http.get(f"/devices/{device}").json()
    rows = seat.http.get("/incidents").json()["items"]
    seat.leave()
    rung = device in [row["device"] for row in rows]
    return {"elder": view["elder"], "unconfirmed": view["unconfirmed"], "rung": rung}
