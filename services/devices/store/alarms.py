"""Alarms into the database: one statement, one round trip, one commit (devices.ingest)."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from services.devices.domain.alarm import Alarm
from services.devices.domain.told import Told
from shared.runtime.database import AWAY, Database, Record
from shared.vocabulary.alarms import Stage
from shared.vocabulary.ids import uuid7

GUARD = timedelta(seconds=2)
INGEST = "SELECT * FROM unnest(devices.ingest($1, $2, $3, $4, $5))"
TESTED = "测试成功"
"""What a device says after a press in a test window, or after its own test."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an alarm; `fresh` is False for a copy of one that was stored before."""

    fresh: bool
    told: Told


class AlarmStore:
    """Holds one connection with a prepared statement; opens another when that one breaks."""

    def __init__(self, database: Database, actor: str) -> None:
        """Store under this name as the events' actor."""
        self._database = database
        self._actor = actor
        self._connection: asyncpg.pool.PoolConnectionProxy[Record] | None = None
        self._statement: Any = None

    async def ingest(self, alarms: Sequence[Alarm], now: datetime) -> list[Outcome | None]:
        """Store in one transaction; an outcome for each, in order, None for what belongs nowhere."""
        rows = [_arrival(alarm, now) for alarm in alarms]
        statement = self._statement or await self._prepared()
        try:
            found = await statement.fetch(rows, now, now + GUARD, self._actor, TESTED)
        except Exception:
            await self.close()
            raise
        outcomes = {row["n"]: Outcome(row["fresh"], told_of(row)) for row in found}
        return [outcomes.get(number) for number in range(1, len(alarms) + 1)]

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection, self._statement = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(*AWAY, asyncpg.PostgresError):
                await self._database.pool.release(connection, timeout=1)

    async def _prepared(self) -> Any:
        connection = await self._database.pool.acquire(timeout=2)
        self._connection = connection
        self._statement = await connection.prepare(INGEST)
        return self._statement


def _arrival(alarm: Alarm, now: datetime) -> tuple[Any, ...]:
    alarm_id = uuid7(now)
    number, spare = alarm.number, alarm.spare
    return (
        alarm.place.device,
        number.boot if number else None,
        number.seq if number else None,
        spare.boot,
        spare.seq,
        spare.reach_ms,
        alarm_id,
        uuid7(now),
        alarm.eid,
        alarm.topic,
        alarm.place.county,
        alarm.payload,
        alarm.flags,
        alarm.claimed_at,
        alarm.happened_at,
        alarm.relayed,
        _body(alarm, str(alarm_id)),
        alarm.kind,
        alarm.signed,
        alarm.folds,
        alarm.quiet,
    )


def _body(alarm: Alarm, alarm_id: str) -> str:
    """The part of contracts.events.AlarmRaised that the message decides; the registry adds the rest."""
    body = {
        "alarm": alarm_id,
        "device": alarm.place.device,
        "eid": alarm.eid,
        "kind": alarm.kind,
        "county": alarm.place.county,
        "loc": alarm.loc,
        "batt": alarm.batt,
        "path": alarm.path,
    }
    return orjson.dumps({name: value for name, value in body.items() if value is not None}).decode()


def told_of(row: Record) -> Told:
    """A receipt from a row that has its columns."""
    return Told(
        row["device"], row["county"], row["eid"], row["rev"], Stage(row["stage"]), row["rx"],
        row["incident"], row["who"], row["eta_s"], row["say"], row["signed"],
    )  # fmt: skip
