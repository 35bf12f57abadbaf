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


ZH = Words(
    "zh-CN", "姓名、电话、地址或编号", "从未核对", "已核对", "登记评估", "能力 3 级", "评估日期", "保存", "登记同意",
    "同意书版本", "有效", "显示卡片",
)  # fmt: skip
EN = Words(
    "en", "Name, telephone", "Never confirmed", "Still right", "Write an assessment", "Ability 3", "Assessed on",
    "Save", "Write a consent", "Version of the wording", "stands", "Show the card",
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
