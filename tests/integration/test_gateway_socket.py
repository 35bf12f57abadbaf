"""One contiguous stream an inbox, whatever happens to the line."""

import asyncio
import contextlib
import random
import socket as sockets
from typing import Any

import asyncpg
import pytest

from services.gateway.domain.streams import Limits
from shared.contracts.cases import IncidentRow
from shared.contracts.console import JobNotice, OfferClosed, OfferNotice
from shared.runtime.settings import Settings
from tests.conftest import free_port
from tests.integration.gateway_world import COUNTY, Console, World, gateway, world

DESK = f"d:{COUNTY}"


async def live(console: Console, inboxes: int = 1) -> dict[str, Any]:
    """Wait until replay is over; return the last `live`."""
    frame = {}
    for _ in range(inboxes):
        frame = await console.hear("live")
    return frame


async def position(it: World, inbox: str) -> dict[str, Any]:
    """Where an inbox stands, as a client would remember it."""
    owner = await asyncpg.connect(it.settings.owner_database)
    row = await owner.fetchrow("SELECT epoch, last_seq FROM gateway.inbox WHERE id = $1", inbox)
    await owner.close()
    assert row is not None
    return {"id": inbox, "epoch": row["epoch"], "seq": row["last_seq"]}


async def owner_says(it: World, statement: str, *values: Any) -> None:
    """Do something to the database behind the gateway's back."""
    owner = await asyncpg.connect(it.settings.owner_database)
    await owner.execute(statement, *values)
    await owner.close()


async def test_a_press_reaches_desk_and_responder(settings: Settings) -> None:
    """Snapshot first, then live events with contiguous numbers."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        async with it.console(desk) as seat, it.console(wang) as phone:
            welcome = await seat.hear("welcome")
            assert [one["mode"] for one in welcome["inboxes"]] == ["snapshot", "snapshot"]
            await live(seat, 2)
            await live(phone)
            opened = await it.city.open("I-1")
            event = await seat.hear("ev")
            assert (event["i"], event["seq"], event["type"]) == (DESK, 1, "incident.opened")
            assert event["id"] == str(opened.id)
            row = IncidentRow.model_validate(event["d"])
            assert (row.name_masked, row.presses) == ("李*国", 1)
            await it.city.offer("I-1", "R1")
            offered = await phone.hear("ev")
            notice = OfferNotice.model_validate(offered["d"])
            assert (offered["type"], notice.place) == ("job.offered", "会昌县文武坝镇红旗路5号3栋2单元")
            assert (await seat.hear("ev"))["seq"] == 2


async def test_a_whole_rescue_as_the_responder_sees_it(settings: Settings) -> None:
    """Asked, accepted, pressed again, ended; the one who was not needed is told who won."""
    async with world(settings) as it:
        tokens = await it.log_in("wang"), await it.log_in("li")
        async with it.console(tokens[0]) as wang, it.console(tokens[1]) as li:
            await live(wang)
            await live(li)
            await it.city.open("I-1")
            offer, _ = await it.city.offer("I-1", "R1")
            other, _ = await it.city.offer("I-1", "R2")
            told = [await wang.hear("ev")]
            await it.city.accept("I-1", "R1", offer)
            told += [await wang.hear("ev") for _ in range(2)]
            job = it.city.jobs["I-1"]
            withdrawn = it.city.event(
                "I-1", "offer.withdrawn", offer=other, job=job, responder="R2", why="taken", who="王护士"
            )  # fmt: skip
            await it.city.write(withdrawn)
            await it.city.press_again("I-1")
            told.append(await wang.hear("ev"))
            await it.city.close("I-1")
            told.append(await wang.hear("ev"))
            assert [one["type"] for one in told] == [
                "job.offered", "offer.closed", "job.updated", "job.updated", "job.updated",
            ]  # fmt: skip
            assert [one["seq"] for one in told] == [1, 2, 3, 4, 5]
            last = JobNotice.model_validate(told[3]["d"])
            assert (last.presses, last.role, last.my_state) == (2, "first", "accepted")
            await li.hear("ev")
            closed = OfferClosed.model_validate((await li.hear("ev"))["d"])
            assert (closed.why, closed.who) == ("taken", "王护士")


async def test_a_console_resumes_from_zero_and_from_anywhere(settings: Settings) -> None:
    """Same epoch: exactly what is missing, then live. Nothing is drawn twice, nothing is missing."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console(desk, {"id": DESK}) as first:
            await live(first)
        start = await position(it, DESK)
        for n in range(5):
            await it.city.open(f"I-{n}", elder=None)
        async with it.console(desk, start) as second:
            welcome = await second.hear("welcome")
            assert (welcome["inboxes"][0]["mode"], welcome["inboxes"][0]["from"]) == ("replay", 1)
            assert [(await second.hear("ev"))["seq"] for _ in range(5)] == [1, 2, 3, 4, 5]
        async with it.console(desk, {**start, "seq": 3}) as third:
            assert (await third.hear("ev"))["seq"] == 4
            assert (await third.hear("ev"))["seq"] == 5
            assert (await live(third))["seq"] == 5
            await third.say(t="sync", i=DESK, after=4)
            again = await third.hear("ev")
            assert (again["seq"], again["replay"]) == (5, True)
            assert (await live(third))["seq"] == 5


