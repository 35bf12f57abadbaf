"""An event over an area as its desks see it: the list by risk and by village, the paper, figures that add up."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import asyncpg

from services.gateway.store.mass import STATES
from shared.contracts import http, mass
from shared.runtime.log import NewEvent
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, OTHER_STREET, START, STREET, World, world

FLOOD, STORM = UUID(int=1), UUID(int=2)
EVENT = """
INSERT INTO dispatch.mass_event (id, division, areas, kind, title, drill, state, ver, incident_id, opened_at, opened_by,
    opened_by_name)
VALUES ($1, $2, $3, $4, $5, false, 'open', 1, $6, $7, 'desk', '值班一席')
"""
PERSON = """
INSERT INTO dispatch.mass_person (event_id, elder_id, division, state, state_at, tries, named, place, with_whom)
VALUES ($1, $2, $3, $4, $5, 1, false, $6, $7)
"""
ELDERS = (("E3", "H2", OTHER_STREET, 1950, False, 4), ("E4", "H2", OTHER_STREET, 1935, True, 2))


async def flooded(it: World, settings: Settings) -> None:
    """A flood over both streets and a storm over one; E1 is on both lists."""
    await it.city.open("I-1", home=None, elder=None, division=COUNTY)
    await it.city.open("I-2", home=None, elder=None, division=STREET)
    owner = await asyncpg.connect(settings.owner_database)
    await owner.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H2', $1, '滨河路 9 号', 25.6, 115.7)",
        OTHER_STREET,
    )
    await owner.executemany(
        "INSERT INTO dispatch.elder (id, home_id, division, born, lives_alone, assessment, name, phone)"
        " VALUES ($1, $2, $3, $4, $5, $6, '<b>张三</b>', '=1+1')",
        ELDERS,
    )
    await owner.execute(EVENT, FLOOD, COUNTY, [STREET, OTHER_STREET], "flood", "贡水上涨", "I-1", START)
    await owner.execute(EVENT, STORM, STREET, [STREET], "storm", "台风", "I-2", START)
    later = START + timedelta(minutes=5)
    await owner.executemany(
        PERSON,
        [
            (FLOOD, "E1", STREET, "not_reached", START, None, None), (FLOOD, "E2", STREET, "safe", START, None, None),
            (FLOOD, "E3", OTHER_STREET, "sheltered", START, "镇中心小学", "村干部"),
            (FLOOD, "E4", OTHER_STREET, "missing", START, None, None),
            (STORM, "E1", STREET, "needs_transfer", later, None, None),
        ],
    )  # fmt: skip
    await owner.close()


async def read(it: World, who: str, path: str, **params: Any) -> Any:
    """What somebody at a desk reads."""
    answer = await it.get(path, await it.log_in(who), **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(figures: mass.Figures) -> int:
    """The sum of all states."""
    return sum(int(getattr(figures, state)) for state in STATES)


async def test_those_at_most_risk_come_first_and_villages_add_up(settings: Settings) -> None:
    """By assessment, then who lives alone, then age; page by page; who shares a home is named."""
    async with world(settings) as it:
        await flooded(it, settings)
        lines: list[mass.PersonLine] = []
        cursor = ""
        while cursor is not None:
            raw = await read(it, "desk", f"/mass-events/{FLOOD}/roll-call", limit=3, cursor=cursor)
            page = http.Page[mass.PersonLine].model_validate(raw)
            lines, cursor = [*lines, *page.items], raw["next"]
        assert [line.elder for line in lines] == ["E3", "E4", "E1", "E2"]
        assert (lines[0].place, lines[0].with_whom, lines[0].same_home) == ("镇中心小学", "村干部", ("E4",))
        assert lines[2].elsewhere is not None
        assert (lines[2].elsewhere.state, lines[2].elsewhere.title) == ("needs_transfer", "台风")
        view = mass.EventView.model_validate(await read(it, "desk", f"/mass-events/{FLOOD}"))
        assert (view.figures.people, states(view.figures)) == (4, 4)
        assert [(v.division, v.people, states(v)) for v in view.villages] == [(STREET, 2, 2), (OTHER_STREET, 2, 2)]
        missing = await read(it, "desk", f"/mass-events/{FLOOD}/roll-call", state="missing", village=OTHER_STREET)
        assert [line["elder"] for line in missing["items"]] == ["E4"]


async def test_nobody_on_two_lists_is_counted_twice(settings: Settings) -> None:
    """Five lines are four people; what was written down last about her counts."""
    async with world(settings) as it:
        await flooded(it, settings)
        found = mass.Totals.model_validate(await read(it, "desk", "/mass-events/totals"))
        assert (found.events, found.lines, found.people, states(found)) == (2, 5, 4, 4)
        assert (found.needs_transfer, found.not_reached) == (1, 0)
        one = mass.Totals.model_validate(await read(it, "desk", "/mass-events/totals", division=OTHER_STREET))
        assert (one.events, one.people) == (1, 2)


async def test_each_desk_sees_its_own_people_and_no_other_county_any(settings: Settings) -> None:
    """A street within the event has its own figures; elsewhere it does not exist."""
    async with world(settings) as it:
        await flooded(it, settings)
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute("UPDATE gateway.account SET division = $1 WHERE id = 'elsewhere'", OTHER_STREET)
        raw = await read(it, "elsewhere", "/mass-events")
        [row] = http.Page[mass.EventLine].model_validate(raw).items
        assert (row.event, row.figures.people, row.figures.sheltered) == (FLOOD, 2, 1)
        await owner.execute("UPDATE gateway.account SET division = $1 WHERE id = 'elsewhere'", OTHER_COUNTY)
        await owner.close()
        token = await it.log_in("elsewhere")
        assert (await it.get("/mass-events", token)).json()["items"] == []
        for path in ("", "/roll-call", "/print", "/people/E1"):
            assert (await it.get(f"/mass-events/{FLOOD}{path}", token)).status_code == 404
        assert (await it.get("/mass-events", await it.log_in("wang"))).status_code == 403


async def test_a_village_on_paper(settings: Settings) -> None:
    """A page a village with its figures; what people are called is text and no markup, and no formula."""
    async with world(settings) as it:
        await flooded(it, settings)
        token = await it.log_in("desk")
        page = await it.get(f"/mass-events/{FLOOD}/print", token)
        assert page.headers["content-type"].startswith("text/html")
        assert page.text.count("<section>") == 2
        assert "&lt;b&gt;张三" in page.text
        assert "<b>" not in page.text
        assert "共 2 人：未联系 1，平安 1" in page.text
        one = await it.get(f"/mass-events/{FLOOD}/print", token, village=STREET)
        assert one.text.count("<section>") == 1
        sheet = await it.get(f"/mass-events/{FLOOD}/print", token, form="csv")
        head, *rows = csv.reader(StringIO(sheet.text.removeprefix("\ufeff")))
        assert (head[:4], len(rows)) == (["村（社区）", "代码", "序号", "姓名"], 4)
        assert {row[5] for row in rows} == {"13900000001", "'=1+1"}


async def test_desks_hear_how_the_list_stands(settings: Settings) -> None:
    """One letter a batch, for desks over the event and within it."""
    async with world(settings) as it:
        await flooded(it, settings)
        async with it.console(await it.log_in("desk"), {"id": f"d:{COUNTY}"}) as console:
            await console.hear("live")
            body = {"event": str(FLOOD), "elder": "E4", "state": "missing"}
            await it.city.write(event(it, "mass", str(FLOOD), "mass.marked", body))
            while (letter := await console.hear("ev"))["type"] != "mass.updated":
                pass  # the incidents of the two events may still be on their way
        told = mass.MassUpdated.model_validate(letter["d"])
        assert (told.event, told.what, told.figures.people, told.figures.missing) == (FLOOD, "marked", 4, 1)


async def test_seats_are_asked_and_the_desk_above_hears_that_it_must_take_over(settings: Settings) -> None:
    """还在值守吗 goes to the one who sits there; what nobody answers rings above; the board shows it."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute("INSERT INTO dispatch.post VALUES ($1, $2, $3, $3)", STREET, COUNTY, START)
        await owner.execute("INSERT INTO dispatch.post VALUES ($1, NULL, NULL, NULL)", COUNTY)
        await owner.execute("INSERT INTO dispatch.seat VALUES ('desk', $1, '值班一席', $2, $2)", COUNTY, START)
        await owner.close()
        async with it.console(await it.log_in("desk"), {"id": f"d:{COUNTY}"}, {"id": "u:desk"}) as console:
            await console.hear("live")
            await console.hear("live")
            until = "2026-11-22T02:30:00Z"
            await it.city.write(event(it, "duty", COUNTY, "seat.asked", {"account": "desk", "until": until}, COUNTY))
            asked = await console.hear("ev")
            await it.city.write(event(it, "duty", STREET, "post.uncovered", {"above": COUNTY}))
            rung = await console.hear("ev")
        assert (asked["i"], asked["type"]) == ("u:desk", "duty.ask")
        assert mass.DutyAsk.model_validate(asked["d"]).division == COUNTY
        assert (rung["i"], rung["type"]) == (f"d:{COUNTY}", "duty.uncovered")
        told = mass.DutyUpdated.model_validate(rung["d"])
        assert (told.division, told.covered_by, told.on_duty) == (STREET, COUNTY, 0)
        board = mass.DutyBoard.model_validate(await read(it, "desk", "/seats"))
        assert board.mine is not None
        assert board.mine.until == START + timedelta(minutes=30)
        assert [(p.division, p.covered_by, len(p.seats)) for p in board.posts] == [
            (COUNTY, None, 1),
            (STREET, COUNTY, 0),
        ]


