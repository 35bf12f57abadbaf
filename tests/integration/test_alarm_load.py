"""Things put aside, floods, seats that cannot be heard: on a real database, behind a real gateway."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, STREET, Console, World, world
from tests.integration.test_dispatch_flow import Desk, desk, rows_are_what_the_log_tells
from tests.integration.test_dispatch_seats import Office, office
from tests.integration.test_dispatch_things import fault, home, mended

__all__ = ["desk", "office"]

ON_DUTY = "INSERT INTO dispatch.seat (account, division, name, since, confirmed_at) VALUES ($1, $2, $1::text, $3, $3)"
POST = "INSERT INTO dispatch.post (division) VALUES ($1) ON CONFLICT DO NOTHING"


async def shelve(desk: Desk, incident: str, minutes: int = 15, who: str = "desk1") -> Any:
    """Put an incident's conditions aside."""
    return await desk.say("shelve", incident, who, minutes=minutes, reason="等新电池")


async def aside(desk: Desk) -> list[Any]:
    """Until when each incident is put aside, in the order of opening."""
    rows = await desk.rows("SELECT shelved_until FROM dispatch.incident ORDER BY id")
    return [row["shelved_until"] for row in rows]


async def test_a_condition_put_aside_is_quiet_and_comes_back_by_itself(desk: Desk) -> None:
    """Nobody is rung meanwhile; the wait lies in the database; the reason is in a row, never in the log."""
    await home(desk)
    await desk.happens(fault("low_batt"))
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    assert (await shelve(desk, incident)).status == 200
    until = desk.clock.now() + timedelta(minutes=15)
    assert await aside(desk) == [until]
    assert await desk.one("SELECT due_at FROM dispatch.deadline WHERE kind = 'shelf'") == until
    rung = await desk.one("SELECT rung FROM dispatch.incident")
    await desk.wait(14 * 60)
    assert await desk.one("SELECT rung FROM dispatch.incident") == rung
    await desk.wait(2 * 60)
    assert await aside(desk) == [None]
    assert await desk.one("SELECT count(*) FROM log.event WHERE tag = 'incident.unshelved'") == 1
    assert await desk.one("SELECT reason FROM dispatch.shelf") == "等新电池"
    assert await desk.one("SELECT count(*) FROM log.event WHERE body::text LIKE '%电池%'") == 0
    await desk.wait(30 * 60)
    assert await desk.one("SELECT rung FROM dispatch.incident") > rung
    await rows_are_what_the_log_tells(desk)


async def test_what_chatters_stays_aside_and_what_is_worse_comes_back(desk: Desk) -> None:
    """The same again is still put aside; something else beside it is not; taken down, it comes back next time."""
    await home(desk)
    await desk.happens(fault("offline"))
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    await shelve(desk, incident, 60)
    until = desk.clock.now() + timedelta(hours=1)
    await desk.happens(mended("offline"), fault("offline"))
    assert (await aside(desk))[1] == until
    await desk.happens(fault("tamper", 2))
    assert (await aside(desk))[1] is None
    await desk.happens(mended("offline"), mended("tamper", 2), fault("offline"))
    third = str(await desk.one("SELECT max(id) FROM dispatch.incident"))
    assert (await aside(desk))[2] == until
    assert (await desk.say("unshelve", third, "desk1")).status == 200
    assert (await desk.say("unshelve", third, "desk1")).body["code"] == "not_shelved"
    await desk.happens(mended("offline"), fault("offline"))
    assert (await aside(desk))[3] is None
    await rows_are_what_the_log_tells(desk)


async def test_a_press_is_never_put_aside_nor_anything_grave_or_for_ever(desk: Desk) -> None:
    """An SOS is refused in words, a gas alarm too, a minute that is not offered, and people stand in at their time."""
    await home(desk)
    await desk.press()
    await desk.press(subject="home:H-1", kind="gas", seq=2)
    for row in await desk.rows("SELECT id FROM dispatch.incident"):
        assert (await shelve(desk, row["id"])).body["code"] == "never_shelved"
    await desk.happens(fault("offline", 2, protects=True))
    incident = str(await desk.one("SELECT max(id) FROM dispatch.incident"))
    assert (await shelve(desk, incident, 10_000)).status == 422
    assert (await shelve(desk, incident, 1440, "R-1")).status in (403, 404)
    assert (await shelve(desk, incident, 1440)).status == 200
    await desk.wait(13 * 3600)
    row = (await desk.rows("SELECT covered_at, shelved_until FROM dispatch.incident WHERE id = $1", incident))[0]
    assert row["covered_at"] is not None
    assert row["shelved_until"] is None
    await rows_are_what_the_log_tells(desk)


