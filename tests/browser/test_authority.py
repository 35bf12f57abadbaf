"""What is answered for: duty, complaints, hazards, who has looked at whom, what neighbours may see; and the auditor."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, faint_words, small_targets
from tests.browser.test_supervisor import at
from tests.browser.things import somebody
from tests.instances import Instance

Shoot = Callable[[Page, str], None]
DESK_PX = 44
PAGES = ("duty", "complaints", "hazards", "openings", "reads", "aid")


@dataclass(frozen=True)
class Words:
    """What the pages say."""

    lang: str
    register: str
    caller: str
    what: str
    number: str
    accept: str
    handler: str
    reply: str
    reply_words: str
    settle: str
    upheld: str
    settle_words: str
    settled: str
    hazard: str
    text: str
    measure: str
    owner: str
    due: str
    fix: str
    fix_words: str
    others: str
    save: str
    reveal: str
    visit: str
    note: str
    close: str
    lend: str
    lend_to: str
    lend_own: str
    until: str
    over: str
    judge: str
    right: str
    remark: str


ZH = Words(
    "zh-CN", "登记投诉", "投诉人和联系方式", "投诉内容", "来源编号", "受理", "承办人", "答复", "怎样答复的", "办结",
    "属实", "处理结果", "已办结", "登记隐患", "隐患是什么", "整改措施", "责任人", "整改期限", "整改完成", "怎样整改的",
    "等别人验收", "保存", "查看全文", "上门服务", "说明", "关闭", "借给邻近辖区", "借给哪个辖区", "借出哪个辖区",
    "到什么时候", "已结束", "审查", "应该", "审查意见",
)  # fmt: skip
EN = Words(
    "en", "Write a complaint down", "Who complains", "What the complaint is", "Its own number", "Accept", "Handled by",
    "Reply", "What was told", "Settle", "Upheld", "What came of it", "Settled", "Write a hazard down",
    "What the hazard is", "Measure", "Owner", "Due on", "It is fixed", "What was done", "Waits for somebody else",
    "Save", "Show all", "A visit", "In words", "Close", "Lend to a neighbour", "Lent to", "Division lent", "Until",
    "over", "Judge", "It was right", "Remark",
)  # fmt: skip


def stands(page: Page, where: str) -> None:
    """Axe finds nothing, words are dark enough, targets are large enough."""
    assert axe_faults(page) == [], where
    assert faint_words(page) == [], where
    assert small_targets(page, DESK_PX) == [], where


def press(inside: Page | Locator, name: str) -> None:
    """The button of exactly this name."""
    inside.get_by_role("button", name=name, exact=True).click()


def dialog_of(page: Page, name: str) -> Locator:
    """Open the dialog behind a button."""
    press(page, name)
    return page.get_by_role("dialog")


def kept(dialog: Locator, words: Words) -> None:
    """Save, and the server has it."""
    press(dialog, words.save)
    expect(dialog).to_have_count(0)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("words", "n"), [(ZH, 1), (EN, 2)], ids=["zh", "en"])
def test_a_supervisor_answers_for_a_division(
    instance: Instance, open_page: OpenPage, shoot: Shoot, words: Words, n: int
) -> None:
    """A seat is asked; a complaint settled; a hazard waits for others; looks are found and judged; aid ends."""
    short = words.lang[:2]
    desk = somebody(instance, "desk1")
    desk.act("/seats/confirm")
    page = open_page("sup-county", 1366, 768, words.lang)
    for spot in PAGES:
        stands(at(instance, page, spot), f"{spot} {words.lang}")

    at(instance, page, "duty")
    seat = page.locator("tr[data-turn=desk1]").first
    seat.get_by_role("button").click()
    expect(seat).to_contain_text(re.compile(rf"{n - 1} / {n}|0 / 1"))
    desk.act("/seats/confirm")
    expect(seat).to_contain_text(re.compile(rf"{n} / {n}|1 / 1"))
    shoot(page, f"supervise-duty-{short}")

    number = f"GZ-{short}-{n}"
    a_complaint(instance, page, words, number)
    shoot(page, f"supervise-complaints-{short}")
    a_hazard(instance, page, words)
    shoot(page, f"supervise-hazards-{short}")
    elder = looked_behind_the_mask(instance, page, words)
    shoot(page, f"supervise-reads-{short}")
    judged(instance, page, words)
    lent(instance, page, words)
    desk.leave()
    assert elder in page.request.get(f"{instance.demo['http']}/api/v1/access/openings").text()


def a_complaint(instance: Instance, page: Page, words: Words, number: str) -> None:
    """Registered with the source's own number, taken up, replied to, settled."""
    at(instance, page, "complaints")
    dialog = dialog_of(page, words.register)
    dialog.get_by_label(words.number).fill(number)
    dialog.get_by_label(words.caller).fill("陈女士 0797-5620000")
    dialog.get_by_label(words.what).fill("约好九点，十点才到")
    stands(page, "register")
    kept(dialog, words)
    row = page.locator("[data-complaint]").filter(has_text=number)
    kept(dialog_of_row(row, words.accept), words)
    expect(row).to_contain_text(words.handler)
    dialog = dialog_of_row(row, words.reply)
    dialog.get_by_label(words.reply_words).fill("已致电说明")
    kept(dialog, words)
    dialog = dialog_of_row(row, words.settle)
    dialog.get_by_label(words.upheld, exact=True).check()
    dialog.get_by_label(words.settle_words).fill("已安排提前出发")
    kept(dialog, words)
    expect(row).to_have_count(0)
    press(page, words.settled)
    expect(row).to_contain_text(words.upheld)
    stands(page, "settled")


