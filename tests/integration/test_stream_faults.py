"""What may happen to a line: each time the drawn list is the inbox, and a seat rings in one place."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.gateway.domain.streams import Limits, older_build
from shared.runtime.clock import stopwatch
from shared.runtime.settings import Settings
from tests.conftest import free_port
from tests.integration.gateway_world import COUNTY, Console, World, gateway, world

DESK = f"d:{COUNTY}"
POLL = f"/inbox/{DESK}/events"
MANY = 300


async def position(it: World) -> dict[str, Any]:
    """Where the desk's inbox stands."""
    owner = await asyncpg.connect(it.settings.owner_database)
    row = await owner.fetchrow("SELECT epoch, last_seq FROM gateway.inbox WHERE id = $1", DESK)
    await owner.close()
    assert row is not None
    return {"id": DESK, "epoch": row["epoch"], "seq": row["last_seq"]}


async def begun(it: World, token: str) -> dict[str, Any]:
    """The position of a console that has been live once."""
    async with it.console(token, {"id": DESK}) as console:
        await console.hear("live")
    return await position(it)


def numbers(frames: Iterable[dict[str, Any]]) -> list[int]:
    """Numbers of the events among these frames."""
    return [frame["seq"] for frame in frames if frame["t"] == "ev"]


async def heard(console: Console, many: int) -> list[dict[str, Any]]:
    """So many events."""
    return [await console.hear("ev") for _ in range(many)]


async def test_the_gateway_is_killed_between_commit_and_send(settings: Settings) -> None:
    """What was committed while nobody could send comes first, from the next gateway, with its own numbers."""
    async with world(settings) as it:
        desk, other = await it.log_in("desk"), it.at_port(free_port())
        here = await begun(it, desk)
        async with contextlib.AsyncExitStack() as stack:
            async with gateway(other.settings, it.clock):
                seat = await stack.enter_async_context(other.console(desk, here))
                await seat.hear("live")
                seat.socket.transport.pause_reading()
                for n in range(3):
                    await it.city.open(f"I-{n}", elder=None)
            seat.socket.transport.abort()  # or its good-bye is waited for
            async with it.console(desk, here) as again:
                assert numbers(await heard(again, 3)) == [1, 2, 3]


async def test_the_cable_is_cut_in_the_middle_of_a_replay(settings: Settings) -> None:
    """However often: it goes on behind the last event that was drawn, and nothing is drawn twice."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        here = await begun(it, desk)
        for n in range(40):
            await it.city.open(f"I-{n}", elder=None)
        drawn: list[int] = []
        while len(drawn) < 40:
            async with it.console(desk, {**here, "seq": len(drawn)}) as console:
                drawn += numbers(await heard(console, min(7, 40 - len(drawn))))
                console.socket.transport.abort()
        assert drawn == list(range(1, 41))


async def test_a_phone_that_was_frozen_for_eleven_minutes(settings: Settings) -> None:
    """It answers no ping and is closed; when it wakes, the rest is replayed from where it fell asleep."""
    async with world(settings, Limits(ping_s=0.05, pong_s=0.1, tick_s=0.02)) as it:
        desk = await it.log_in("desk")
        here = await begun(it, desk)
        async with it.console(desk, here) as console:
            await console.hear("live")
            await it.city.open("I-0", elder=None)
            assert numbers(await heard(console, 1)) == [1]
            assert await console.closed() == 4012
        it.clock.advance(11 * 60)
        await it.city.open("I-1", elder=None)
        async with it.console(desk, {**here, "seq": 1}) as awake:
            welcome = await awake.hear("welcome")
            assert welcome["inboxes"][0]["mode"] == "replay"
            assert numbers(await heard(awake, 1)) == [2]


async def test_the_same_frames_twice_and_out_of_order(settings: Settings) -> None:
    """A client may ask for the same stretch again: the same numbers and ids, marked as replayed."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        here = await begun(it, desk)
        async with it.console(desk, here) as console:
            await console.hear("live")
            for n in range(5):
                await it.city.open(f"I-{n}", elder=None)
            first = await heard(console, 5)
            for after in (3, 0, 4):
                await console.say(t="sync", i=DESK, after=after)
                again = await heard(console, 5 - after)
                assert [(one["seq"], one["id"]) for one in again] == [(o["seq"], o["id"]) for o in first[after:]]
                assert all(one["replay"] for one in again)
                assert (await console.hear("live"))["seq"] == 5


