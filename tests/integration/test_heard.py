"""A desk hears of an alarm from the moment it is stored, and the incident takes the word's place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson

from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.conftest import free_port
from tests.integration.device_stock import registry
from tests.integration.gateway_world import ADDRESS, COUNTY, OTHER_COUNTY, STREET, Console, World, gateway, world

DESK = {"id": f"d:{COUNTY}"}
RAW = """
INSERT INTO devices.raw_event (device_id, boot, seq, id, eid, topic, payload, flags, received_at)
VALUES ($1, 1, $2, $3, 'e', 't', '', '{}', $4)
"""
GUARD = "INSERT INTO devices.guard VALUES ($1, $2, $3)"
TAKEN_IN = "INSERT INTO dispatch.alarm VALUES ($1, 'I-1', $2, 'B-1', 'B-1:1:1', 'sos', $3)"


async def stored(
    county: World, n: int = 1, device: str = "B-1", division: str = STREET, kind: str = "sos", *, canary: bool = False
) -> UUID:
    """An alarm as devices.ingest leaves it behind, with a hint to whoever listens."""
    now, alarm = county.clock.now(), uuid7(county.clock.now())
    home, elder = ("H1", "E1") if division == STREET else (None, None)
    body: dict[str, Any] = {
        "alarm": str(alarm), "device": device, "eid": f"{device}:1:{n}", "kind": kind, "subject": "elder:E1",
        "county": COUNTY, "home": home, "elder": elder, "cls": "own", "flags": [],
    }  # fmt: skip
    event = {
        "id": str(uuid7(now)), "stream": "device", "stream_id": device, "tag": "alarm.raised", "division": division,
        "actor": "devices:1", "body": body | ({"canary": True} if canary else {}),
    }  # fmt: skip
    async with registry(county.settings) as it, it.transaction():
        await it.execute("SELECT log.lock(ARRAY[$1])", f"device/{device}")
        await it.execute(RAW, device, n, alarm, now)
        await it.execute(GUARD, alarm, division, now)
        await it.execute("SELECT log.append($1::text::jsonb, $2)", orjson.dumps([event]).decode(), now)
        await it.execute("SELECT pg_notify('yl_log', 'device')")
    return alarm


@asynccontextmanager
async def desk(county: World) -> AsyncIterator[Console]:
    """One that has all it missed."""
    async with county.console(await county.log_in("desk"), DESK) as seat:
        await seat.hear("live")
        yield seat


async def hears(console: Console) -> tuple[UUID, dict[str, Any]]:
    """The next word about an alarm, and what it says."""
    while not (frame := await console.hear("state"))["k"].startswith("alarm/"):
        pass
    return UUID(frame["k"].removeprefix("alarm/")), frame["d"]


async def test_the_desk_is_told_who_and_where_before_there_is_an_incident(settings: Settings) -> None:
    """Masked name, address, urgency; nothing is written for it."""
    async with world(settings) as county, desk(county) as seat:
        alarm = await stored(county)
        told, word = await hears(seat)
        assert told == alarm
        assert (word["kind"], word["priority"], word["drill"]) == ("sos", 1, False)
        assert (word["name_masked"], word["place"], word["elder"]) == ("李*国", ADDRESS, "E1")
        assert (word["alarm"], word["device"], word["division"]) == (str(alarm), "B-1", STREET)
        async with registry(settings) as it:
            assert await it.fetchval("SELECT count(*) FROM gateway.inbox_event") == 0


async def test_only_desks_that_cover_her_are_told(settings: Settings) -> None:
    """The first that another county hears of is its own."""
    async with (
        world(settings) as county,
        county.console(await county.log_in("desk"), DESK) as seat,
        county.console(await county.log_in("elsewhere")) as stranger,
        county.console(await county.log_in("wang")) as helper,
    ):
        for console in (seat, stranger, helper):
            await console.hear("live")
        ours = await stored(county)
        assert (await hears(seat))[0] == ours
        theirs = await stored(county, device="B-9", division=f"{OTHER_COUNTY}100")
        assert (await hears(stranger))[0] == theirs
        await county.city.open("I-1", alarm=ours)
        await county.city.offer("I-1", "R1")
        await helper.hear("ev")
        assert not [f for f in helper.frames if f["t"] == "state" and f["k"] != "platform"]


async def test_the_incident_takes_its_place(settings: Settings) -> None:
    """Its letter names the alarms it took in; who comes afterwards hears nothing of them."""
    async with world(settings) as county, desk(county) as seat:
        first = await stored(county)
        await hears(seat)
        await county.city.open("I-1", alarm=first)
        opened = await seat.hear("ev")
        assert (opened["type"], opened["d"]["alarms"]) == ("incident.opened", [str(first)])
        joined = await county.city.press_again("I-1")
        again = await seat.hear("ev")
        assert (again["type"], again["d"]["alarms"]) == ("incident.updated", [joined.body["alarm"]])
        async with desk(county) as late:
            second = await stored(county, 2, "B-2")
            assert (await hears(late))[0] == second


async def test_who_comes_while_it_stands_is_told(settings: Settings) -> None:
    """After what the inbox holds, so that the incident would have been first."""
    async with world(settings) as county, desk(county) as seat:
        alarm = await stored(county)
        await hears(seat)
        async with desk(county) as late:
            assert (await hears(late))[0] == alarm
            kinds = [frame["t"] for frame in late.frames]
            assert kinds.index("live") < len(kinds) - 1


async def test_a_word_whose_incident_nobody_announced_is_taken_back(settings: Settings) -> None:
    """A letter that never came must not leave a bell ringing."""
    async with world(settings) as county, desk(county) as seat:
        alarm = await stored(county)
        await hears(seat)
        await county.city.open("I-1")
        async with registry(settings) as it:
            await it.execute(TAKEN_IN, alarm, STREET, county.clock.now())
        assert await hears(seat) == (alarm, {})


async def test_what_only_a_thing_has_and_what_the_platform_tries_on_itself_ring_nobody(settings: Settings) -> None:
    """A battery and a canary are passed over."""
    async with world(settings) as county, desk(county) as seat:
        await stored(county, 1, "B-2", kind="low_batt")
        await stored(county, 2, "C-1", canary=True)
        alarm = await stored(county, 3)
        assert (await hears(seat))[0] == alarm


async def test_every_gateway_tells_its_own(settings: Settings) -> None:
    """Nobody hands it on: each reads it from the database."""
    port = free_port()
    async with world(settings) as county, gateway(settings.model_copy(update={"gateway_port": port}), county.clock):
        other, token = county.at_port(port), await county.log_in("desk")
        async with county.console(token, DESK) as here, other.console(token, DESK) as there:
            for console in (here, there):
                await console.hear("live")
            alarm = await stored(county)
            assert [(await hears(console))[0] for console in (here, there)] == [alarm, alarm]
            await county.city.open("I-1", alarm=alarm)
            for console in (here, there):
                assert (await console.hear("ev"))["d"]["alarms"] == [str(alarm)]


async def breached(county: World, alarm: UUID) -> None:
    """The watch finds this alarm without an incident."""
    now = county.clock.now()
    body = {"check": "alarm_without_incident", "detail": {}, "alarm": {"alarm": str(alarm), "kind": "sos"}}
    event = {
        "id": str(uuid7(now)), "stream": "watch", "stream_id": "alarm_without_incident", "tag": "watch.breach",
        "division": STREET, "actor": "watch:checks", "body": body,
    }  # fmt: skip
    async with registry(county.settings) as it:
        await it.execute("SELECT log.append($1::text::jsonb, $2)", orjson.dumps([event]).decode(), now)


async def test_a_page_loaded_anew_hears_no_alarm_of_the_watch_that_has_its_incident(settings: Settings) -> None:
    """The other still stands."""
    async with world(settings) as county:
        async with desk(county) as seat:
            answered, waiting = await stored(county), await stored(county, 2, "B-2")
            for alarm in (answered, waiting):
                await breached(county, alarm)
                assert (await seat.hear("ev"))["d"]["alarm"] == str(alarm)
        await county.city.open("I-1", alarm=answered)
        async with registry(settings) as it:
            await it.execute(TAKEN_IN, answered, STREET, county.clock.now())
        async with county.console(await county.log_in("desk"), DESK) as late:
            snap = await late.hear("snap")
            assert [one["alarm"] for one in snap["d"]["breaches"]] == [str(waiting)]
