"""The coordination desk keeps elders' records: found by a few words, confirmed, assessed, agreed to, with a code."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Instance

DESK_PX = 44


@dataclass(frozen=True)
class Words:
    """What the screens say."""

    lang: str
    find: str
    due: str
    confirm: str
    assess: str
    level: str
    day: str
    save: str
    agree: str
    wording: str
    stands: str
    show: str
    edit: str
    door: str


ZH = Words(
    "zh-CN", "姓名、电话、地址或编号", "从未核对", "已核对", "登记评估", "能力 3 级", "评估日期", "保存", "登记同意",
    "同意书版本", "有效", "显示卡片", "修改档案", "门禁密码",
)  # fmt: skip
EN = Words(
    "en", "Name, telephone", "Never confirmed", "Still right", "Write an assessment", "Ability 3", "Assessed on",
    "Save", "Write a consent", "Version of the wording", "stands", "Show the card", "Edit the record", "Door code",
)  # fmt: skip


@pytest.mark.parametrize(("words", "n"), [(ZH, 3), (EN, 4)], ids=["zh", "en"])
def test_a_record_is_kept(instance: Instance, open_page: OpenPage, words: Words, n: int) -> None:
    """From the lists of what is due to a record that is whole; every step in both languages, with the probes."""
    elder = sorted({device["elder"] for device in instance.demo["devices"] if device["elder"]})[n]
    page = open_page("desk1", 1366, 768, words.lang)
    page.goto(f"{instance.demo['http']}/board#people")
    expect(page.locator("#due-contacts")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_label(words.find).fill(elder)
    page.locator(f"[data-row='{elder}']").click()
    contacts = page.locator("section[aria-labelledby=contacts]")
    expect(contacts.get_by_text(words.due).first).to_be_visible()
    many = contacts.get_by_text(words.due).count()
    contacts.get_by_role("button", name=words.confirm).first.click()
    expect(contacts.get_by_text(words.due)).to_have_count(many - 1)

    page.get_by_role("button", name=words.edit).click()
    page.get_by_label(words.door, exact=True).fill("2580#")
    assert axe_faults(page) == []
    page.get_by_role("button", name=words.save).click()
    expect(page.locator("section[aria-labelledby=home]")).to_contain_text("2580#")
    expect(contacts.get_by_text(words.due)).to_have_count(many - 1)

    page.get_by_role("button", name=words.assess).click()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name=words.level).click()
    page.get_by_label(words.day).fill("2026-03-05")
    page.get_by_role("button", name=words.save).click()
    expect(page.locator("section[aria-labelledby=assessments]")).to_contain_text(words.level)

    page.get_by_role("button", name=words.agree).click()
    page.get_by_label(words.wording).fill("2026-01")
    page.get_by_role("button", name=words.save).click()
    expect(page.locator("section[aria-labelledby=consents]")).to_contain_text(words.stands)

    page.get_by_role("button", name=words.show).click()
    expect(page.locator(".codecard img")).to_be_visible()
    expect(page.locator(".codecard")).not_to_contain_text(elder)
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []


@pytest.mark.parametrize(
    ("lang", "look", "fault", "take", "done"),
    [
        ("zh-CN", "检查", "第 3 行 姓名没有填写", "只导入无误的行", "已导入"),
        ("en", "Look at it", "line 3: name is not filled in", "Take the good lines in", "Taken in"),
    ],
    ids=["zh", "en"],
)
def test_a_list_is_taken_in(
    instance: Instance, open_page: OpenPage, lang: str, look: str, fault: str, take: str, done: str
) -> None:
    """A supervisor's own file: looked at with its bad line in words, then its good line comes in."""
    home, name = instance.demo["devices"][0], f"T-{lang}"
    street = next(one["division"] for one in instance.demo["accounts"] if len(one["division"]) == 9)
    place = f"{street},红旗路9号,{home['lat']},{home['lon']}"
    table = f"编号,姓名,行政区划,住址,纬度,经度\n{name},陈桂英,{place}\n{name}-2,,{place}\n"
    page = open_page("sup-county", 1366, 768, lang)
    page.goto(f"{instance.demo['http']}/board#people")
    section = page.locator("section[aria-labelledby=take-in]")
    file = {"name": "elders.csv", "mimeType": "text/csv", "buffer": table.encode("gb18030")}
    section.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    section.get_by_role("button", name=look).click()
    expect(section.get_by_role("status")).to_contain_text(fault)
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []
    section.get_by_role("button", name=take).click()
    expect(section.get_by_role("status")).to_contain_text(done)
    expect(page.locator("section[aria-labelledby=imports]")).to_contain_text("1")
    assert page.request.get(f"{instance.demo['http']}/api/v1/elders/{name}").ok