@pytest.fixture
async def county(settings: Settings) -> AsyncIterator[World]:
    """A county with a gateway, the desk and the city on duty."""
    async with world(settings) as found:
        now = found.clock.now()
        people = (("desk", COUNTY), ("city", "3607"))
        posts = tuple((POST, division) for _, division in people)
        await found.city.write(sql=(*posts, *((ON_DUTY, who, division, now) for who, division in people)))
        yield found


async def letter(console: Console, *types: str) -> dict[str, Any]:
    """The next letter of one of these types."""
    while True:
        frame = await console.hear("ev")
        if frame["type"] in types:
            return frame


async def test_ten_alarms_in_ten_minutes_are_a_flood_and_the_level_above_is_told(county: World) -> None:
    """Begins at ten, is over under five; what waits is offered in turn; the figures add up."""
    city = await county.log_in("city")
    async with county.console(city) as console:
        await console.hear("live")
        county.clock.advance(30)
        for n in range(9):
            await county.city.open(f"I-{n}")
        await county.city.press_again("I-0")
        await county.city.write(sql=(("INSERT INTO dispatch.alarm VALUES ($1, 'I-0', $2, 'B-1', 'e', 'sos', $3)",
                                      (await county.city.open("I-9")).id, STREET, county.clock.now()),))  # fmt: skip
        flood = await letter(console, "load.flood")
        assert (flood["d"]["division"], flood["d"]["alarms"]) == ("3607", 10)
        assert (await letter(console, "load.flood"))["d"]["division"] == COUNTY
        token = await county.log_in("desk")
        county.clock.advance(1)
        report = (await county.get("/seats/load", token, hours=1)).json()
        mine = next(seat for seat in report["seats"] if seat["account"] == "desk")
        assert (report["alarms"], mine["now_10min"], mine["worst_10min"]) == (10, 10, 10)
        assert set(report["shares"]) == {f"I-{n}" for n in range(10)}
        assert set(report["shares"].values()) == {"desk"}
        (own,) = report["desks"]
        assert (own["most_unclaimed"], own["unclaimed"], own["flood_since"] is not None) == (10, 10, True)
        assert report["sources"][0] | {"division": ""} == {
            "source": "B-1", "kind": "sos", "division": "", "alarms": 10, "share": 1.0, "cumulative": 1.0,
            "chatters": True, "noise": 0,
        }  # fmt: skip
        county.clock.advance(601)
        calm = await letter(console, "load.calm")
        assert calm["d"]["alarms"] == 0
    after = (await county.get("/seats/load", token, hours=1)).json()
    assert after["shares"] == {}
    assert 0.9 < after["desks"][0]["flood_share"] * 3600 / 600 <= 1.01


async def sounds(county: World, token: str, **wanted: str) -> None:
    """Wait until the seats are known to sound like this."""
    async with asyncio.timeout(10):
        found: dict[str, str] = {}
        while found != wanted:
            seats = (await county.get("/seats/load", token)).json()["seats"]
            found = {one["account"]: one["sound"] for one in seats}


async def test_a_seat_that_cannot_be_heard_rings_the_others(county: World) -> None:
    """Ten seconds without sound, told once; heard again, that is told too. A seat with sound is left alone."""
    token, above = await county.log_in("desk"), await county.log_in("city")
    async with county.console(above) as city, county.console(token) as seat:
        await city.hear("live")
        await seat.hear("live")
        await seat.say(t="pong", n=0, vis="hidden", audio="running")
        county.clock.advance(30)
        await sounds(county, above, desk="ok", city="ok")
        await seat.say(t="pong", n=0, vis="visible", audio="suspended")
        await seat.say(t="sub", add=["nothing"])
        await seat.hear("err")
        county.clock.advance(11)
        silent = await letter(city, "seat.silent")
        assert (silent["d"]["account"], silent["d"]["division"]) == ("desk", COUNTY)
        await sounds(county, above, desk="silent", city="ok")
        await seat.say(t="pong", n=0, vis="visible", audio="running")
        assert (await letter(city, "seat.heard", "seat.silent"))["type"] == "seat.heard"
    logged = await county.city.logged("seat.silent")
    assert [body["account"] for body in logged] == ["desk"]
    assert "name" not in logged[0]