async def test_what_cannot_be_continued_is_sent_whole(settings: Settings) -> None:
    """Another epoch, a position ahead of ours, or a gap that is gone: a snapshot, never a hole."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console(desk, {"id": DESK}) as first:
            await live(first)
            await it.city.open("I-1")
            await it.city.open("I-2", elder="E2")
            await first.hear("ev")
            await first.hear("ev")
        here = await position(it, DESK)
        await owner_says(it, "DELETE FROM gateway.inbox_event WHERE inbox = $1 AND seq = 1", DESK)
        cases: list[tuple[dict[str, Any], str]] = [
            ({"epoch": "other"}, "epoch"),
            ({"seq": 99}, "epoch"),
            ({"seq": 0}, "window"),
            ({"epoch": ""}, "client"),
        ]
        for change, why in cases:
            async with it.console(desk, {**here, **change}) as console:
                snap = await console.hear("snap")
                assert (snap["reason"], snap["seq"], snap["epoch"]) == (why, 2, here["epoch"])
                assert {row["incident"] for row in snap["d"]["incidents"]} == {"I-1", "I-2"}
                IncidentRow.model_validate(snap["d"]["incidents"][0])
                assert (await live(console))["seq"] == 2


async def test_a_responders_snapshot_holds_offers_and_jobs(settings: Settings) -> None:
    """Who was asked while the phone was off finds the offer, and can report it as seen."""
    async with world(settings) as it:
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        other, _ = await it.city.offer("I-1", "R2")
        await it.city.accept("I-1", "R2", other)
        async with it.console(await it.log_in("wang")) as wang, it.console(await it.log_in("li")) as li:
            found = (await wang.hear("snap"))["d"]
            assert [OfferNotice.model_validate(one).offer for one in found["offers"]] == [offer]
            assert (found["jobs"], found["duty"]["on"]) == ([], True)
            jobs = (await li.hear("snap"))["d"]["jobs"]
            assert [JobNotice.model_validate(one).my_state for one in jobs] == ["accepted"]
            await wang.say(t="seen", i="u:wang", ids=[found["offers"][0]["ev"]], ring="ok")
            [seen] = await it.city.until_logged("screen.seen")
            assert (seen["incident"], seen["offer"], seen["ring"]) == ("I-1", str(offer), "ok")


async def test_a_rebuilt_inbox_loses_positions(settings: Settings) -> None:
    """A new epoch closes 4009; the console says hello again and gets all."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console(desk, {"id": DESK}) as seat:
            await live(seat)
            await owner_says(it, "UPDATE gateway.inbox SET epoch = 'rebuilt' WHERE id = $1", DESK)
            assert await seat.closed() == 4009