async def test_a_revoked_user_does_not_resume(settings: Settings) -> None:
    """Positions do not outlive the session they came from, by socket or by long poll."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        here = await begun(it, desk)
        await it.http.delete("/api/v1/sessions/current", headers={"Authorization": f"Bearer {desk}"})
        async with it.console(desk, here) as console:
            assert await console.closed() == 4401
        polled = await it.get(POLL, desk, after=0, epoch=here["epoch"])
        assert (polled.status_code, polled.json()["code"]) == (401, "unauthenticated")


async def test_a_token_that_ends_in_the_middle_of_a_job(settings: Settings) -> None:
    """Nobody is thrown out while on a case: closed 4401 when that is over, and a new login goes on where it was."""
    async with world(settings, Limits(session_s=0.05)) as it:
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        wang = await it.log_in("wang")
        async with it.console(wang) as phone:
            snap = await phone.hear("snap")
            assert [job["my_state"] for job in snap["d"]["jobs"]] == ["accepted"]
            await phone.hear("live")
            it.clock.advance(timedelta(hours=12, seconds=1).total_seconds())
            await it.city.press_again("I-1")
            pressed = await phone.hear("ev")
            while pressed["d"].get("presses") != 2:
                pressed = await phone.hear("ev")
            here = {"id": "u:wang", "epoch": snap["epoch"], "seq": pressed["seq"]}
            await it.city.close("I-1")
            it.clock.advance(timedelta(hours=1, seconds=1).total_seconds())
            assert await phone.closed() == 4401
        async with it.console(await it.log_in("wang"), here) as again:
            assert (await again.hear("welcome"))["inboxes"][0]["mode"] == "replay"


async def test_sockets_do_not_get_through_and_long_polls_draw_the_same(settings: Settings) -> None:
    """Page by page, from any position, while events go on: contiguous, none twice."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        first = (await it.get(POLL, desk)).json()
        writing = asyncio.create_task(_write(it, 30))
        drawn: list[dict[str, Any]] = []
        while len(drawn) < 30:
            page = (await it.get(POLL, desk, after=len(drawn), epoch=first["epoch"], wait=5)).json()
            assert page["mode"] == "replay"
            drawn += page["events"]
        await writing
        assert [one["seq"] for one in drawn] == list(range(1, 31))
        assert [one["d"]["incident"] for one in drawn] == [f"I-{n}" for n in range(30)]


@pytest.mark.timeout(240)
async def test_a_county_of_consoles_comes_back_after_a_restart(settings: Settings) -> None:
    """All of them at once, within twenty seconds, and every one of them with every number it lacks."""
    async with world(settings, Limits(sockets_per_user=MANY)) as it:
        desk = await it.log_in("desk")
        here = await begun(it, desk)
        for n in range(10):
            await it.city.open(f"I-{n}", elder=None)
        at = stopwatch()
        found = await asyncio.gather(*(_back(it, desk, {**here, "seq": n % 10}) for n in range(MANY)))
        assert stopwatch() - at < 20
        assert all(seqs == list(range(n % 10 + 1, 11)) for n, seqs in enumerate(found))


async def _back(it: World, token: str, here: dict[str, Any]) -> list[int]:
    async with it.console(token, here, open_timeout=20) as console:
        async with asyncio.timeout(20):
            while (await console.hear("ev", "live"))["t"] != "live":
                pass
        return numbers(console.frames)


