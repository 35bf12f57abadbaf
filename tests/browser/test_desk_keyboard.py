"""A watch without a mouse: everything at the desk by keys, panes that stay where they were put, words that survive."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import stands_at_a_desk
from tests.instances import Device, Instance

WIDE = (1440, 900)
NARROW = (1366, 768)
ROW_PX = 76
NO_TELEPHONE = """() => document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="tel:"]')
  if (link) { event.preventDefault(); window.dialled = link.getAttribute('href') }
}, true)"""
"""A machine for tests has no telephone, and a Chromium that looks for one takes no more keys."""
DRAFTS = "Object.keys(sessionStorage).filter(key => key.startsWith('yinling.draft'))"


def button(page: Page | Locator, name: str) -> Locator:
    """The first button that says so."""
    return page.get_by_role("button", name=name, exact=True).first


def bar_is_one_row(page: Page) -> None:
    """On the screen of an office computer what stands on top takes no more than a row from the work."""
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= ROW_PX
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def pressed(instance: Instance, number: int) -> Device:
    """Somebody who has an elder of her own has pressed, and the platform has it."""
    own = [device for device in instance.demo["devices"] if device["elder_masked"]]
    device = Device(instance.demo, own[number])
    device.press()
    device.told("recorded")
    return device


def press_until(page: Page, key: str, there: Locator) -> None:
    """Press a key until the focus is there, as somebody would who looks at the screen."""
    for _ in range(60):
        if there.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never comes to {there}")


def telephones_and_asks(desk: Page) -> None:
    """Nobody answers; the first question is answered, and what it calls for is said."""
    desk.evaluate(NO_TELEPHONE)
    desk.keyboard.press("0")
    telephone = desk.locator("[data-call='0'] a.tel")
    expect(telephone).to_be_focused()
    assert desk.evaluate("window.dialled") == telephone.get_attribute("href")
    press_until(desk, "Tab", button(desk.locator("[data-call='0']"), "无人接"))
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-call='0']").get_by_text("打过 1 次都没接")).to_be_visible()
    expect(button(desk.locator("[data-call='0']"), "无人接")).to_be_focused()

    desk.keyboard.press("g")
    expect(desk.locator("#p-guide")).to_be_focused()
    question = desk.locator(".question").first
    press_until(desk, "Tab", question.get_by_role("button", name="是"))
    desk.keyboard.press("ArrowRight")
    expect(question.get_by_role("button", name="否")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(question.get_by_text("立即转报 120")).to_be_visible()
    expect(question.get_by_role("button", name="否")).to_have_attribute("aria-pressed", "true")


def ends(desk: Page) -> None:
    """A false alarm, as her daughter has heard from her."""
    dialog = desk.get_by_role("dialog")
    press_until(desk, "Tab", dialog.get_by_role("radio", name="未见未闻"))
    desk.keyboard.press("ArrowLeft")
    press_until(desk, "Tab", dialog.get_by_role("textbox", name="谁见到或听到的"))
    desk.keyboard.insert_text("女儿")
    press_until(desk, "Tab", button(dialog, "结案"))
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("已结案").first).to_be_visible()
    expect(desk.locator(".ending").get_by_text("误按")).to_be_visible()


def sends_the_best(desk: Page) -> None:
    """Whoever stands first is sent after one question."""
    desk.keyboard.press("b")
    dialog = desk.get_by_role("dialog")
    send = button(dialog, "派他去")
    expect(send).to_be_enabled()
    press_until(desk, "Tab", send)
    desk.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(desk.locator(".going li")).to_have_count(1)


@pytest.mark.timeout(300)
def test_a_whole_call_without_a_mouse(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Begin the watch, take, telephone, ask, send the best one, write a note, close as a false alarm: keys alone."""
    desk = open_page("desk1", *WIDE)
    press_until(desk, "Tab", button(desk, "开始值守"))
    desk.keyboard.press("Enter")
    pressed(instance, 0)
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(button(desk, "静音 20 秒")).to_be_visible()
    bar_is_one_row(desk)
    desk.keyboard.press("q")
    expect(desk.locator("[data-row]")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#p-elder")).to_be_visible()

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog").locator("kbd").first).to_be_visible()
    shoot(desk, "desk-keys-zh")
    stands_at_a_desk(desk)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)

    desk.keyboard.press("c")
    expect(desk.locator(".head").get_by_text("我接的警")).to_be_visible()

    telephones_and_asks(desk)
    sends_the_best(desk)
    dialog = desk.get_by_role("dialog")
    desk.keyboard.press("n")
    desk.get_by_role("textbox", name="备注内容").press_sequentially("门口有狗，c 也只是一个字母")
    press_until(desk, "Tab", button(dialog, "保存"))
    desk.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(desk.get_by_text("备注：门口有狗，c 也只是一个字母")).to_be_visible()
    shoot(desk, "desk-record-zh")
    stands_at_a_desk(desk)

    desk.keyboard.press("a")
    ends(desk)


