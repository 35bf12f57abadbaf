"""What is kept, held against the log by a way of its own (services/gateway/domain/recount.py): equal, or where not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain import sketch
from services.gateway.domain.recount import Said, Told, exact, recount
from services.gateway.domain.response_times import Period, Question
from services.gateway.domain.sealing import START, fault
from services.gateway.reports.counting import counted
from services.gateway.store import seals
from shared.runtime.database import Connection, Database, Record, set_scope
from shared.vocabulary.divisions import WHOLE_CELL

PIECE, READING_S = 300, 600
LATEST = timedelta(days=1)
"""After a press its incident has long been opened."""
OPENED = """
SELECT stream_id FROM log.event WHERE tag = 'incident.opened' AND recorded_at >= $1 AND recorded_at < $2
ORDER BY stream_id
"""
SAID = "SELECT stream, stream_id, stream_seq, tag, body, recorded_at, happened_at FROM log.event"
STREAMS = f"{SAID} WHERE stream = 'incident' AND stream_id = ANY($1)"
PRESSES = f"""
{SAID} WHERE stream = 'device' AND tag = 'alarm.raised' AND stream_id = ANY($1)
  AND recorded_at >= $2 AND recorded_at <= $3 AND body->>'alarm' = ANY($4)
"""
KEPT = "SELECT * FROM report.incident WHERE id = ANY($1)"
OTHERS = "SELECT id FROM report.incident WHERE recorded_at >= $1 AND recorded_at < $2 AND id <> ALL($3)"
FIELDS = {"cls": "class"} | {
    name: name
    for name in ("division", "recorded_at", "kind", "priority", "device", "responder", "state", "outcome")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many incidents and events were compared, every difference in words, and how many events have no seal yet."""

    since: datetime
    until: datetime
    incidents: int = 0
    events: int = 0
    differences: tuple[str, ...] = field(default=())
    unsealed: int = 0

    @property
    def equal(self) -> bool:
        """Whether what is kept is what the log tells."""
        return not self.differences


async def verify(database: Database, since: datetime, until: datetime) -> Verdict:
    """Recount a period from the sealed log and compare rows and figures. `database` is the owner's."""
    async with database.pool.acquire() as connection:
        differences, unsealed = await _held(connection, since, until)
    opened = [row["stream_id"] for row in await database.pool.fetch(OPENED, since, until + LATEST, timeout=READING_S)]
    told: dict[str, Told] = {}
    events = 0
    for first in range(0, len(opened), PIECE):
        names = opened[first : first + PIECE]
        said = await _said(database, names)
        events += len(said)
        found = recount(said)
        kept = {row["id"]: row for row in await database.pool.fetch(KEPT, names)}
        differences += _compared(names, found, kept)
        told |= {name: found[name] for name in names if name in found and since <= found[name].recorded_at < until}
    others = await database.pool.fetch(OTHERS, since, until, opened)
    differences += [f"{row['id']}: kept, but not in the log" for row in others]
    differences += await _figures(database, Period(since, until), told.values())
    return Verdict(since, until, len(told), events, tuple(differences), unsealed)


async def _held(connection: Connection, since: datetime, until: datetime) -> tuple[list[str], int]:
    """What does not fit of the seals made since an instant, and how many events of the time until another have none."""
    found: list[str] = []
    before = await seals.before(connection, since)
    async for seal in seals.every(connection, before.n if before else seals.LOWEST):
        lines = await seals.piece(connection, before.to if before else START, seal.to)
        if wrong := fault(before, seal, lines):
            found.append(f"seal {seal.n}: {wrong} is not what was sealed")
        before = seal
    return found, await seals.still_open(connection, before.to if before else START, since, until)


async def _said(database: Database, names: Sequence[str]) -> list[Said]:
    """Every event of these incidents, of whatever was merged into them, and of their presses."""
    found: list[Said] = []
    known, left = set[str](), set(names)
    while left:
        more = [_event(row) for row in await database.pool.fetch(STREAMS, sorted(left))]
        found += more
        known |= left
        left = {str(one.body["other"]) for one in more if one.tag == "incident.absorbed"} - known
    openings = [one.body for one in found if one.tag == "incident.opened" and one.body.get("alarm")]
    if openings:
        times = [datetime.fromisoformat(body["pressed_at"]) for body in openings]
        devices, alarms = ([str(body[name]) for body in openings] for name in ("device", "alarm"))
        rows = await database.pool.fetch(PRESSES, devices, min(times), max(times), alarms)
        found += [_event(row) for row in rows]
    return found


def _event(row: Record) -> Said:
    return Said(
        row["stream"], row["stream_id"], row["stream_seq"], row["tag"], row["body"], row["recorded_at"],
        row["happened_at"],
    )  # fmt: skip


def _compared(names: Sequence[str], told: Mapping[str, Told], kept: Mapping[str, Record]) -> list[str]:
    found = []
    for name in names:
        one, row = told.get(name), kept.get(name)
        if one is None and row is None:
            continue
        if one is None or row is None:
            found.append(f"{name}: {'not kept' if row is None else 'kept, but in no figure'}")
            continue
        found += [
            f"{name} {name_of}: kept {row[column]}, told {getattr(one, name_of)}"
            for name_of, column in FIELDS.items()
            if row[column] != getattr(one, name_of)
        ]
        found += [f"{name} {stage}: kept {ours}, told {right}" for stage, ours, right in _stages(one, row)]
    return found


def _stages(one: Told, row: Record) -> Iterable[tuple[str, float | None, float | None]]:
    for stage in sketch.STAGES:
        at = row["claimed_at"] if stage == "recorded" else row[f"{stage}_at"]
        took = None if at is None else abs((at - row["recorded_at"]).total_seconds())
        right = one.took.get(stage)
        if took != (None if right is None else abs(right)):
            yield stage, took, right


async def _figures(database: Database, period: Period, told: Iterable[Told]) -> list[str]:
    """Counts and shares of the whole period equal, percentiles within their error."""
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        kept = await _reached(connection, period)
    found = []
    for stage, right in exact(told).items():
        ours = kept[stage]
        near = all(
            a is b or (a is not None and b is not None and abs(a - max(b, 0.001)) <= b * sketch.ERROR + 1e-4)
            for a, b in zip(ours.percentiles, right.percentiles, strict=True)
        )
        if (ours.n, ours.within) != (right.n, right.within) or not near:
            found.append(f"figure {stage}: kept {ours}, told {right}")
    return found


async def _reached(connection: Connection, period: Period) -> dict[str, Any]:
    found = await counted(connection, Question("", period))
    counts = sketch.together(found.values()).counts()
    return {one.stage: one for one in sketch.reached(counts)}