async def test_the_mode_of_the_county_is_seen_from_its_streets(settings: Settings) -> None:
    """War above counts below; the change tells every desk, with who and why."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        change, until = uuid7(START), START + timedelta(hours=1)
        row = (COUNTY, True, "暴雨红色预警", "desk", "值班一席", START, until)
        await owner.execute("INSERT INTO dispatch.mode VALUES ($1, $2, $3, $4, $5, $6, $7)", *row)
        await owner.execute("INSERT INTO dispatch.mode_change VALUES ($8, $1, $2, $3, $4, $5, $6, $7)", *row, change)
        await owner.execute("UPDATE gateway.account SET division = $1 WHERE id = 'elsewhere'", STREET)
        await owner.close()
        async with it.console(await it.log_in("elsewhere"), {"id": f"d:{STREET}"}) as console:
            await console.hear("live")
            body = {"division": COUNTY, "war": True, "until": "2026-11-22T03:00:00Z", "change": str(change)}
            await it.city.write(event(it, "mode", COUNTY, "mode.changed", body, COUNTY))
            letter = await console.hear("ev")
        told = mass.ModeChanged.model_validate(letter["d"])
        assert (letter["type"], told.war, told.reason, told.until) == ("mode.changed", True, "暴雨红色预警", until)
        street = mass.ModeView.model_validate(await read(it, "elsewhere", f"/modes/{STREET}"))
        assert (street.war, street.by_division) == (True, COUNTY)
        county = mass.ModeView.model_validate(await read(it, "desk", f"/modes/{COUNTY}"))
        assert [(c.war, c.by, c.reason) for c in county.changes] == [(True, "值班一席", "暴雨红色预警")]
        [listed] = (await read(it, "desk", "/modes"))["items"]
        assert mass.ModeLine.model_validate(listed).war
        assert (await it.get(f"/modes/{OTHER_COUNTY}", await it.log_in("desk"))).status_code == 404


async def test_commands_reach_dispatch_as_they_were_given(settings: Settings) -> None:
    """Opening, marking, closing, switching, handing over; bad input names its field and sends nothing."""
    async with world(settings) as it:
        await flooded(it, settings)
        token = await it.log_in("desk")
        it.answers += [{"status": 200, "body": {"event": str(FLOOD)}}] * 3 + [{"status": 200, "body": {}}] * 3
        made = {"kind": "flood", "title": "贡水上涨", "areas": [STREET]}
        assert (await it.post("/mass-events", token, made)).json()["title"] == "贡水上涨"
        mark = {"elders": ["E1", "E2"], "state": "safe", "call": "answered"}
        assert (await it.post(f"/mass-events/{FLOOD}/mark", token, mark)).status_code == 200
        assert (await it.post(f"/mass-events/{FLOOD}/close", token, {})).status_code == 200
        assert (await it.post(f"/modes/{COUNTY}", token, {"war": False, "reason": "解除"})).status_code == 200
        assert (await it.post("/seats/confirm", token)).status_code == 200
        assert (await it.post("/seats/hand-over", token, {"to": "x", "note": "平安"})).status_code == 200
        assert [(c.name, c.target) for c in it.commands] == [
            ("open_event", ""), ("mark_people", str(FLOOD)), ("close_event", str(FLOOD)), ("set_mode", COUNTY),
            ("confirm_duty", "desk"), ("hand_over", "desk"),
        ]  # fmt: skip
        bad: tuple[dict[str, Any], ...] = (
            {"elders": ["E1"], "state": "fine"},
            {"elders": []},
            {"elders": ["E1"] * 51},
            {},
        )
        for body in bad:
            answer = await it.post(f"/mass-events/{FLOOD}/mark", token, body)
            assert (answer.status_code, answer.json()["field"]) == (422, "state" if "state" in body else "elders")
        assert len(it.commands) == 6


def event(
    it: World, stream: str, of: str, tag: str, body: dict[str, Any], division: str = STREET
) -> NewEvent:  # fmt: skip
    """Something that dispatch has written into the log."""
    return NewEvent(uuid7(it.clock.now()), stream, of, tag, body, division, "service:dispatch")
