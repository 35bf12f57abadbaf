"""She presses; the desk sees and rings; a helper goes; everybody's screen says so. Two screens, both languages."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.field import let_ring
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Device, Instance, nearest

SMALL_COUNTY = True


@dataclass(frozen=True)
class Words:
    """What the buttons say."""

    lang: str
    watch: str
    resume: str
    accept: str
    claim: str
    steps: tuple[str, str, str]
    complete: str
    finish: str
    close: str
    seen: str
    closed: str


ZH = Words(
    "zh-CN", "开始值守", "恢复响铃", "接单，我去", "接警", ("出发", "我到门口了", "见到老人了"), "完成任务",
    "提交并完成", "结案", "已见到老人", "已结案",
)  # fmt: skip
EN = Words(
    "en", "Start the watch", "Let it ring again", "Accept, I am going", "Take",
    ("Setting off", "I am at the door", "I am with the elder"), "Complete the job", "Submit and complete", "Close",
    "With the elder", "Closed",
)  # fmt: skip


def button(page: Page | Locator, name: str) -> Locator:
    """The button that says so."""
    return page.get_by_role("button", name=name, exact=True)


def stands(page: Page, least: int) -> None:
    """Axe finds nothing, and a thumb finds everything."""
    assert axe_faults(page) == []
    assert small_targets(page, least) == []


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("words", "number"), [(ZH, 0), (EN, 7)], ids=["zh", "en"])
def test_from_the_press_to_the_close(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Words, number: int
) -> None:
    """Every screen on the way stands the probes."""
    short = words.lang[:2]
    device = instance.demo["devices"][number]
    desk = open_page("desk1", 1366, 768, words.lang)
    helper = nearest(instance.demo, device)
    field = open_page(helper["username"], 360, 640, words.lang, (helper["lat"], helper["lon"]))
    button(desk, words.watch).click()
    stands(field, 48)
    let_ring(instance, field, words.resume)
    stands(field, 48)

    elder = Device(instance.demo, device)
    elder.press()
    elder.told("recorded")
    expect(button(field, words.accept)).to_be_visible()
    elder.told("seen")
    shoot(field, f"field-offer-{short}")
    stands(field, 48)

    desk.locator("[data-row]").first.focus()
    desk.keyboard.press("c")
    expect(desk.get_by_role("heading", name=words_of(words, "offers"))).to_be_visible()
    button(field, words.accept).click()
    assert elder.told("accepted")["who"]
    expect(button(field, words.steps[0])).to_be_visible()
    expect(field.get_by_role("heading", level=2).first).to_be_visible()
    shoot(field, f"field-job-{short}")
    stands(field, 48)
    field.context.set_geolocation({"latitude": device["lat"], "longitude": device["lon"], "accuracy": 10})
    for step in words.steps:
        button(field, step).click()
    elder.told("arrived")
    expect(desk.get_by_text(words.seen).first).to_be_visible()
    shoot(desk, f"desk-case-{short}")
    stands(desk, 44)

    button(field, words.complete).click()
    field.get_by_role("radio").first.check()
    stands(field, 48)
    button(field, words.finish).click()
    finish(desk, words)
    elder.told("closed")
    expect(desk.locator("[data-row]")).to_have_count(0)


def words_of(words: Words, key: str) -> str:
    """Headings of the desk's panel."""
    return {"zh-CN": {"offers": "问过谁"}, "en": {"offers": "Who was asked"}}[words.lang][key]


def finish(desk: Page, words: Words) -> None:
    """Close with an outcome; who saw her is known from the visit."""
    button(desk, words.close).first.click()
    dialog = desk.get_by_role("dialog")
    stands(desk, 44)
    dialog.get_by_role("radio").first.check()
    button(dialog, words.close).click()
