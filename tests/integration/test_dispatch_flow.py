"""Dispatch on a real database: alarms, answers, deadlines."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.dispatch import intake
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact
from services.dispatch.flow import commands as flow
from services.dispatch.flow.house import furnished
from services.dispatch.store import cases as store
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.clock import FakeClock
from shared.runtime.database import Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7
from tests.conftest import RING, TestDatabase

STREET = "360733100"
HOME = (25.6, 115.79)


class Desk:
    """A dispatch service in the test's hands: press, answer, let time pass."""

    def __init__(self, database: Database, owner: Database) -> None:
        """Use two pools: the service's own, and the owner's to look and to plant."""
        self.clock = FakeClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
        self.owner = owner
        self.house = furnished(database, self.clock)
        self.followers = [follower for follower, _ in intake.followers(self.house)]
        self.keys = iter(range(1_000_000))

    async def people(self, many: int, kind: str = "caregiver") -> None:
        """Put responders on duty round the home."""
        for n in range(many):
            await self.owner.pool.execute(
                "INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty, reachable)"
                " VALUES ($1, $2, $3, $4, '1', $5, $6, true, true)",
                f"{kind}-{n}", STREET, kind, f"王{n}", HOME[0] + n / 1000, HOME[1],
            )  # fmt: skip

    async def press(self, subject: str = "elder:E-1", kind: str = "sos", seq: int = 1, **more: object) -> None:
        """Let devices have stored an alarm, and dispatch follow the log."""
        now = self.clock.now()
        body: dict[str, Any] = {
            "alarm": str(uuid7(now)), "device": "B-1", "eid": f"B-1:1:{seq}", "kind": kind, "subject": subject,
            "county": "360733", "home": None, "elder": None, "cls": "own", "flags": [],
            "loc": {"lat": HOME[0], "lon": HOME[1]}, **more,
        }  # fmt: skip
        await self.happens(("device/B-1", "alarm.raised", body))

    async def happens(self, *events: tuple[str, str, dict[str, Any]]) -> None:
        """Let these (stream, tag, body) be in the log, and dispatch follow it."""
        now = self.clock.now()
        new = [
            NewEvent(uuid7(now), stream.split("/")[0], stream.split("/")[1], tag, body, STREET, "test")
            for stream, tag, body in events
        ]
        async with self.owner.transaction() as connection:
            await lock(connection, [stream for stream, _, _ in events])
            await append(connection, new, now)
        await self.follow()

    async def follow(self) -> None:
        """Work everything that the log holds."""
        for follower in self.followers:
            await follower._begin()
            while await follower.step():
                pass

    async def wait(self, seconds: float) -> None:
        """Let time pass and handle what is due."""
        self.clock.advance(seconds)
        for incident in await self.rows(
            "SELECT DISTINCT incident_id AS id FROM dispatch.deadline WHERE due_at <= $1", self.clock.now()
        ):
            await self.house.cases.overdue(self.house.database, [incident["id"]])

    async def say(self, name: CommandName, target: str, who: str, /, **args: Any) -> Answer:
        """Send a command as a responder (by id) or as a desk."""
        desk = who.startswith("desk")
        actor = Actor(
            account=who, name=who, role="desk" if desk else "responder", division="360733" if desk else STREET,
            responder=None if desk else who,
        )  # fmt: skip
        key = args.pop("key", f"k{next(self.keys)}")
        match = args.pop("if_match", None)
        command = Command(name=name, target=target, actor=actor, key=key, if_match=match, args=args)
        return await flow.execute(self.house, command)

    async def rows(self, sql: str, *args: object) -> Sequence[Any]:
        """Look into the database."""
        return await self.owner.pool.fetch(sql, *args)

    async def one(self, sql: str, *args: object) -> Any:
        """Look at one value."""
        return await self.owner.pool.fetchval(sql, *args)

    async def offers(self, state: str | None = None) -> list[tuple[UUID, str]]:
        """Offers as (id, responder), best first."""
        rows = await self.rows(
            "SELECT id, responder_id FROM dispatch.offer WHERE $1::text IS NULL OR state = $1 "
            "ORDER BY sent_at, (score->>'total')::float",
            state,
        )
        return [(r["id"], r["responder_id"]) for r in rows]


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with an empty county."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    yield Desk(*pools)
    for pool in pools:
        await pool.close()


