"""A family telephones instead of tapping: the order says so at the desk, to the family and to him, who is told."""

from datetime import timedelta
from typing import Any

from tests.story.telephones import Telephones
from tests.story.test_daughter_watches import DAUGHTER, HIS, PRICE, agreed, logged_in
from tests.story.town import Console, Town


async def ordered(town: Town, desk: Console, hours: int, telephoned: str | None) -> str:
    """The desk places a cleaning."""
    first = town.clock.now() + timedelta(hours=hours)
    wish = {"elder": "E-1", "service": "cleaning", "window_from": first.isoformat(),
            "window_to": (first + timedelta(hours=1)).isoformat(), "telephoned": telephoned}  # fmt: skip
    placed = await desk.act("/orders", wish)
    assert placed.status_code == 201, placed.text
    return str(placed.json()["line"]["order"])


async def on_his_page(desk: Console, path: str) -> Any:
    """What his own telephone, paired by the desk's code, reads."""
    code = (await desk.act("/elders/E-1/pairing")).json()["code"]
    phone = (await desk.http.post("/api/v1/elder/pairing", json={"code": code})).json()
    desk.http.cookies.clear()
    return (await desk.http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {phone['token']}"})).json()


def mark(line: dict[str, Any]) -> tuple[str | None, str | None]:
    """Who telephoned, and who wrote it down."""
    return line["telephoned"], line["written_by"]


async def test_an_order_by_telephone_bears_its_mark(phones: Telephones) -> None:
    """Each list shows who telephoned and whose account wrote it down; what the desk arranges itself shows nobody."""
    town = phones.town
    await town.value(PRICE, town.clock.now())
    await town.value("UPDATE dispatch.elder SET phone = $1 WHERE id = 'E-1' RETURNING id", HIS)
    desk, child = await town.console("desk1"), await logged_in(phones, DAUGHTER)
    await agreed(desk, child, "orders")
    his = await ordered(town, desk, 3, "elder")
    assert HIS not in phones.exchange.phones
    hers = await ordered(town, desk, 6, "family")
    await phones.rings(HIS, words="助洁")
    own = await ordered(town, desk, 9, None)

    marks = {his: ("elder", "陈值班"), hers: ("family", "陈值班"), own: (None, "陈值班")}
    assert {line["order"]: mark(line) for line in (await desk.read("/orders"))["items"]} == marks
    assert mark((await desk.read(f"/orders/{hers}"))["line"]) == marks[hers]
    family = (await child.read("/family/elders/E-1/orders"))["items"]
    assert {one["line"]["order"]: mark(one["line"]) for one in family} == marks
    day = (await on_his_page(desk, "/elder/day"))["items"]
    assert {line["order"]: mark(line) for line in day} == marks