@pytest.mark.timeout(120)
async def test_one_reader_stops_and_the_others_do_not_notice(settings: Settings) -> None:
    """Half a hundred others have each event within a second while one takes nothing at all."""
    async with world(settings, Limits(sockets_per_user=60, ping_s=600)) as it, contextlib.AsyncExitStack() as stack:
        desk = await it.log_in("desk")
        stopped = await stack.enter_async_context(it.console(desk, {"id": DESK}, max_queue=1))
        await stopped.hear("live")
        stopped.socket.transport.pause_reading()
        others = [await stack.enter_async_context(it.console(desk, {"id": DESK})) for _ in range(50)]
        for one in others:
            await one.hear("live")
        late: list[float] = []
        for n in range(20):
            await it.city.open(f"I-{n}", elder=None)
            at = stopwatch()
            await asyncio.gather(*(one.hear("ev") for one in others))
            late.append(stopwatch() - at)
        assert max(late) < 5
        assert all(numbers(one.frames) == list(range(1, 21)) for one in others)
        stopped.socket.transport.abort()  # or its good-bye is waited for


async def _write(it: World, many: int) -> None:
    for n in range(many):
        await it.city.open(f"I-{n}", elder=None)


# A seat in one place, and pages that are too old


async def seated(console: Console, token: str, device: str, *, take: bool, build: str = "0.1.0") -> None:
    """Say hello as the duty desk in this browser."""
    client = {"app": "desk", "build": build, "device": device}
    await console.say(t="hello", v=1, token=token, inboxes=[{"id": DESK}], client=client, take=take)


async def test_a_second_place_takes_the_seat(settings: Settings) -> None:
    """Whoever opens it takes it; the first says so. Coming back does not take it, asking for it does."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console("", hello=False) as home, it.console("", hello=False) as office:
            await seated(home, desk, "d-home", take=True)
            await home.hear("live")
            await seated(office, desk, "d-office", take=True)
            await office.hear("live")
            assert await home.closed() == 4409
            async with it.console("", hello=False) as back:
                await seated(back, desk, "d-home", take=False)
                assert await back.closed() == 4409
            await it.city.open("I-1")
            assert numbers(await heard(office, 1)) == [1]
            async with it.console("", hello=False) as asked:
                await seated(asked, desk, "d-home", take=True)
                await asked.hear("live")
                assert await office.closed() == 4409


async def test_tabs_of_one_browser_share_the_seat(settings: Settings) -> None:
    """And a colleague with an account of her own, or another kind of screen, takes nothing from anybody."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        async with it.console("", hello=False) as one, it.console("", hello=False) as two, it.console(desk) as board:
            await seated(one, desk, "d-1", take=True)
            await one.hear("live")
            await seated(two, desk, "d-1", take=True)
            await two.hear("live")
            await board.hear("live")
            async with it.console(wang) as phone:
                await phone.hear("live")
            await it.city.open("I-1")
            for console in (one, two, board):
                assert numbers(await heard(console, 1)) == [1]


async def test_a_page_that_is_too_old(settings: Settings) -> None:
    """Opened anew it is sent away to load itself again; one in use goes on, and is told what is wanted."""
    settings = settings.model_copy(update={"min_client": "2026.11.1-2"})
    async with world(settings) as it:
        desk = await it.log_in("desk")
        async with it.console("", hello=False) as console:
            await seated(console, desk, "d-1", take=True, build="2026.10.9-9")
            assert await console.closed() == 4426
        for build, take in (("2026.10.9-9", False), ("2026.11.1-2", True), ("", True)):
            async with it.console("", hello=False) as console:
                await seated(console, desk, "d-1", take=take, build=build)
                assert (await console.hear("welcome"))["min_client"] == "2026.11.1-2"
                await console.hear("live")


def test_builds_compare_by_their_numbers() -> None:
    """As the screens compare them."""
    assert older_build("0.1.0", "0.2")
    for mine, wanted in (("1.2", "1.2.0"), ("2026.11.22-3", "2026.11.01-1"), ("0.1.0", ""), ("", "1"), ("dev", "1")):
        assert not older_build(mine, wanted)
