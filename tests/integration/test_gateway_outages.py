"""Thousands silent at once are one row and one list: whom to telephone first."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from shared.contracts import cases, device_desk, http
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, OTHER_STREET, START, STREET, World, world

OUTAGE = UUID(int=7)
FAULT = """
INSERT INTO devices.fault (id, device_id, kind, division, home_id, elder_id, outage_id, opened_at, ended_at)
VALUES ($1, $2, 'offline', $3, $4, $5, $6, $7, $8)
"""


async def blackout(settings: Settings) -> None:
    """Six devices of two streets fall silent; one has come back."""
    it = await asyncpg.connect(settings.owner_database)
    await it.execute(
        "INSERT INTO dispatch.home VALUES ('H2', $1, '筠门岭镇2号', 1, false, '', '', 25, 115)", OTHER_STREET
    )
    people = (
        ("E3", "H2", OTHER_STREET, 1950, False, 4), ("E4", "H2", OTHER_STREET, 1935, True, 2),
        ("E5", "H2", OTHER_STREET, 1930, True, None), ("E6", "H1", STREET, 1930, True, 4),
    )  # fmt: skip
    for elder, home, street, born, alone, assessment in people:
        await it.execute(
            "INSERT INTO dispatch.elder VALUES ($1, $2, $3, '张三', 'f', $4, '139', $5, $6, NULL, NULL)",
            elder, home, street, born, alone, assessment,
        )  # fmt: skip
    await it.execute(
        "INSERT INTO dispatch.contact VALUES ('E3', $1, 2, '李四', '邻居', '138', false), "
        "('E3', $1, 1, '王五', '女儿', '137', true)",
        OTHER_STREET,
    )
    await it.execute("INSERT INTO devices.outage VALUES ($1, $2, 6, $3, $3, NULL)", OUTAGE, COUNTY, START)
    silent = (
        (STREET, "H1", "E1", None), (STREET, "H1", "E6", START), (OTHER_STREET, "H2", "E3", None),
        (OTHER_STREET, "H2", None, None), (OTHER_STREET, None, None, None), (OTHER_STREET, "H2", "E3", None),
    )  # fmt: skip
    for n, (street, home_id, elder_id, back) in enumerate(silent):
        await it.execute(
            "INSERT INTO devices.device (id, county, division, model, home_id, elder_id, added_at) "
            "VALUES ($1, $2, $3, 'm', $4, $5, $6)",
            f"B-{n}", COUNTY, street, home_id, elder_id, START,
        )  # fmt: skip
        since = START - timedelta(minutes=n)
        await it.execute(FAULT, uuid4(), f"B-{n}", street, home_id, elder_id, OUTAGE, since, back)
    await it.close()


async def called(it: World, token: str, **params: Any) -> list[device_desk.RollCallLine]:
    """The whole list, page by page."""
    lines: list[device_desk.RollCallLine] = []
    while True:
        answer = await it.get(f"/outages/{OUTAGE}/roll-call", token, limit=2, **params)
        page = http.Page[device_desk.RollCallLine].model_validate(answer.json())
        lines += page.items
        if page.next is None:
            return lines
        params["cursor"] = page.next


async def test_those_at_most_risk_come_first(settings: Settings) -> None:
    """By assessment, then who lives alone, then age; a home's device stands for everybody in it; nobody twice."""
    async with world(settings) as it:
        await blackout(settings)
        desk = await it.log_in("desk")
        lines = await called(it, desk)
        assert [line.elder for line in lines] == ["E3", "E4", "E1", "E5"]
        assert [line.elder for line in await called(it, desk, state="all")] == ["E6", "E3", "E4", "E1", "E5"]
        first = lines[0]
        assert (first.name, first.phone, first.place, first.age) == ("张三", "139", "筠门岭镇2号", 76)
        assert [(one.name, one.has_key) for one in first.contacts] == [("王五", True), ("李四", False)]
        assert [one.device for one in first.devices] == ["B-5", "B-3", "B-2"]
        assert first.since == START - timedelta(minutes=5)
        assert first.called is None


async def test_each_desk_calls_its_own(settings: Settings) -> None:
    """An outage over two streets is seen from both; the list holds only what lies in scope; others get 404."""
    async with world(settings) as it:
        await blackout(settings)
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute("UPDATE gateway.account SET division = $1 WHERE id = 'elsewhere'", STREET)
        await owner.close()
        street, city = await it.log_in("elsewhere"), await it.log_in("city")
        assert [line.elder for line in await called(it, street)] == ["E1"]
        for token, silent in ((street, 1), (city, 5)):
            [row] = http.Page[device_desk.OutageLine].model_validate((await it.get("/outages", token)).json()).items
            assert (row.outage, row.area, row.devices, row.silent) == (OUTAGE, "会昌县", 6, silent)


async def test_another_countys_outage_does_not_exist(settings: Settings) -> None:
    """Neither in the list nor by its number."""
    async with world(settings) as it:
        await blackout(settings)
        elsewhere = await it.log_in("elsewhere")
        assert (await it.get("/outages", elsewhere)).json()["items"] == []
        assert (await it.get(f"/outages/{OUTAGE}/roll-call", elsewhere)).status_code == 404
        assert (await it.get(f"/outages/{uuid4()}/roll-call", await it.log_in("desk"))).status_code == 404


async def test_an_outage_is_an_ordinary_row_and_calls_are_ticked_off(settings: Settings) -> None:
    """The row tells how many; a call to an elder shows in the list."""
    async with world(settings) as it:
        await blackout(settings)
        await it.city.open("I-1", home=None, elder=None, division=COUNTY)
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(
            "UPDATE dispatch.incident SET kind = 'outage', outage_id = $1, outage_devices = 6, outage_elders = 5",
            OUTAGE,
        )
        await owner.execute(
            "INSERT INTO dispatch.call_attempt VALUES ($1, 'I-1', $2, 'E3', 'answered', 'desk', '值班一席', $3)",
            uuid4(), COUNTY, START,
        )  # fmt: skip
        await owner.close()
        desk = await it.log_in("desk")
        [row] = http.Page[cases.IncidentRow].model_validate((await it.get("/incidents", desk)).json()).items
        assert (row.kind, row.outage, row.devices, row.elders) == ("outage", OUTAGE, 6, 5)
        first = (await called(it, desk))[0]
        assert first.called is not None
        assert (first.called.result, first.called.by, first.called.at) == ("answered", "值班一席", START)
        [line] = (await it.get("/outages", desk)).json()["items"]
        assert line["incident"] == "I-1"
