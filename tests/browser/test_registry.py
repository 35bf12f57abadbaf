"""The coordination desk keeps elders' records: found by a few words, confirmed, assessed, agreed to, with a code."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Device, Instance

DESK_PX, EDGE_PX = 44, 12


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


@dataclass(frozen=True)
class Said:
    """What the screens say of how she is."""

    lang: str
    at_home: str
    change: str
    hospital: str
    since: str
    until: str
    source: str
    past: str
    dead: str
    still: str
    back: str
    save: str
    stay: str
    fields: tuple[str, str, str]
    left: str
    none: str
    copy: str
    papers: str
    take: str
    taken: str


HOW_ZH = Said(
    "zh-CN", "在家", "改状况", "住院", "从 (选填)", "到 (选填)", "谁说的", "时间已经过了", "去世",
    "设备没有停", "回家了", "保存", "填临时住址", ("住址", "纬度", "经度"), "回住处了", "没有，求助时去住处",
    "给本人一份资料", "谁来要的，看过什么证件", "下载", "已下载",
)  # fmt: skip
HOW_EN = Said(
    "en", "At home", "Change", "In hospital", "From (optional)", "Until (optional)", "Who says so", "That time is past",
    "Has died", "The devices still work", "Back at home", "Save", "Enter a temporary address",
    ("Address", "Latitude", "Longitude"), "Back from there", "None, help goes to the home", "A copy for the elder",
    "Who asks, and which papers showed it", "Download", "is downloaded",
)  # fmt: skip


@pytest.mark.parametrize(("words", "n"), [(HOW_ZH, 5), (HOW_EN, 6)], ids=["zh", "en"])
def test_how_she_is_where_she_stays_and_what_is_kept(
    instance: Instance, open_page: OpenPage, words: Said, n: int
) -> None:
    """A status and a stay are said with their end and ended early, a refusal stands at its field; a copy is taken."""
    elder = sorted({device["elder"] for device in instance.demo["devices"] if device["elder"]})[n]
    soon = (SystemClock().now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    page = open_page("sup-county", 1366, 768, words.lang)
    page.goto(f"{instance.demo['http']}/board#people/{elder}")
    now, form = page.locator("section[aria-labelledby=present]"), page.get_by_role("dialog")
    expect(now).to_contain_text(words.at_home)
    now.get_by_role("button", name=words.change).click()
    form.get_by_label(words.dead, exact=True).check()
    expect(form).to_contain_text(words.still)
    expect(form.get_by_label(words.until)).to_have_count(0)
    form.get_by_label(words.hospital, exact=True).check()
    form.get_by_label(words.until).fill("2020-01-01T08:00")
    form.get_by_label(words.source).fill("女儿来电")
    form.get_by_role("button", name=words.save).click()
    expect(form.get_by_label(words.until)).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("alert")).to_contain_text(words.past)
    assert axe_faults(page) == []
    form.get_by_label(words.until).fill(soon)
    form.get_by_role("button", name=words.save).click()
    expect(now).to_contain_text(words.hospital)
    expect(now).to_contain_text("女儿来电")
    now.get_by_role("button", name=words.back).click()
    form.get_by_label(words.source).fill("出院")
    form.get_by_role("button", name=words.save).click()
    expect(now).to_contain_text(words.at_home)

    now.get_by_role("button", name=words.stay).click()
    for label, value in zip(words.fields, ("文武坝镇女儿家", "25.61", "115.8"), strict=True):
        form.get_by_label(label).fill(value)
    form.locator("input[type=datetime-local]").fill(soon)
    form.get_by_role("button", name=words.save).click()
    expect(now).to_contain_text("女儿家")
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []
    now.get_by_role("button", name=words.left).click()
    form.get_by_role("button", name=words.left).click()
    expect(now).to_contain_text(words.none)

    page.get_by_role("button", name=words.copy).click()
    form.get_by_label(words.papers).fill("本人，身份证")
    with page.expect_download() as download:
        form.get_by_role("button", name=words.take).click()
    copy = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (copy["elder"], [row["id"] for row in copy["tables"]["dispatch.elder"]]) == (elder, [elder])
    expect(page.locator("section[aria-labelledby=subject]")).to_contain_text(words.taken)
    assert axe_faults(page) == []


@pytest.mark.parametrize(("words", "n"), [(HOW_ZH, 7), (HOW_EN, 8)], ids=["zh", "en"])
def test_the_desk_says_how_she_is_during_a_call(instance: Instance, open_page: OpenPage, words: Said, n: int) -> None:
    """By the same form: only what has a beginning or an end is asked for it, and each says what it means."""
    her = [device for device in instance.demo["devices"] if device["elder_masked"]][n]
    button = Device(instance.demo, her)
    button.press()
    button.told("recorded")
    page = open_page("desk1", 1366, 768, words.lang)
    page.locator("[data-row]").filter(has_text=her["elder_masked"]).first.click()
    page.get_by_role("button", name=words.change, exact=True).click()
    form = page.get_by_role("dialog")
    since, until = form.get_by_label(words.since), form.get_by_label(words.until)
    for status, asked in ((words.at_home, (0, 0)), (words.dead, (1, 0)), (words.hospital, (1, 1))):
        form.get_by_label(status, exact=True).check()
        expect(since).to_have_count(asked[0])
        expect(until).to_have_count(asked[1])
    form.get_by_label(words.dead, exact=True).check()
    expect(form).to_contain_text(words.still)
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []
    form.get_by_label(words.hospital, exact=True).check()
    form.get_by_label(words.source).fill("女儿来电")
    form.get_by_role("button", name=words.save, exact=True).click()
    expect(page.locator(".danger").filter(has_text=words.hospital)).to_be_visible()
    button.client.disconnect()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_the_search_keeps_off_the_edges(instance: Instance, open_page: OpenPage, width: int, height: int) -> None:
    """As the rows below it do."""
    page = open_page("desk1", width, height)
    page.goto(f"{instance.demo['http']}/board#people")
    field = page.get_by_label(ZH.find)
    expect(page.locator("[data-row]").first).to_be_visible()
    box, pane = field.locator("..").bounding_box(), page.locator(".queue").bounding_box()
    assert box is not None
    assert pane is not None
    assert box["x"] - pane["x"] >= EDGE_PX
    assert pane["x"] + pane["width"] - box["x"] - box["width"] >= EDGE_PX