async def test_seen_reaches_the_log_once(settings: Settings) -> None:
    """Two seats, three reports: one event; also for events this process has not sent itself."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console(desk, {"id": DESK}) as one, it.console(desk, {"id": DESK}) as two:
            await live(one)
            await live(two)
            await it.city.open("I-1")
            event = (await one.hear("ev"))["id"]
            for console in (one, two, one):
                await console.say(t="seen", i=DESK, ids=[event], ring="ok")
            [seen] = await it.city.until_logged("screen.seen")
            assert (seen["incident"], seen["account"], seen["role"], seen["offer"]) == ("I-1", "desk", "desk", None)
            await it.city.press_again("I-1")
            again = (await one.hear("ev"))["id"]
            await two.say(t="seen", i=DESK, ids=[again, event], ring="none")
            assert len(await it.city.until_logged("screen.seen", 2)) == 2
        other = it.at_port(free_port())
        async with gateway(other.settings, it.clock), other.console(desk, {"id": DESK}) as later:
            await live(later)
            await later.say(t="seen", i=DESK, ids=[again], ring="ok")
            assert len(await it.city.until_logged("screen.seen", 3)) == 3


async def test_reachable_changes_only_when_it_changes(settings: Settings) -> None:
    """A console that is hidden cannot ring; one that is gone for 20 s is gone."""
    async with world(settings) as it:
        wang = await it.log_in("wang")
        async with it.console(wang) as phone:
            await live(phone)
            await phone.say(t="pong", n=0, vis="visible", audio="running")
            await phone.say(t="pong", n=0, vis="hidden", audio="running")
            await phone.say(t="pong", n=0, vis="hidden", audio="suspended")
            await phone.say(t="pong", n=0, vis="visible", audio="running")
            told = await it.city.until_logged("screen.reachable", 3)
            assert [one["reachable"] for one in told] == [True, False, True]
        async with it.console(wang) as phone:
            await live(phone)
        it.clock.advance(19)
        assert len(await it.city.logged("screen.reachable")) == 3
        for _ in range(3):
            it.clock.advance(20)
        assert [one["reachable"] for one in await it.city.until_logged("screen.reachable", 4)][-1] is False


@pytest.mark.parametrize(
    ("limits", "first", "code"),
    [
        (Limits(hello_s=0.05), None, 4401),
        (Limits(), {"t": "hello", "v": 1, "token": "stolen"}, 4401),
        (Limits(), {"t": "pong", "n": 1}, 4400),
        (Limits(), {"t": "hello", "v": 1, "token": "TOKEN", "inboxes": [{"id": "u:desk"}]}, 4403),
    ],
)
async def test_who_is_not_let_in(settings: Settings, limits: Limits, first: dict[str, Any] | None, code: int) -> None:
    """Late, unknown, out of turn, or after somebody else's inbox."""
    async with world(settings, limits) as it:
        token = await it.log_in("wang")
        async with it.console("", hello=False) as console:
            if first is not None:
                await console.say(**{**first, **({"token": token} if first.get("token") == "TOKEN" else {})})
            assert await console.closed() == code


async def test_a_silent_console_is_closed(settings: Settings) -> None:
    """No pong in time: 4012."""
    async with world(settings, Limits(ping_s=0.02, pong_s=0.05, tick_s=0.01)) as it:
        wang = await it.log_in("wang")
        async with it.console(wang) as console:
            assert await console.closed() == 4012
            assert any(frame["t"] == "ping" for frame in console.frames)


async def test_a_revoked_session_closes_its_sockets(settings: Settings) -> None:
    """Logging out ends the socket within seconds; a change of rights too."""
    async with world(settings, Limits(session_s=0.05)) as it:
        wang, desk = await it.log_in("wang"), await it.log_in("desk")
        async with it.console(wang) as phone, it.console(desk) as seat:
            await live(phone)
            await live(seat, 2)
            await it.http.delete("/api/v1/sessions/current", headers={"Authorization": f"Bearer {wang}"})
            assert await phone.closed() == 4410
            await owner_says(it, "UPDATE gateway.account SET division = '360734' WHERE id = 'desk'")
            assert await seat.closed() == 4403


async def test_bad_frames_and_floods(settings: Settings) -> None:
    """Unknown frames are ignored, wrong fields answered, nonsense and floods closed."""
    async with world(settings, Limits(inbound_burst=20)) as it:
        wang = await it.log_in("wang")
        async with it.console(wang) as console:
            await live(console)
            await console.say(t="from_the_future", x=1)
            await console.say(t="seen", i="u:wang", ids=["no uuid"])
            assert (await console.hear("err"))["params"] == {"field": "ids.0"}
            await console.say(t="sub", add=["area:360102"])
            assert (await console.hear("err"))["code"] == "forbidden_topic"
            await console.say(t="ack", i=DESK, seq=1)
            assert (await console.hear("err"))["code"] == "forbidden_inbox"
            await console.socket.send("nonsense")
            assert await console.closed() == 4400
        async with it.console(wang) as console:
            await console.socket.send("x" * 70_000)
            assert await console.closed() == 4400
        async with it.console(wang) as console:
            for _ in range(30):
                await console.say(t="sub", add=["platform"])
            assert await console.closed() == 4029