@pytest.mark.timeout(240)
def test_panes_are_moved_by_keys_and_by_hand_and_stay_so(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Queue, job and map; F6 goes round; a seat's widths are there after a reload; without the map it is two."""
    desk = open_page("desk2", *WIDE, "en")
    button(desk, "Start the watch").click()
    pressed(instance, 1)
    desk.locator("[data-row]").first.click()
    line = desk.get_by_role("separator", name="Width of the queue", exact=False)
    before = int(line.get_attribute("aria-valuenow") or 0)
    line.focus()
    for _ in range(4):
        desk.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", str(before + 4))
    box = line.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + 200)
    desk.mouse.move(*middle)
    desk.mouse.down()
    desk.mouse.move(middle[0] - 96, middle[1], steps=4)
    desk.mouse.up()
    expect(line).to_have_attribute("aria-valuenow", str(before - 2))
    expect(desk.locator(".map-pane")).to_be_visible()
    bar_is_one_row(desk)
    shoot(desk, "desk-record-en")
    stands_at_a_desk(desk)

    desk.locator("#main").focus()
    desk.keyboard.press("F6")
    expect(desk.locator(".map-side")).to_be_focused()
    desk.keyboard.press("F6")
    expect(desk.locator("[data-row]").first).to_be_focused()
    button(desk, "Map").click()
    expect(desk.locator(".map-side")).to_have_count(0)
    desk.reload()
    expect(desk.get_by_role("separator")).to_have_attribute("aria-valuenow", str(before - 2))
    expect(desk.locator(".map-side")).to_have_count(0)


def comes_again(page: Page, username: str, incident: str) -> None:
    """The login has ended; somebody logs in in the same tab and opens the incident."""
    page.context.clear_cookies()
    page.reload()
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[autocomplete=current-password]").fill("yinling")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.locator(f'[data-row="{incident}"]').click()


@pytest.mark.timeout(240)
def test_what_was_typed_survives_a_reload_and_the_end_of_the_login(instance: Instance, open_page: OpenPage) -> None:
    """The note is there again, and says so; once it is sent, nothing is left; another account never sees it."""
    desk = open_page("desk1", *WIDE)
    button(desk, "开始值守").click()
    pressed(instance, 2)
    desk.locator("[data-row]").first.click()
    words = "邻居说昨晚听到响声"
    desk.keyboard.press("n")
    note = desk.get_by_role("textbox", name="备注内容")
    note.fill(words)
    desk.reload()
    expect(desk.get_by_text("有没写完的内容")).to_be_visible()
    stands_at_a_desk(desk)
    button(desk, "接着写").click()
    expect(note).to_have_value(words)
    incident = desk.url.split("#")[1]
    comes_again(desk, "desk2", incident)
    expect(desk.locator(".head")).to_be_visible()
    expect(desk.get_by_text("有没写完的内容")).to_have_count(0)
    comes_again(desk, "desk1", incident)
    button(desk, "接着写").click()
    expect(note).to_have_value(words)
    button(desk.get_by_role("dialog"), "保存").click()
    expect(desk.get_by_text(f"备注：{words}")).to_be_visible()
    expect(desk.get_by_text("有没写完的内容")).to_have_count(0)
    assert desk.evaluate(DRAFTS) == []


@pytest.mark.timeout(240)
def test_what_was_typed_into_rare_forms_survives_too(instance: Instance, open_page: OpenPage) -> None:
    """Merge, split, the number that 120 gave, the reason for opening again: there after a reload, gone when sent."""
    desk = open_page("desk1", *WIDE)
    button(desk, "开始值守").click()
    pressed(instance, 5)
    desk.locator("[data-row]").first.click()
    reason = desk.get_by_role("dialog").get_by_role("textbox").last
    for form in ("合并", "拆分"):
        button(desk.get_by_role("toolbar"), "更多").click()
        button(desk.get_by_role("toolbar"), form).click()
        reason.fill(f"{form}的理由")
        desk.reload()
    desk.get_by_role("textbox", name="对方受理编号").fill("NC-120-7731")
    desk.reload()
    expect(desk.get_by_text("合并 · 拆分：写的字还在")).to_be_visible()
    expect(desk.get_by_role("textbox", name="对方受理编号")).to_have_value("NC-120-7731")
    button(desk, "接着写").click()
    expect(reason).to_have_value("合并的理由")
    desk.keyboard.press("Escape")
    button(desk, "不要了").click()
    expect(desk.get_by_text("有没写完的内容")).to_have_count(0)

    desk.keyboard.press("a")
    ends(desk)
    button(desk, "重新打开").click()
    reason.fill("女儿又打来了")
    desk.reload()
    button(desk, "接着写").click()
    expect(reason).to_have_value("女儿又打来了")
    button(desk.get_by_role("dialog"), "重新打开").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    assert desk.evaluate(DRAFTS) == []


@pytest.mark.timeout(240)
def test_several_are_asked_at_once(instance: Instance, open_page: OpenPage) -> None:
    """Whoever is ticked is asked; each line then says by which way she was reached and when."""
    desk = open_page("desk1", *WIDE, "en")
    button(desk, "Start the watch").click()
    device = pressed(instance, 3)
    place = next(one["elder_masked"] for one in instance.demo["devices"] if one["id"] == device.id)
    desk.locator("[data-row]").filter(has_text=place).first.click()
    expect(desk.get_by_role("columnheader", name="By", exact=True)).to_be_visible()
    before = desk.locator(".panel tbody tr").count()
    button(desk, "Send somebody").click()
    dialog = desk.get_by_role("dialog")
    unasked = dialog.locator(".candidates li").filter(has_not=desk.locator(".tag", has_text=" · "))
    expect(unasked.nth(1)).to_be_visible()
    stands_at_a_desk(desk)
    for n in range(2):
        unasked.nth(n).get_by_role("checkbox").check()
    button(dialog, "Ask the 2 chosen").click()
    expect(dialog).to_have_count(0)
    expect(desk.locator(".panel tbody tr").nth(before + 1)).to_be_visible()
    stands_at_a_desk(desk)
