"""A visit that does not look right waits for a person, who says what it was and why; and help hour by hour."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest
from playwright.sync_api import Page, expect

from bench.instance import Instance as Data
from bench.proofs.evidence import PRICE
from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.browser.test_supervisor import at, stands
from tests.instances import Instance

Shoot = Callable[[Page, str], None]
ORDER = """
INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, home_id, lat, lon, service, window_from,
    window_to, minutes, hands, skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt,
    proofs_arrive, proofs_leave, verified, callback_tries, arrived_at, fulfilled_at, price_id, price_cents,
    subsidy_cents, own_cents)
SELECT $1, e.division, 'fulfilled', 1, e.id, e.home_id, 25.6, 115.8, 'visit', $2, $3, 60, 1, '{}', '{}', '{}', false,
    $2, '{}', 1, '{}', '{}', true, 0, $2, $3, $4, 0, 0, 0
FROM dispatch.elder e ORDER BY e.id LIMIT 1
"""
CHECK = """
INSERT INTO gateway.visit_check (order_id, division, responders, at, checked_at, score, reasons)
SELECT o.id, o.division, '{}', $2, $2, 100,
    '[{"code": "far", "weight": 60, "params": {"metres": 4200}},
      {"code": "too_fast", "weight": 70, "params": {"order": "O-before", "metres": 21000, "seconds": 240}}]'
FROM dispatch.service_order o WHERE o.id = $1
"""
KNOWN = "SELECT id FROM dispatch.price WHERE service = 'visit' AND since = '2026-01-01'"
HOURS = """
INSERT INTO gateway.circle SELECT left(e.division, 9), date_trunc('hour', $1::timestamptz), 9000, 10
FROM dispatch.elder e ORDER BY e.id LIMIT 1
ON CONFLICT (division, at) DO UPDATE SET elders = excluded.elders, within = excluded.within
"""


@dataclass(frozen=True)
class Words:
    """What the page says."""

    lang: str
    far: str
    fast: str
    decide: str
    unsound: str
    why: str
    save: str
    decided: str
    by_hour: str


ZH = Words(
    "zh-CN", "距老人住所 4200 米", "相距 21 公里，只隔 4 分钟", "核实服务", "服务不属实", "核实情况和理由", "保存",
    "已核实", "逐时看",
)  # fmt: skip
EN = Words(
    "en", "4200 m away from her home", "21 km from visit O-before, only 4 min apart", "Visit",
    "The visit was not sound", "What was found out, and why", "Save", "Decided", "By hour",
)  # fmt: skip


def laid_out(instance: Instance, order: str) -> None:
    """A visit of this morning that was looked at, and the circle of the last hours."""
    with ThreadPoolExecutor(1) as beside:  # the browser has the loop of this thread
        beside.submit(asyncio.run, _laid_out(Data(instance.folder).owner_url, order)).result()


async def _laid_out(url: str, order: str) -> None:
    now = SystemClock().now()
    owner = await asyncpg.connect(url)
    price = await owner.fetchval(KNOWN) or await owner.fetchval(PRICE, now)
    await owner.execute(ORDER, order, now - timedelta(hours=5), now - timedelta(hours=4), price)
    await owner.execute(CHECK, order, now - timedelta(hours=4))
    await owner.execute(HOURS, now)
    await owner.close()


@pytest.mark.timeout(90)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_a_doubt_is_decided_and_thin_hours_are_seen(
    instance: Instance, open_page: OpenPage, shoot: Shoot, words: Words
) -> None:
    """Every reason with its figures; decided in words, gone from the queue, found among the decided."""
    order = f"O-doubt-{words.lang[:2]}"
    laid_out(instance, order)
    page = at(instance, open_page("sup-county", 1366, 768, words.lang), "visits")
    row = page.locator(f"[data-visit={order}]")
    for told in (words.far, words.fast):
        expect(row).to_contain_text(told)
    stands(page, "visits")
    shoot(page, f"supervise-visits-{words.lang[:2]}")
    row.get_by_role("button", name=re.compile(words.decide)).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words.unsound, exact=True).check()
    expect(dialog.get_by_role("button", name=words.save)).to_be_disabled()
    dialog.get_by_label(words.why).fill("电话核实，当天没有人来")
    stands(page, "decide")
    dialog.get_by_role("button", name=words.save).click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name=words.decided, exact=True).click()
    expect(row).to_contain_text(words.unsound)
    expect(row).to_contain_text("电话核实，当天没有人来")

    at(instance, page, "indicators").get_by_role("link", name=words.by_hour).click()
    expect(page.locator("tr[data-hour]")).to_have_count(24)
    expect(page.locator("tr[data-hour] td[data-alert=true]")).not_to_have_count(0)
    stands(page, "hours")
    shoot(page, f"supervise-hours-{words.lang[:2]}")