async def test_who_holds_an_incident_hands_over_before_she_leaves(county: World) -> None:
    """409 with how many; when it is closed she may go. Somebody else's does not keep her."""
    token = await county.log_in("desk")
    await county.city.open("I-1")
    await county.city.write(sql=(("UPDATE dispatch.incident SET taken_by = 'desk', taken_name = 'desk'",),))
    answer = await county.http.delete("/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (409, "holding")
    assert answer.json()["params"] == {"n": 1, "incidents": ["I-1"]}
    other = await county.log_in("city")
    gone = await county.http.delete("/api/v1/sessions/current", headers={"Authorization": f"Bearer {other}"})
    assert gone.status_code == 204
    await county.city.close("I-1")
    gone = await county.http.delete("/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 204


async def test_nobody_goes_off_duty_with_a_call_in_hand(office: Office) -> None:
    """Refused with how many; handed over, she may go and the other one holds it."""
    await office.press()
    incident = str(await office.one("SELECT id FROM dispatch.incident"))
    for who in ("liu", "chen"):
        await office.sit("confirm_duty", who)
    await office.rows("UPDATE dispatch.incident SET taken_by = 'liu', taken_name = 'liu' WHERE id = $1", incident)
    refused = await office.sit("leave_duty", "liu")
    assert (refused.status, refused.body) == (409, {"code": "holding", "params": {"n": 1}})
    assert (await office.sit("hand_over", "liu", to="chen", note="都好")).body["incidents"] == [incident]
    assert await office.one("SELECT taken_by FROM dispatch.incident") == "chen"


async def test_only_desks_read_the_load_and_only_their_own(county: World) -> None:
    """Another county sees none of it; a responder is refused; a period that is not offered names its field."""
    await county.city.open("I-1")
    elsewhere = (await county.get("/seats/load", await county.log_in("elsewhere"))).json()
    assert (elsewhere["alarms"], elsewhere["seats"], elsewhere["desks"]) == (0, [], [])
    assert (await county.get("/seats/load", await county.log_in("wang"))).status_code == 403
    refused = await county.get("/seats/load", await county.log_in("desk"), hours=25)
    assert (refused.status_code, refused.json()["field"]) == (422, "hours")


async def test_the_shelf_says_what_why_and_how_often(county: World) -> None:
    """With place and reason, for its own county; what was taken down or is over is not on it."""
    now, token = county.clock.now(), await county.log_in("desk")
    await county.city.open("I-1")
    entry = "INSERT INTO dispatch.shelf VALUES (gen_random_uuid(), $1, 'I-1', $2, '等电池', 'desk', 'desk', $3, $4, $5)"
    day = timedelta(hours=24)
    rows = ((now - day * 2, now - day, None), (now, now + timedelta(minutes=15), now), (now, now + day, None))
    await county.city.write(sql=tuple((entry, STREET, ["B-1/low_batt"], *row) for row in rows))
    (line,) = (await county.get("/seats/shelf", token)).json()["items"]
    assert (line["device"], line["kinds"], line["reason"], line["times"]) == ("B-1", ["low_batt"], "等电池", 3)
    assert (await county.get("/seats/shelf", await county.log_in("elsewhere"))).json()["items"] == []
    bad = await county.post("/incidents/I-1/shelve", token, {"minutes": 20, "reason": "x"})
    assert (bad.status_code, bad.json()["field"]) == (422, "minutes")
    blank = await county.post("/incidents/I-1/shelve", token, {"minutes": 15, "reason": "  "})
    assert (blank.status_code, blank.json()["field"]) == (422, "reason")