def dialog_of_row(row: Locator, name: str) -> Locator:
    """Open the dialog behind a button of a row."""
    press(row, name)
    return row.page.get_by_role("dialog")


def a_hazard(instance: Instance, page: Page, words: Words) -> None:
    """With an owner and a day; who says that it is fixed does not inspect it."""
    at(instance, page, "hazards")
    dialog = dialog_of(page, words.hazard)
    text = f"三号楼电表箱渗水 {words.lang}"
    dialog.get_by_label(words.text).fill(text)
    dialog.get_by_label(words.measure).fill("三日内改线")
    dialog.get_by_role("combobox", name=words.owner).click()
    page.get_by_role("option").first.click()
    day = SystemClock().now() + timedelta(days=3)
    dialog.get_by_label(words.due).fill(f"{day:%Y-%m-%d}")
    stands(page, "a hazard")
    kept(dialog, words)
    row = page.locator("[data-hazard]").filter(has_text=text)
    dialog = dialog_of_row(row, words.fix)
    dialog.get_by_label(words.fix_words).fill("已改线")
    kept(dialog, words)
    expect(row).to_contain_text(words.others)
    stands(page, "hazards")


def looked_behind_the_mask(instance: Instance, page: Page, words: Words) -> str:
    """A reason and a word open the card; afterwards the look is found by the elder."""
    at(instance, page, "protection")
    page.get_by_role("button", name=re.compile(f"^{words.reveal}|^查看|^Show everything")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words.visit, exact=True).check()
    dialog.get_by_label(words.note).fill("核对门牌")
    stands(page, "reveal")
    press(dialog, words.reveal)
    expect(page.locator(".revealed")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button")).to_have_count(1)
    stands(page, "revealed")
    press(page.get_by_role("dialog"), words.close)
    at(instance, page, "openings")
    row = page.locator("[data-opening]").first
    expect(row).to_contain_text("核对门牌")
    stands(page, "openings")
    elder = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    expect(page.locator("table")).to_contain_text(elder)
    stands(page, "reads")
    return elder


def judged(instance: Instance, page: Page, words: Words) -> None:
    """A street's desk has broken the glass for somebody beyond; the county judges it."""
    desk = somebody(instance, "desk4")
    elders = sorted({device["elder"] for device in instance.demo["devices"] if device["elder"]})
    asked = (desk.http.post("/break-glass", json={"elder": one, "note": "邻居来电称倒地"}) for one in elders)
    opening = next(answer.json()["opening"] for answer in asked if answer.is_success)
    desk.leave()
    at(instance, page, "openings?state=waiting")
    row = page.locator(f"[data-opening='{opening}']")
    dialog = dialog_of_row(row, words.judge)
    dialog.get_by_label(words.right, exact=True).check()
    dialog.get_by_label(words.remark).fill("属实，已转所在街道")
    stands(page, "judge")
    kept(dialog, words)
    expect(row).to_have_count(0)


def lent(instance: Instance, page: Page, words: Words) -> None:
    """A street is lent to its neighbour and taken back."""
    streets = sorted({one["division"][:9] for one in instance.demo["accounts"] if len(one["division"]) >= 9})
    at(instance, page, "aid")
    dialog = dialog_of(page, words.lend)
    dialog.get_by_label(words.lend_own).fill(streets[0])
    dialog.get_by_label(words.lend_to).fill(streets[1])
    day = SystemClock().now() + timedelta(days=1)
    dialog.get_by_label(words.until).fill(f"{day:%Y-%m-%d}T12:00")
    dialog.get_by_label(words.note).fill("汛期代接")
    stands(page, "lend")
    kept(dialog, words)
    row = page.locator("[data-aid]").first
    for _ in range(2):
        row.get_by_role("button").click()
    expect(row).to_contain_text(words.over)


def test_an_auditor_reads_who_has_read(instance: Instance, open_page: OpenPage) -> None:
    """Two pages and no more: looks behind masks, and every read by elder or by account."""
    desk = somebody(instance, "desk1")
    elder = sorted({device["elder"] for device in instance.demo["devices"] if device["elder"]})[5]
    desk.http.get(f"/elders/{elder}").raise_for_status()
    desk.leave()
    page = open_page("auditor", 1366, 768)
    page.get_by_role("link", name="查阅记录").click()
    expect(page.locator(".pages a")).to_have_count(3)
    at(instance, page, "complaints")
    expect(page.locator("h1")).to_have_text("查阅审查")
    at(instance, page, "reads")
    page.get_by_label("老人编号").fill(elder)
    press(page, "查询")
    expect(page.locator("tbody tr").first).to_contain_text("desk1")
    stands(page, "auditor")


def test_the_desk_has_a_way_to_supervision(open_page: OpenPage) -> None:
    """For a supervisor; a seat that is none has no such line."""
    for who, many in (("sup-county", 1), ("desk1", 0)):
        page = open_page(who, 1366, 768)
        page.get_by_role("button", name="菜单").click()
        expect(page.get_by_role("menuitem", name="督导")).to_have_count(many)
