"""The incidents behind a figure: which rows it counted, with masked names, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.gateway.domain import sketch
from services.gateway.domain.people import Identity
from services.gateway.domain.response_times import Question
from services.gateway.domain.sketch import STAGES, TARGETS, together
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.reports.answers import AS_OF
from services.gateway.reports.counting import counted, of_row, where
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.divisions import Level

TOOK = {stage: f"extract(epoch FROM i.{stage}_at - i.recorded_at)::double precision" for stage in STAGES} | {
    "recorded": "extract(epoch FROM i.recorded_at - i.claimed_at)::double precision"
}
PAGE = f"""
WITH page AS (
    SELECT i.* FROM report.incident i
    WHERE {{place}} AND i.recorded_at >= $2 AND i.recorded_at < $3
      AND ($4::timestamptz IS NULL OR (i.recorded_at <= $4 AND (i.recorded_at < $4 OR i.id < $5)))
      AND ({{line}} = ANY($7) OR $7 = '{{{{}}}}') AND {{late}} {{only}}
    ORDER BY i.recorded_at DESC, i.id DESC LIMIT $6
)
SELECT i.id, i.division, i.kind, i.priority, i.class, i.model, i.provider, i.responder, i.state, i.outcome,
       i.recorded_at, e.name, h.address, r.name AS responder_name, ARRAY[{", ".join(TOOK.values())}] AS took
FROM page i LEFT JOIN dispatch.incident c ON c.id = i.id LEFT JOIN dispatch.elder e ON e.id = c.elder_id
LEFT JOIN dispatch.home h ON h.id = c.home_id LEFT JOIN dispatch.responder r ON r.id = i.responder
ORDER BY i.recorded_at DESC, i.id DESC
"""  # noqa: S608  our own columns


def _place(division: str) -> str:
    """By the index that gives a county's newest first; above it the newest of all are near enough, below it few."""
    if len(division) == Level.COUNTY:
        return "i.county = $1"
    below = len(division) > Level.COUNTY
    return "i.division >= $1 AND i.division < $1 || ':'" if below else "starts_with(i.division, $1)"


IN_ORDER = "SET LOCAL enable_bitmapscan = off"
"""The newest come out of the index in order; the planner, who guesses few rows, would gather and sort them all."""
After = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Pick:
    """Which incidents of a question: of these values of what it is asked by, at this stage, slower than so many."""

    values: tuple[str, ...] = ()
    stage: str | None = None
    late_s: int | None = None


async def incidents(
    database: Database, who: Identity, asked: Question, pick: Pick, after: After | None, limit: int
) -> dict[str, Any]:
    """A page in the caller's scope, the newest first. Names only for those who may see elders."""
    narrow = asked.narrowed(pick.values)
    if narrow is not asked:
        pick = replace(pick, values=())
    async with database.reading(who.scope) as connection:
        many = await _many(connection, narrow, pick)
        await connection.execute(IN_ORDER)
        rows = await _page(connection, narrow, pick, after, limit + 1)
        as_of: datetime | None = await connection.fetchval(AS_OF)
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "as_of": as_of or asked.period.since, "n": many,
        "items": [_line(row, named=who.at_desk) for row in rows[:limit]],
        "next": f"{last['recorded_at'].isoformat()}~{last['id']}" if last else None,
    }  # fmt: skip


async def _page(connection: Connection, asked: Question, pick: Pick, after: After | None, most: int) -> list[Record]:
    took = TOOK[pick.stage] if pick.stage else "0"
    sql = PAGE.format(
        place=_place(asked.division), line=of_row(asked.by, asked.digits),
        late=f"{took} > coalesce($8, '-infinity'::double precision)", only=where(asked.only, 9),
    )  # fmt: skip
    bounds = (asked.division, asked.period.since, asked.period.until)
    late_s = None if pick.late_s is None else float(pick.late_s)
    rest = (*(after or (None, "")), most, list(pick.values), late_s)
    return list(await connection.fetch(sql, *bounds, *rest, *asked.only.values()))


async def _many(connection: Connection, asked: Question, pick: Pick) -> int:
    """How many there are, from the counts that the figure itself came from."""
    found = await counted(connection, asked)
    picked = together(kept for key, kept in found.items() if not pick.values or (key or "") in pick.values)
    counts = picked.counts()
    if pick.stage is None:
        return sketch.incidents(counts)
    one = sketch.reached(counts)[STAGES.index(pick.stage)]
    if pick.late_s is None:
        return one.n
    targets = [seconds for seconds, _ in TARGETS.get(pick.stage, ())]
    return one.n - one.within[targets.index(pick.late_s)]


def _line(row: Record, *, named: bool) -> dict[str, Any]:
    took: Sequence[float | None] = row["took"]
    return {
        "incident": row["id"], "cls": row["class"], "place": (place_hint(row["address"]) or None) if named else None,
        "name_masked": name_hint(row["name"]) if named else "",
        "responder_masked": name_hint(row["responder_name"]) or None,
        "seconds": {stage: max(0.0, one) for stage, one in zip(STAGES, took, strict=True) if one is not None},
        **{
            name: row[name]
            for name in (
                "division", "kind", "priority", "model", "provider", "responder", "state", "outcome", "recorded_at"
            )
        },
    }  # fmt: skip
