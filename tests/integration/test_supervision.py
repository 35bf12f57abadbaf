"""What supervisors see at this moment and what they can move: on a real database, behind a real gateway."""

from datetime import timedelta
from typing import Any

from shared.contracts import supervision as contract
from shared.runtime.log import NewEvent
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, OTHER_STREET, STREET, World, world

DUTY = "UPDATE dispatch.responder SET on_duty = true, duty_since = $2, reachable = true WHERE id = $1"
POST = "INSERT INTO dispatch.post (division) VALUES ($1) ON CONFLICT DO NOTHING"
SEAT = "INSERT INTO dispatch.seat (account, division, name, since, confirmed_at) VALUES ($1, $2, $1::text, $3, $3)"
TAKEN = (
    "UPDATE dispatch.incident SET state = 'taken', taken_by = $2, taken_name = $2::text, taken_at = $3 WHERE id = $1"
)
OVER = "UPDATE dispatch.incident SET state = 'resolved', policy = $2, resolved_at = $3 WHERE id = $1"
STOPPED = "UPDATE dispatch.responder SET on_duty = false"


async def sql(it: World, statement: str, *values: Any) -> None:
    """Change rows as dispatch would."""
    await it.city.database.pool.execute(statement, *values)


async def overview(it: World, token: str, **where: str) -> contract.Overview:
    """The one screen."""
    answer = await it.get("/supervision/overview", token, **where)
    assert answer.status_code == 200, answer.text
    return contract.Overview.model_validate(answer.json())


async def breaches(it: World, token: str, **where: str) -> dict[str, contract.Breach]:
    """What is late, by incident and stage."""
    answer = await it.get("/supervision/breaches", token, **where)
    assert answer.status_code == 200, answer.text
    found = contract.Breaches.model_validate(answer.json())
    return {f"{one.incident} {one.stage}": one for one in found.items}


async def test_one_screen_counts_what_is_and_its_parts_add_up(settings: Settings) -> None:
    """Two streets and the county's own; drills and probes left out; nobody's name in it; closed beyond the scope."""
    async with world(settings) as it:
        now = it.clock.now()
        await sql(it, STOPPED)
        await sql(it, DUTY, "R1", now)
        await sql(it, POST, COUNTY)
        await sql(it, SEAT, "desk", COUNTY, now)
        await it.city.open("I-1")
        await it.city.open("I-2", home=None, elder=None, division=OTHER_STREET)
        await it.city.open("I-3", home=None, elder=None, division=COUNTY)
        await it.city.open("C-1", canary=True)
        await it.city.open("I-9", home=None, elder=None, division=OTHER_COUNTY)
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        it.clock.advance(40)
        city, desk = await it.log_in("city"), await it.log_in("desk")
        found = await overview(it, desk)
        assert (found.division, found.name, [a.division for a in found.above]) == (COUNTY, "会昌县", [])
        [line] = found.open
        assert (line.open, line.unclaimed, line.nobody_coming, line.under_way, line.oldest_s) == (3, 3, 2, 1, 40)
        assert {one.what: (one.waiting, one.overdue) for one in found.waiting}["claim"] == (3, 3)
        assert found.breaches == {"unclaimed": 3}
        assert (found.on_duty.seats, found.on_duty.responders, found.on_duty.busy, found.on_duty.ready) == (1, 1, 1, 0)
        assert (found.load.now_10min, found.today.incidents) == (3, 3)
        assert {one.division: (one.open, one.today, one.seats) for one in found.lines} == {
            STREET: (1, 1, 0), OTHER_STREET: (1, 1, 0), COUNTY: (1, 1, 1),
        }  # fmt: skip
        above = await overview(it, city)
        assert sum(one.open for one in above.lines) == above.open[0].open == 4
        street = await overview(it, city, division=STREET)
        assert ([a.division for a in street.above], street.open[0].open) == (["3607", COUNTY], 1)
        for who, division, status, code in (
            (desk, OTHER_COUNTY, 404, "not_found"), (desk, "3607", 404, "not_found"),
            (desk, "36x", 422, "invalid_field"),
        ):  # fmt: skip
            refused = await it.get("/supervision/overview", who, division=division)
            assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (status, code, "division")
        assert "李" not in (await it.get("/supervision/overview", desk)).text
        for role in ("wang", "fitter"):
            assert (await it.get("/supervision/overview", await it.log_in(role))).status_code == 403


async def test_what_is_late_is_listed_with_who_holds_it(settings: Settings) -> None:
    """First whom nobody took, then whoever does not move, by its own policy; masked; never another county's."""
    async with world(settings) as it:
        await it.city.open("I-1")
        await it.city.open("I-9", home=None, elder=None, division=OTHER_COUNTY)
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        assert await breaches(it, desk) == {}
        it.clock.advance(31)
        assert set(await breaches(it, desk)) == {"I-1 unclaimed"}
        assert set(await breaches(it, elsewhere)) == {"I-9 unclaimed"}
        await sql(it, TAKEN, "I-1", "desk", it.clock.now())
        it.clock.advance(60)
        late = (await breaches(it, desk))["I-1 unaccepted"]
        assert (late.target_s, late.over_s, late.holder.account) == (60, 31, "desk")
        assert (late.name_masked, late.place) == ("李*国", "会昌县文武坝镇红旗路5号3栋2单元")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        it.clock.advance(91)
        late = (await breaches(it, desk, division=STREET))["I-1 not_departed"]
        assert (late.holder.responder, late.holder.name_masked, late.assignment is not None) == (
            "R1",
            "R1"[0] + "*",
            True,
        )
        it.clock.advance(900)
        assert set(await breaches(it, desk)) == {"I-1 not_departed", "I-1 not_at_door"}
        await sql(it, OVER, "I-1", {"stall_s": 1200, "review_s": 300}, it.clock.now())
        assert await breaches(it, desk) == {}
        it.clock.advance(301)
        late = (await breaches(it, desk))["I-1 not_closed"]
        assert (late.target_s, late.over_s) == (300, 1)
        await it.city.close("I-1")
        assert await breaches(it, desk) == {}


