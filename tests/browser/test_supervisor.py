"""Supervision: she presses, two race, one completes, and the figure counts it; every page; what is late."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.field import let_ring
from tests.browser.probes import axe_faults, faint_words, small_targets, wider_than_the_page
from tests.browser.test_alarm_on_screen import ZH as FIELD
from tests.browser.test_alarm_on_screen import button, finish
from tests.browser.test_elder_page import paired
from tests.browser.test_family import agreed, arrived
from tests.browser.things import somebody
from tests.instances import Device, Instance, by_distance

Shoot = Callable[[Page, str], None]

SMALL_COUNTY = True
DESK_PX = 44
AT_ONCE_MS = 500
"""Both phones are told this long ahead when to click."""
BREACH_MS = 60_000
"""A press that nobody takes is past its target after half a minute."""
PAGES = (
    "overview", "times", "indicators", "protection", "providers", "ratings", "fleet", "load", "coverage", "month",
    "walls",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What the pages say."""

    lang: str
    remind: str
    reminded: str
    reassign: str
    number: str


ZH = Words("zh-CN", "催值守席", "已催 1 次", "改派", "编号")
EN = Words("en", "Remind the seat", "Reminders: 1", "Re-assign", "No.")


def at(instance: Instance, page: Page, spot: str) -> Page:
    """A page of supervision, once its figures are there."""
    page.goto(f"{instance.demo['http']}/supervise#{spot}")
    expect(page.locator("h1, .map-pane h2").first).to_be_visible()
    expect(page.get_by_text(re.compile("^(正在读取…|Loading…)$"))).to_have_count(0)
    expect(page.locator("main .danger")).to_have_count(0)
    return page


def stands(page: Page, where: str) -> None:
    """Axe finds nothing, words are dark enough, targets are large enough."""
    assert axe_faults(page) == [], where
    assert faint_words(page) == [], where
    assert small_targets(page, DESK_PX) == [], where


def counted(supervisor: Page, stage: str) -> int:
    """How many incidents have reached a stage, as the page says."""
    return int(supervisor.locator(f"tr[data-stage={stage}] td").first.inner_text())


@pytest.mark.timeout(240)
def test_from_her_press_to_the_supervisors_figure(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """Six browsers: hers, her daughter's, the desk, two who accept at once, the supervisor who can look it up.

    The one who goes has no network on the way; nothing of what he says is lost.
    """
    desk = open_page("desk1", 1366, 768)
    button(desk, FIELD.watch).click()
    elder, bell = paired(instance, open_page, 6)
    daughter = arrived(instance, open_page, "13811110009")
    agreed(instance, daughter, bell["elder"])
    phones = []
    for who in by_distance(instance.demo, bell)[:2]:
        phone = open_page(who["username"], 360, 640, place=(who["lat"], who["lon"]))
        let_ring(instance, phone)
        phones.append(phone)
    supervisor = at(instance, open_page("sup-county", 1366, 768), "times?stage=with_elder")
    before = counted(supervisor, "with_elder")

    elder.locator(".sos").click()
    elder.locator(".sos").click()
    for phone in phones:
        expect(button(phone, FIELD.accept)).to_be_visible()
    expect(desk.locator("[data-row]")).to_have_count(1)
    daughter.locator(".alarm").click()
    desk.locator("[data-row]").first.focus()
    desk.keyboard.press("c")
    at_once = desk.evaluate("Date.now()") + AT_ONCE_MS
    for phone in phones:
        button(phone, FIELD.accept).evaluate("(it, at) => setTimeout(() => it.click(), at - Date.now())", at_once)
    expect(elder.locator(".told")).to_contain_text("分钟到")
    winner = phone_of_the_first(instance, phones)

    winner.context.set_geolocation({"latitude": bell["lat"], "longitude": bell["lon"], "accuracy": 10})
    winner.context.set_offline(True)
    for step in FIELD.steps:
        button(winner, step).click()
    expect(winner.get_by_text(f"{len(FIELD.steps)} 项等网络送出")).to_be_visible()
    expect(daughter.locator(".status")).to_contain_text(re.compile("正在赶来|马上就到"))
    winner.context.set_offline(False)
    expect(daughter.locator(".status")).to_contain_text("正在照看")
    button(winner, FIELD.complete).click()
    winner.get_by_role("radio").first.check()
    button(winner, FIELD.finish).click()
    expect(desk.get_by_text(FIELD.seen).first).to_be_visible()
    finish(desk, FIELD)
    expect(desk.locator("[data-row]")).to_have_count(0)
    expect(daughter.locator(".status .big")).to_contain_text("已结束")

    counts = supervisor.locator("tr[data-stage=closed] td").first
    expect(counts).to_have_text(str(before + 1))
    assert counted(supervisor, "with_elder") == before + 1
    shoot(supervisor, "supervise-times-zh")
    counts.get_by_role("link").click()
    expect(supervisor.locator("tr[data-incident]")).to_have_count(before + 1)
    supervisor.locator("tr[data-incident] a").first.click()
    told_again(supervisor, shoot)


def phone_of_the_first(instance: Instance, phones: list[Page]) -> Page:
    """The phone of the one who goes first; the other goes behind, or is told who goes."""
    supervisor = somebody(instance, "sup-county")
    [row] = supervisor.http.get("/incidents", params={"state": "live"}).json()["items"]
    view = supervisor.http.get(f"/incidents/{row['incident']}").json()
    supervisor.leave()
    [first] = [one["responder"] for one in view["assignments"] if one["role"] == "first" and not one["ended_at"]]
    current = f"{instance.demo['http']}/api/v1/sessions/current"
    [phone] = [phone for phone in phones if phone.request.get(current).json()["responder"] == first]
    return phone


def told_again(page: Page, shoot: Shoot) -> None:
    """Every step in order; it plays by itself, and every moment can be gone to."""
    steps = page.locator(".steps li")
    expect(steps.filter(has_text="见到老人").first).to_be_visible()
    reached = page.locator(".steps li[data-reached=true]")
    steps.last.get_by_role("button").click()
    expect(reached).to_have_count(steps.count())
    stands(page, "replay")
    shoot(page, "supervise-replay-zh")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    few = reached.count()
    assert few < steps.count()
    button(page, "播放").click()
    expect(button(page, "暂停")).to_be_visible()
    expect(page.locator(".player .at")).not_to_have_text("0:00")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("number", "words"), [(3, ZH), (5, EN)], ids=["zh", "en"])
