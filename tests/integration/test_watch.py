"""The watch notices what the services would not."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.watch import store
from services.watch.checks import Checks
from shared.runtime.database import Database
from shared.runtime.log import NewEvent, append
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Eye:
    """The watch's checks, and an owner's hand to spoil things."""

    def __init__(self, watch: Database, owner: Database) -> None:
        """Look from NOW on."""
        self.checks = Checks(watch, NOW - timedelta(seconds=1))
        self.owner = owner

    async def breaches(self) -> list[dict[str, Any]]:
        """Everything raised so far."""
        rows = await self.owner.pool.fetch("SELECT body FROM log.event WHERE tag = 'watch.breach' ORDER BY position")
        return [row["body"] for row in rows]


@pytest.fixture
async def eye(database: TestDatabase) -> AsyncIterator[Eye]:
    """The watch on an empty database."""
    pools = [Database(database.url(role), name="test", size=2) for role in ("watch", "owner")]
    for pool in pools:
        await pool.open()
    yield Eye(*pools)
    for pool in pools:
        await pool.close()


async def _incident(owner: Database, **more: object) -> None:
    given = {
        "id": "I-2026-000001", "division": "360733100", "state": "open", "ver": 1, "decided_ver": 1,
        "subject": "elder:E-1", "family": "person", "kind": "sos", "priority": 1, "drill": False, "class": "own",
        "flags": [], "presses": 1, "policy": {}, "rung": 0, "rung_at": NOW, "opened_at": NOW, "pressed_at": NOW,
        "receipt_stage": 1, **more,
    }  # fmt: skip
    await owner.pool.execute(
        f"""INSERT INTO dispatch.incident ({", ".join(given)})
            SELECT {", ".join(given)} FROM jsonb_populate_record(NULL::dispatch.incident, $1)""",
        given,
    )


async def test_quiet_when_all_is_well(eye: Eye) -> None:
    """No breach out of nothing."""
    assert await eye.checks.look(NOW) == 0
    assert await eye.breaches() == []


async def test_an_incident_that_nothing_would_wake(eye: Eye) -> None:
    """Raised once, and again only after a minute."""
    await _incident(eye.owner)
    assert await eye.checks.look(NOW) == 1
    assert await eye.checks.look(NOW + timedelta(seconds=30)) == 0
    assert await eye.checks.look(NOW + timedelta(seconds=61)) == 1
    assert [b["check"] for b in await eye.breaches()] == ["incident_without_deadline"] * 2


async def test_a_wait_that_nobody_handled(eye: Eye) -> None:
    """Five seconds late is an alarm of our own."""
    await _incident(eye.owner)
    await eye.owner.pool.execute(
        "INSERT INTO dispatch.deadline VALUES ('I-2026-000001', 'ladder', '', $1)", NOW - timedelta(seconds=6)
    )
    assert await eye.checks.look(NOW) == 1
    assert (await eye.breaches())[0]["check"] == "deadline_overdue"


async def test_many_waits_that_nobody_handled_are_one_breach(eye: Eye) -> None:
    """A desk in a storm is told how many, and of those elsewhere which."""
    late = "INSERT INTO dispatch.deadline VALUES ($1, 'ladder', '', $2)"
    for n in range(12):
        name = f"I-2026-{n:06}"
        await _incident(eye.owner, id=name, subject=f"elder:E-{n}", division="360121001" if n == 11 else "360733100")
        await eye.owner.pool.execute(late, name, NOW - timedelta(seconds=6))
    assert await eye.checks.look(NOW) == 2
    assert await eye.checks.look(NOW + timedelta(seconds=30)) == 0
    found = sorted(await eye.breaches(), key=lambda b: str(b["incident"]))
    assert [(b["check"], b["incident"], b["detail"]) for b in found] == [
        ("deadline_overdue", "I-2026-000011", {}),
        ("deadline_overdue", None, {"county": "360733", "incidents": 11}),
    ]


async def test_a_list_a_mode_or_a_seat_that_nobody_looked_after(eye: Eye) -> None:
    """The same for what is no case; its division hears of it."""
    await eye.owner.pool.execute(
        "INSERT INTO dispatch.house_wait VALUES ('seats', '360733', $1), ('mode_over', '360121', $2)",
        NOW - timedelta(seconds=6), NOW,
    )  # fmt: skip
    assert await eye.checks.look(NOW) == 1
    [breach] = await eye.breaches()
    assert (breach["check"], breach["detail"]) == ("deadline_overdue", {"wait": "seats", "target": "360733"})


async def _alarm(owner: Database, device: str, *, canary: bool) -> UUID:
    """An alarm that was stored three seconds ago and that dispatch has not placed."""
    at, alarm = NOW - timedelta(seconds=3), uuid7(NOW)
    await owner.pool.execute(
        """INSERT INTO devices.raw_event (id, device_id, boot, seq, eid, topic, payload, flags, copies, received_at)
           VALUES ($1, $2, 1, 1, $2 || ':1:1', 'yl/v1/360733/x/up/alarm', '{}', '{}', 1, $3)""",
        alarm, device, at,
    )  # fmt: skip
    await owner.pool.execute("INSERT INTO devices.guard VALUES ($1, '360733', $2)", alarm, at + timedelta(seconds=2))
    body = {
        "alarm": str(alarm), "device": device, "eid": f"{device}:1:1", "kind": "sos", "subject": f"device:{device}",
        "county": "360733", "home": None, "elder": None, "cls": "own",
    } | ({"canary": True} if canary else {})  # fmt: skip
    async with owner.transaction() as connection:
        await append(connection, [NewEvent(uuid7(NOW), "device", device, "alarm.raised", body, "360733", "test")], at)
    return alarm


async def test_an_alarm_that_dispatch_has_not_placed(eye: Eye) -> None:
    """It is shown with what it says of itself, so that a person can act on it."""
    alarm = await _alarm(eye.owner, "B-1", canary=False)
    assert await eye.checks.look(NOW) == 1
    [breach] = await eye.breaches()
    assert (breach["check"], breach["alarm"]["alarm"]) == ("alarm_without_incident", str(alarm))


async def test_nobody_is_rung_for_a_canary_in_need(eye: Eye) -> None:
    """What is wrong with its way is told by the canary itself, once and in other words."""
    await _alarm(eye.owner, "CANARY-360733", canary=True)
    await _incident(eye.owner, canary=True)
    await _incident(eye.owner, id="I-2026-000002", canary=True, subject="device:CANARY-2")
    await eye.owner.pool.execute(
        "INSERT INTO dispatch.deadline VALUES ('I-2026-000002', 'ladder', '', $1)", NOW - timedelta(seconds=6)
    )
    assert await eye.checks.look(NOW) == 0


async def test_a_follower_that_lies_behind(eye: Eye) -> None:
    """Its own events only, and only after a second."""
    follower = "INSERT INTO log.follower VALUES ('slow', 1, '0', 0, '{test.counted}', $1)"
    await eye.owner.pool.execute(follower, NOW)
    event = NewEvent(uuid7(NOW), "test", "a", "test.counted", {}, "360733", "test")
    other = NewEvent(uuid7(NOW), "test", "a", "test.other", {}, "360733", "test")
    async with eye.owner.transaction() as connection:
        await append(connection, [other], NOW - timedelta(seconds=5))
    assert await eye.checks.look(NOW) == 0
    async with eye.owner.transaction() as connection:
        await append(connection, [event], NOW - timedelta(seconds=2))
    assert await eye.checks.look(NOW) == 1
    assert (await eye.breaches())[0]["detail"] == {"follower": "slow"}


async def test_an_event_that_was_given_up_is_shown(eye: Eye) -> None:
    """A dead letter is never silent."""
    await eye.owner.pool.execute(
        "INSERT INTO log.dead_letter VALUES ('dispatch.alarms', $1, 'ValueError', 'alarm.raised', '360733', '{}', $2)",
        UUID(int=1), NOW,
    )  # fmt: skip
    assert await eye.checks.look(NOW) == 1
    assert (await eye.breaches())[0]["detail"]["tag"] == "alarm.raised"


async def test_partitions_are_made_ahead(eye: Eye) -> None:
    """Three months from any day."""
    async with eye.checks.database.transaction() as connection:
        await store.make_partitions(connection, datetime(2031, 11, 30, tzinfo=UTC))
    made = await eye.owner.pool.fetchval("SELECT to_regclass('log.event_2032_02') IS NOT NULL")
    assert made is True


async def test_a_message_that_nobody_sends_is_noticed(eye: Eye) -> None:
    """The sender hangs: who should have been called was not, and the desk hears of it."""
    await _incident(eye.owner)
    await eye.owner.pool.execute(
        "INSERT INTO dispatch.deadline (incident_id, kind, target, due_at) VALUES ('I-2026-000001', 'review', '', $1)",
        NOW + timedelta(hours=1),
    )
    await eye.owner.pool.execute(
        "INSERT INTO dispatch.message (id, incident_id, division, channel, to_kind, to_id, template, params, drill,"
        " state, wanted_at, expires_at, due_at, attempts, rings, about) VALUES (gen_random_uuid(), 'I-2026-000001',"
        " '360733100', 'voice', 'responder', 'R-1', 'job_offered', '{}', false, 'queued', $1, $2, $1, 0, 0, '')",
        NOW, NOW + timedelta(hours=1),
    )  # fmt: skip
    assert await eye.checks.look(NOW + timedelta(seconds=4)) == 0
    assert await eye.checks.look(NOW + timedelta(seconds=6)) == 1
    assert [(b["check"], b["incident"]) for b in await eye.breaches()] == [("deadline_overdue", "I-2026-000001")]