async def test_a_nudge_rings_whoever_holds_it_and_is_kept(settings: Settings) -> None:
    """The seat, or its desk once she has left; the one who goes; once a minute; words stay out of the log."""
    async with world(settings) as it:
        await sql(it, POST, COUNTY)
        await sql(it, SEAT, "desk", COUNTY, it.clock.now())
        await it.city.open("I-1")
        await sql(it, TAKEN, "I-1", "desk", it.clock.now())
        city, seat, wang = [await it.log_in(name) for name in ("city", "desk", "wang")]
        url = "/supervision/breaches/I-1/nudge"
        assert (await it.post(url, seat)).status_code == 403
        async with it.console(seat) as at_desk, it.console(wang) as on_the_way:
            await at_desk.hear("welcome")
            await on_the_way.hear("welcome")
            rung = await it.post(url, city, {"text": "请尽快派人"})
            assert (rung.status_code, rung.json()["to"], rung.json()["name_masked"]) == (200, "seat", "d**k")
            letter = await at_desk.hear("ev")
            while letter["type"] != "breach.nudged":
                letter = await at_desk.hear("ev")
            told = contract.ReminderLetter.model_validate(letter["d"])
            assert (told.incident, told.by, told.text, told.ring) == ("I-1", "city", "请尽快派人", "sos")
            again = await it.post(url, city)
            assert (again.status_code, again.json()["code"]) == (409, "just_nudged")
            assert (await it.post(url, city, {"to": "responder"})).json()["code"] == "nobody_coming"
            offer, _ = await it.city.offer("I-1", "R1")
            await it.city.accept("I-1", "R1", offer)
            assert (await it.post(url, city, {"to": "responder"})).json()["to"] == "responder"
            letter = await on_the_way.hear("ev")
            while letter["type"] != "breach.nudged":
                letter = await on_the_way.hear("ev")
            assert letter["d"]["incident"] == "I-1"
        await sql(it, "DELETE FROM dispatch.seat")
        it.clock.advance(100)
        assert (await it.post(url, city)).json()["to"] == "desk"
        logged = await it.city.until_logged("breach.nudged", 3)
        assert [(one["to"], one["of"], one["stage"]) for one in logged] == [
            ("seat", "I-1", "none"), ("responder", "I-1", "none"), ("desk", "I-1", "not_departed"),
        ]  # fmt: skip
        assert "派人" not in str(logged)
        assert (await breaches(it, await it.log_in("city")))["I-1 not_departed"].nudges == 3
        assert (await it.post("/supervision/breaches/I-404/nudge", city)).status_code == 404


async def test_the_duty_log_tells_turns_and_gaps_of_ones_own_desks(settings: Settings) -> None:
    """Names from accounts, seconds uncovered within the period only, nothing of another county."""
    async with world(settings) as it:
        now = it.clock.now()

        def word(desk: str, tag: str, **body: Any) -> NewEvent:
            return NewEvent(
                uuid7(it.clock.now()), "duty", desk, tag, {"division": desk, **body}, desk, "service:dispatch"
            )

        for wait, *words in (
            (
                0,
                word(COUNTY, "seat.confirmed", account="desk"),
                word(OTHER_COUNTY, "seat.confirmed", account="elsewhere"),
            ),
            (1500, word(COUNTY, "seat.asked", account="desk")),
            (300, word(COUNTY, "seat.lapsed", account="desk"), word(COUNTY, "post.uncovered", above="3607")),
            (600, word(COUNTY, "seat.confirmed", account="desk"), word(COUNTY, "post.covered")),
        ):
            it.clock.advance(wait)
            await it.city.write(*words)
        it.clock.advance(60)
        desk = await it.log_in("desk")
        found = contract.DutyLog.model_validate((await it.get("/supervision/duty", desk)).json())
        assert [(one.account, one.ended, one.asked, one.answered) for one in found.turns] == [
            ("desk", None, 0, 0), ("desk", "lapsed", 1, 0),
        ]  # fmt: skip
        assert (found.asked, found.answered, found.uncovered_s, found.turns[0].name) == (1, 0, 600, "desk")
        part = {"from": (now + timedelta(seconds=2000)).isoformat(), "to": (now + timedelta(seconds=2100)).isoformat()}
        within = contract.DutyLog.model_validate((await it.get("/supervision/duty", desk, **part)).json())
        assert (within.uncovered_s, within.turns) == (100, ())
        assert (await it.get("/supervision/duty", desk, division=OTHER_COUNTY)).status_code == 404
