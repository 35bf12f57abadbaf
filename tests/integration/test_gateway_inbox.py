"""What lies in an inbox: contiguous, folded, and the same by every road."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from shared.contracts.console import BreachNotice, ButtonTested, UnplacedNotice
from shared.contracts.http import InboxPage
from shared.runtime.log import NewEvent
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.integration.gateway_world import ADDRESS, COUNTY, START, STREET, World, world

DESK = f"d:{COUNTY}"
LATER = START + timedelta(minutes=10)
POLL = f"/inbox/{DESK}/events"


async def rows(it: World) -> list[Any]:
    """Everything that lies in inboxes."""
    owner = await asyncpg.connect(it.settings.owner_database)
    found = await owner.fetch("SELECT inbox, seq, id, type FROM gateway.inbox_event ORDER BY inbox, seq")
    await owner.close()
    return list(found)


async def test_numbers_are_contiguous_whatever_is_written_when(settings: Settings) -> None:
    """Thirty incidents at once: every desk above counts from one without a hole, and nothing comes twice."""
    async with world(settings) as it:
        desk, city = await it.log_in("desk"), await it.log_in("city")
        async with it.console(desk) as one, it.console(city) as two:
            for console in (one, two):
                await console.hear("live")
                await console.hear("live")
            await asyncio.gather(*(it.city.open(f"I-{n}", elder=None) for n in range(30)))
            await asyncio.gather(*(it.city.press_again(f"I-{n}") for n in range(30)))
            for console in (one, two):
                last: dict[str, int] = {}
                while len(last) < 30 or min(last.values()) < 2:
                    event = await console.hear("ev")
                    last[event["d"]["incident"]] = event["d"]["presses"]
                events = [frame for frame in console.frames if frame["t"] == "ev"]
                assert [frame["seq"] for frame in events] == list(range(1, len(events) + 1))
        found = await rows(it)
        for inbox in (DESK, "d:3607"):
            ids = [row["id"] for row in found if row["inbox"] == inbox]
            assert len(set(ids)) == len(ids)


async def test_one_batch_is_one_line_on_the_desk(settings: Settings) -> None:
    """Opened, pressed twice more and asked: the desk is told once, with what it came to."""
    async with world(settings) as it, it.console(await it.log_in("desk"), {"id": DESK}) as seat:
        await seat.hear("live")
        await it.city.open("I-1")
        assert (await seat.hear("ev"))["type"] == "incident.opened"
        together = [it.city.event("I-1", "incident.noted", note=n) for n in range(5)]
        await it.city.write(*together)
        event = await seat.hear("ev")
        assert (event["type"], event["id"], event["seq"]) == ("incident.updated", str(together[-1].id), 2)
        await it.city.close("I-1")
        assert (await seat.hear("ev"))["type"] == "incident.closed"


async def test_long_poll_and_socket_say_the_same(settings: Settings) -> None:
    """First a snapshot, then the events as they come, object for object."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        first = (await it.get(POLL, desk)).json()
        assert (first["mode"], first["head"], first["snap"]["d"]["incidents"]) == ("snapshot", 0, [])
        waiting = asyncio.create_task(it.get(POLL, desk, after=0, epoch=first["epoch"], wait=20))
        async with it.console(desk, {"id": DESK, "epoch": first["epoch"], "seq": 0}) as seat:
            await seat.hear("live")
            await it.city.open("I-1")
            heard = await seat.hear("ev")
        polled = (await waiting).json()
        InboxPage.model_validate(polled)
        assert (polled["events"], polled["head"], polled["mode"]) == ([heard], 1, "replay")
        later = (await it.get(POLL, desk, after=1, epoch=first["epoch"])).json()
        assert (later["events"], later["head"]) == ([], 1)
        assert (await it.get(POLL, desk, after=0, epoch="other")).json()["mode"] == "snapshot"
        refused = await it.get(POLL, await it.log_in("wang"))
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden_inbox")