async def test_a_press_asks_the_nearest_at_once_and_plans_what_comes_next(desk: Desk) -> None:
    """One transaction: incident, job, offers, waits."""
    await desk.people(12)
    await desk.press()
    assert await desk.one("SELECT state FROM dispatch.incident") == "open"
    assert await desk.one("SELECT state FROM dispatch.job") == "offering"
    offers = await desk.offers("sent")
    assert [r for _, r in offers] == [f"caregiver-{n}" for n in range(7)]
    kinds = {r["kind"] for r in await desk.rows("SELECT kind FROM dispatch.deadline")}
    assert kinds == {"ladder", "wave", "offer", "step"}


async def test_the_same_subject_joins_and_another_elder_in_the_home_links(desk: Desk) -> None:
    """A second press is counted, never dropped."""
    await desk.people(3)
    await desk.press()
    await desk.press(seq=2)
    assert await desk.one("SELECT presses FROM dispatch.incident") == 2
    await desk.press(subject="elder:E-2", seq=3)
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 2


async def test_fifty_accepts_at_once_have_one_winner(desk: Desk) -> None:
    """All asked answer in the same moment: one first, at most one backup, the rest are told who won."""
    await desk.people(10)
    await desk.press(kind="fall")
    offers = await desk.offers()
    answers = await asyncio.gather(*(desk.say("accept_offer", str(o), r) for o, r in offers for _ in range(5)))
    going = await desk.rows("SELECT role FROM dispatch.assignment WHERE state = 'accepted'")
    assert sorted(r["role"] for r in going) in (["backup", "first"], ["first"])
    losers = [a for a in answers if a.status == 409]
    assert losers
    assert all(a.body["code"] == "offer_taken" and a.body["params"]["who"] for a in losers)


async def test_a_refusal_is_replaced_and_silence_brings_one_more(desk: Desk) -> None:
    """Nobody waits for somebody who has said no."""
    await desk.people(12)
    await desk.press()
    first = (await desk.offers())[0]
    await desk.say("decline_offer", str(first[0]), first[1], reason="busy")
    asked = [len(await desk.offers())]
    for seconds in (31, 30):
        await desk.wait(seconds)
        asked.append(len(await desk.offers()))
    assert asked == [8, 8, 9]


async def test_nobody_answers_and_the_ladder_is_climbed(desk: Desk) -> None:
    """45 s: the desk's row; 60 s: all duty desks; 180 s; then again and again until somebody comes."""
    await desk.people(2)
    await desk.press()
    climbed = []
    for seconds in (45, 15, 120, 300, 300):
        await desk.wait(seconds)
        climbed.append(await desk.one("SELECT rung FROM dispatch.incident"))
    assert climbed == [1, 2, 3, 4, 5]
    assert await desk.one("SELECT count(*) FROM dispatch.deadline") >= 1


async def test_nobody_on_duty_rings_the_desk_at_once(desk: Desk) -> None:
    """No one to ask is said aloud, and looked at again."""
    await desk.press()
    assert await desk.one("SELECT state FROM dispatch.job") == "escalated"
    assert await desk.one("SELECT rung FROM dispatch.incident") == 1
    await desk.people(1)
    await desk.wait(61)
    assert len(await desk.offers("sent")) == 1


async def test_a_visit_from_accept_to_close(desk: Desk) -> None:
    """Every stage reaches the button; closing wants an outcome."""
    await desk.people(3)
    await desk.press()
    offer, responder = (await desk.offers())[0]
    assert (await desk.say("accept_offer", str(offer), responder)).status == 200
    job = str(await desk.one("SELECT id FROM dispatch.job"))
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    refused = await desk.say("close", incident, "desk1", outcome="genuine", evidence="none", evidence_by="")
    assert (refused.status, refused.body["code"]) == (422, "evidence_required")
    steps: tuple[CommandName, ...] = ("depart", "arrive", "start", "complete")
    for step in steps:
        assert (await desk.say(step, job, responder)).status == 200
        assert (await desk.say(step, job, responder)).status == 200
    assert await desk.one("SELECT state FROM dispatch.incident") == "resolved"
    done = await desk.say("close", incident, "desk1", outcome="genuine", evidence="none", evidence_by="", note="好")
    assert done.status == 200
    stages = [
        r["s"]
        for r in await desk.rows(
            "SELECT body->>'stage' AS s FROM log.event WHERE tag = 'receipt.changed' ORDER BY stream_seq"
        )
    ]
    assert stages == ["accepted", "arrived", "closed"]
    assert await desk.one("SELECT count(*) FROM dispatch.deadline") == 0
    assert await desk.one("SELECT text FROM dispatch.note") == "好"