def test_every_page_stands_and_what_is_late_is_moved_on(
    instance: Instance, open_page: OpenPage, shoot: Shoot, number: int, words: Words
) -> None:
    """Filters stand in the address, every figure says what it means, charts have their table, breaches their holder."""
    short = words.lang[:2]
    pressed = Device(instance.demo, instance.demo["devices"][number])
    pressed.press()
    pressed.told("recorded")
    page = open_page("sup-county", 1366, 768, words.lang)
    for spot in PAGES:
        stands(at(instance, page, spot), f"{spot} {words.lang}")
        shoot(page, f"supervise-{spot}-{short}")
    at(instance, page, "times?stage=offered&by=hour&kind=sos")
    expect(page.locator(".chart[data-drawn=true] svg")).to_be_visible()
    expect(page.locator("tr[data-group]").first).to_be_visible()
    stands(page, "times by hour")
    page.get_by_role("combobox").nth(3).select_option("1")
    assert "priority=1" in page.url
    page.reload()
    assert "priority=1" in page.url
    expect(page.get_by_role("combobox").nth(3)).to_have_value("1")
    page.locator(".meaning").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    stands(page, "a meaning")
    page.keyboard.press("Escape")
    on_paper(page)

    at(instance, page, "breaches")
    row = page.locator(f'[data-breach="{incident_of(instance, pressed.id)}"]')
    expect(row).to_be_visible(timeout=BREACH_MS)
    stands(page, "breaches")
    row.get_by_role("button", name=re.compile(f"^{words.remind}")).first.click()
    expect(row).to_contain_text(words.reminded)
    shoot(page, f"supervise-breaches-{short}")
    row.get_by_role("button", name=re.compile(f"^{words.reassign}")).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".candidate").first).to_be_visible()
    stands(page, "re-assign")
    dialog.locator(".candidate").first.get_by_role("button").click()
    expect(dialog).to_have_count(0)
    page.goto(f"{instance.demo['http']}/supervise#replay/I-none")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(rf"{words.number} [0-9A-F]{{8}}"))


def incident_of(instance: Instance, device: str) -> str:
    """The incident of a button."""
    supervisor = somebody(instance, "sup-county")
    rows = supervisor.http.get("/incidents", params={"state": "live"}).json()["items"]
    supervisor.leave()
    [found] = [row["incident"] for row in rows if row["device"] == device]
    return str(found)


def on_paper(page: Page) -> None:
    """Nothing to press is printed, and nothing runs off the sheet."""
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for gone in (".bar", ".pages", ".buttons", ".choices"):
        expect(page.locator(gone).first).to_be_hidden()
    assert wider_than_the_page(page) == []
    page.emulate_media(media="screen")