async def test_what_cannot_be_placed_and_the_platforms_own_alarms_reach_the_desk(settings: Settings) -> None:
    """A breach that stands for an elder's alarm says where and what; one of the whole platform goes to all."""
    async with world(settings) as it, it.console(await it.log_in("desk"), {"id": DESK}) as seat:
        await seat.hear("live")
        body = {"quarantine": str(uuid4()), "topic": "yl/v1/360733/x/up/alarm", "reason": "not_json"}
        await it.city.write(said(it, "quarantine", "alarm.quarantined", body, COUNTY))
        unplaced = await seat.hear("ev")
        assert (unplaced["type"], UnplacedNotice.model_validate(unplaced["d"]).reason) == (
            "alarm.unplaced",
            "not_json",
        )
        alarm = {"alarm": str(uuid4()), "kind": "fall", "home": "H1"}
        lost = {"check": "alarm_without_incident", "detail": {}, "alarm": alarm, "incident": None}
        await it.city.write(said(it, "watch", "watch.breach", lost, COUNTY))
        notice = BreachNotice.model_validate((await seat.hear("ev"))["d"])
        assert (notice.place, notice.kind, str(notice.alarm)) == (ADDRESS, "fall", alarm["alarm"])
        behind = {"check": "follower_behind", "detail": {"seconds": 3}, "alarm": None, "incident": None}
        await it.city.write(said(it, "watch", "watch.breach", behind, ""))
        assert (await seat.hear("ev"))["d"]["detail"] == {"seconds": 3}
        whole = InboxPage.model_validate((await it.get(POLL, await it.log_in("desk"))).json())
        assert whole.snap is not None
        assert [one["check"] for one in whole.snap["d"]["breaches"]] == ["alarm_without_incident", "follower_behind"]
        it.clock.advance(601)
        later = InboxPage.model_validate((await it.get(POLL, await it.log_in("desk"))).json())
        assert later.snap is not None
        assert later.snap["d"]["breaches"] == []


def said(it: World, stream: str, tag: str, body: dict[str, Any], division: str) -> NewEvent:
    """An event of somebody other than dispatch."""
    plain = orjson.loads(orjson.dumps(body))
    return NewEvent(uuid7(it.clock.now()), stream, "1", tag, plain, division, "service:test")


async def test_old_events_are_deleted_in_pieces(settings: Settings) -> None:
    """After a day an inbox is no longer resumed from there, and soon after the events are gone."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        epoch = (await it.get(POLL, desk)).json()["epoch"]
        await it.city.open("I-1")
        assert (await it.get(POLL, desk, after=0, epoch=epoch, wait=20)).json()["mode"] == "replay"
        owner = await asyncpg.connect(it.settings.owner_database)
        await owner.execute("UPDATE gateway.session SET expires_at = $1", START.replace(year=2027))
        it.clock.advance(24 * 3600 + 1)
        assert (await it.get(POLL, desk, after=0, epoch=epoch)).json()["mode"] == "snapshot"
        it.clock.advance(3601)
        async with asyncio.timeout(10):
            while await rows(it):
                it.clock.advance(60)
                await owner.execute("SELECT 1")
        await owner.close()


async def test_a_canary_goes_round_without_any_desk(settings: Settings) -> None:
    """Its account is asked; no desk gets a row, live, in a list or whole."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        async with it.console(desk, {"id": DESK}) as seat, it.console(wang) as phone:
            await seat.hear("live")
            await phone.hear("live")
            await it.city.open("I-1", elder=None, canary=True)
            offer, _ = await it.city.offer("I-1", "R1")
            assert (await phone.hear("ev"))["type"] == "job.offered"
            await it.city.accept("I-1", "R1", offer)
            heard = [(await phone.hear("ev"))["type"] for _ in range(2)]
            assert sorted(heard) == ["job.updated", "offer.closed"]
            await it.city.open("I-2", elder=None)
            assert (await seat.hear("ev"))["d"]["incident"] == "I-2"
        page = (await it.get("/incidents", desk)).json()
        assert [row["incident"] for row in page["items"]] == ["I-2"]
        whole = InboxPage.model_validate((await it.get(POLL, desk)).json())
        assert whole.snap is not None
        assert [row["incident"] for row in whole.snap["d"]["incidents"]] == ["I-2"]


async def test_a_tested_button_is_quiet_news(settings: Settings) -> None:
    """For the desks above it and the installer who opened the window, once."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(
            "INSERT INTO devices.device (id, county, division, model, added_at) VALUES ('B-1', $1, $2, 'm', $3)",
            COUNTY, STREET, START,
        )  # fmt: skip
        await owner.execute("INSERT INTO devices.test_window VALUES ('B-1', $1, $2, 'fitter', 0)", START, LATER)
        await owner.close()
        async with (
            it.console(await it.log_in("desk"), {"id": DESK}) as seat,
            it.console(await it.log_in("fitter")) as fitter,
            it.console(await it.log_in("fitter2")) as other,
        ):
            for console in (seat, fitter, other):
                await console.hear("live")
            body = {"device": "B-1", "how": "press"}
            await it.city.write(NewEvent(uuid7(START), "device", "B-1", "device.tested", body, STREET, "devices:1"))
            for console in (seat, fitter):
                event = await console.hear("ev")
                assert event["type"] == "device.tested"
                assert ButtonTested.model_validate(event["d"]).device == "B-1"
            await it.city.open("I-1")
            assert (await seat.hear("ev"))["type"] == "incident.opened"
        found = await rows(it)
        assert [row["inbox"] for row in found if row["type"] == "device.tested"] == [DESK, "u:fitter"]