async def test_the_ninth_socket_takes_the_place_of_the_most_silent(settings: Settings) -> None:
    """A phone on a bad line leaves dead sockets behind; they must not keep it out."""
    async with world(settings, Limits(sockets_per_user=2)) as it:
        wang = await it.log_in("wang")
        async with it.console(wang) as one, it.console(wang) as two:
            await live(one)
            await live(two)
            await two.say(t="pong", n=0)
            await it.city.until_logged("screen.reachable")
            async with it.console(wang) as three:
                await live(three)
                assert await one.closed() == 4029


async def test_a_slow_reader_is_closed_and_others_are_not(settings: Settings) -> None:
    """Publishers never wait: a reader who stops gets 4008 and resumes from the database."""
    async with world(settings, Limits(queue_frames=4, send_s=0.3, ping_s=600)) as it:
        await owner_says(it, "UPDATE dispatch.home SET address = repeat('长', 15000)")
        desk = await it.log_in("desk")
        narrow = sockets.create_connection(("127.0.0.1", settings.gateway_port))
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 64 * 1024)
        narrow.setblocking(False)
        async with (
            it.console(desk, {"id": DESK}) as quick,
            it.console(desk, {"id": DESK}, sock=narrow, max_queue=1) as slow,
        ):
            await live(quick)
            await live(slow)
            for n in range(1000):
                await it.city.open(f"I-{n}", elder=None)
                await quick.hear("ev")
                if "yinling_gateway_sockets 1" in (await it.http.get("/metrics")).text:
                    break
            assert await slow.closed() == 4008


async def test_two_gateways_tell_the_same(settings: Settings) -> None:
    """One of them writes the inboxes; the consoles of both get every event, with the same numbers."""
    async with world(settings) as it:
        desk, other = await it.log_in("desk"), it.at_port(free_port())
        async with (
            gateway(other.settings, it.clock),
            other.console(desk, {"id": DESK}) as there,
            it.console(desk, {"id": DESK}) as here,
        ):
            await live(there)
            await live(here)
            for n in range(5):
                await it.city.open(f"I-{n}", elder=None)
            for n in range(1, 6):
                one, two = await here.hear("ev"), await there.hear("ev")
                assert (one["seq"], one["id"], one["d"]) == (n, two["id"], two["d"])


async def test_a_restart_asks_consoles_to_come_back(settings: Settings) -> None:
    """`bye`, then 4001; afterwards the same position goes on."""
    async with world(settings) as it:
        desk, other = await it.log_in("desk"), it.at_port(free_port())
        async with contextlib.AsyncExitStack() as stack:
            async with gateway(other.settings, it.clock):
                seat = await stack.enter_async_context(other.console(desk, {"id": DESK}))
                await live(seat)
            assert await seat.closed() == 4001
            assert seat.frames[-1]["t"] == "bye"
        here = await position(it, DESK)
        await it.city.open("I-1")
        async with it.console(desk, here) as seat:
            assert (await seat.hear("ev"))["seq"] == 1


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_line_does_the_drawn_list_is_the_inbox(settings: Settings, seed: int) -> None:
    """A console that keeps losing its line draws each event once, in order, and misses none."""
    chance = random.Random(seed)
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console(desk, {"id": DESK}) as console:
            await live(console)
        here, drawn = await position(it, DESK), list[dict[str, Any]]()
        writing = asyncio.create_task(_write(it, 40))
        while len(drawn) < 40 or not writing.done():
            async with it.console(desk, {**here, "seq": len(drawn)}) as console:
                for _ in range(chance.randint(1, 12)):
                    if len(drawn) >= 40:
                        break
                    drawn.append(await console.hear("ev"))
        assert [one["seq"] for one in drawn] == list(range(1, 41))
        assert {one["d"]["incident"] for one in drawn} == {f"I-{n}" for n in range(40)}


async def _write(it: World, many: int) -> None:
    for n in range(many):
        await it.city.open(f"I-{n}", elder=None)