async def test_the_winner_gives_back_and_the_button_is_told(desk: Desk) -> None:
    """正在换人, then who comes instead."""
    await desk.people(6, "nurse")
    await desk.press()
    offers = await desk.offers()
    await desk.say("accept_offer", str(offers[1][0]), offers[1][1])
    await desk.say("decline_offer", str(offers[1][0]), offers[1][1], reason="unwell")
    assert await desk.one("SELECT receipt_say FROM dispatch.incident") == "正在换人"
    await desk.say("accept_offer", str(offers[0][0]), offers[0][1])
    assert (await desk.one("SELECT receipt_say FROM dispatch.incident")).startswith("王护士")


async def test_a_repeated_key_gives_the_same_answer_and_no_second_effect(desk: Desk) -> None:
    """The console may send again after a lost answer."""
    await desk.people(3)
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    first = await desk.say("call", incident, "desk1", key="same", callee="elder", result="no_answer")
    again = await desk.say("call", incident, "desk1", key="same", callee="elder", result="no_answer")
    assert first == again
    assert await desk.one("SELECT count(*) FROM dispatch.call_attempt") == 1
    other = await desk.say("call", incident, "desk1", key="same", callee="elder", result="busy")
    assert (other.status, other.body["code"]) == (422, "key_reused")


async def test_a_decision_on_an_old_view_is_refused(desk: Desk) -> None:
    """She pressed again while the desk was closing it."""
    await desk.people(3)
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    ver = await desk.one("SELECT ver FROM dispatch.incident")
    await desk.press(seq=2)
    answer = await desk.say("claim", incident, "desk1", if_match=ver)
    assert (answer.status, answer.body["code"]) == (412, "version_passed")


async def test_another_county_cannot_touch_the_incident(desk: Desk) -> None:
    """Out of scope looks like unknown."""
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    actor = Actor(account="x", name="x", role="desk", division="360121")
    answer = await flow.execute(desk.house, Command(name="claim", target=incident, actor=actor, key="k"))
    assert answer.status == 404


async def test_the_rows_are_what_the_log_tells(desk: Desk) -> None:
    """Replaying the events of an incident gives its rows."""
    await desk.people(8)
    await desk.press()
    offers = await desk.offers()
    await desk.say("accept_offer", str(offers[1][0]), offers[1][1])
    await desk.say("accept_offer", str(offers[0][0]), offers[0][1])
    await desk.say("decline_offer", str(offers[1][0]), offers[1][1], reason="unwell")
    await desk.wait(3000)
    await rows_are_what_the_log_tells(desk)


async def rows_are_what_the_log_tells(desk: Desk) -> None:
    """Replay every incident's events and compare with its rows."""
    incidents = [row["id"] for row in await desk.rows("SELECT id FROM dispatch.incident")]
    async with desk.owner.transaction() as connection:
        cases = await store.load(connection, incidents)
    assert sorted(cases) == sorted(incidents)
    for incident, case in cases.items():
        events = await desk.rows(
            "SELECT tag, body, recorded_at, actor FROM log.event WHERE stream = 'incident' "
            "AND stream_id = $1 ORDER BY stream_seq",
            incident,
        )
        told = replay(Fact(e["tag"], e["body"], e["recorded_at"], e["actor"]) for e in events)
        assert _nameless(told) == _nameless(case)


def _nameless(case: Any) -> Any:
    offers = {k: replace(o, responder_name="") for k, o in case.offers.items()}
    assignments = {k: replace(a, responder_name="") for k, a in case.assignments.items()}
    incident = replace(case.incident, taken_name=None, evidence_by=None)
    return replace(case, incident=incident, offers=offers, assignments=assignments)
