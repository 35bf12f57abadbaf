"""A report put together: ask the counts within the caller's scope, name the lines, and say where each list is."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from services.gateway.domain import sketch
from services.gateway.domain.people import Identity
from services.gateway.domain.response_times import HERE, Line, Question, lines
from services.gateway.domain.sketch import TARGETS, Counts, Kept
from services.gateway.domain.wording import name_hint
from services.gateway.reports.counting import counted
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Level

LISTS, REPORT = "/api/v1/reports/incidents", "/api/v1/reports/response-times"
NAMED = {
    "division": "SELECT code AS key, name FROM dispatch.division WHERE code = ANY($1)",
    "provider": "SELECT id AS key, name FROM dispatch.provider WHERE id = ANY($1)",
    "responder": "SELECT id AS key, name FROM dispatch.responder WHERE id = ANY($1)",
}
AS_OF = "SELECT as_of FROM report.reader"

Pairs = Sequence[tuple[str, str]]


async def response_times(database: Database, who: Identity, asked: Question) -> dict[str, Any]:
    """The whole report. Everything is read in one transaction of the caller's own scope."""
    async with database.reading(who.scope) as connection:
        as_of = await connection.fetchval(AS_OF)
        found = await counted(connection, asked)
        names = await _names(connection, asked.by, [key for key in found if key])
        path = await _path(connection, who, asked.division)
    total, groups = await asyncio.to_thread(_lines, asked, found, names)
    return {
        "as_of": as_of or asked.period.since, "since": asked.period.since, "until": asked.period.until,
        "division": asked.division, "path": path, "by": asked.by, "filters": dict(asked.only),
        "error": round(sketch.ERROR, 4), "total": total, "groups": groups,
    }  # fmt: skip


def _lines(
    asked: Question, found: Mapping[str | None, Kept], names: Mapping[str, str]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Everything together, and line by line where it is asked by something."""
    everything, groups = sketch.nothing(), []
    for line in lines(found):
        counts = line.kept.counts()
        everything += counts
        groups.append(_line(asked, line, counts, names))
    whole = Question(asked.division, asked.period, None, asked.only)
    total = _line(whole, Line(None, sketch.incidents(everything), Kept()), everything, {})
    return total, groups if asked.by else []


async def _names(connection: Connection, by: str | None, keys: Sequence[str]) -> dict[str, str]:
    if by not in NAMED or not keys:
        return {}
    write = name_hint if by == "responder" else str
    return {row["key"]: write(row["name"]) for row in await connection.fetch(NAMED[by], keys)}


async def _path(connection: Connection, who: Identity, division: str) -> list[dict[str, str]]:
    """From the caller's own division down to this one."""
    codes = [division[:level] for level in Level if len(who.division) <= level <= len(division)]
    names = await _names(connection, "division", codes)
    return [{"code": code, "name": names.get(code, code)} for code in codes]


def _line(asked: Question, line: Line, counts: Counts, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": line.key, "name": names.get(line.key) if line.key else None, "rest": len(line.merged), "n": line.n,
        "stages": [_stage(one) for one in sketch.reached(counts)],
        "incidents": _address(LISTS, asked, _behind(asked, line)), "within": _below(asked, line),
    }  # fmt: skip


def _stage(one: sketch.Reached) -> dict[str, Any]:
    p50, p90, p95, p99 = (None if value is None else _rounded(value) for value in one.percentiles)
    return {
        "stage": one.stage, "n": one.n, "p50_s": p50, "p90_s": p90, "p95_s": p95, "p99_s": p99,
        "targets": [
            {"seconds": seconds, "aim": aim, "within": within, "share": within / one.n if one.n else None}
            for (seconds, aim), within in zip(TARGETS.get(one.stage, ()), one.within, strict=True)
        ],
    }  # fmt: skip


def _rounded(seconds: float) -> float:
    """As many digits as the error leaves standing."""
    return float(f"{seconds:.5g}")


def _behind(asked: Question, line: Line) -> Pairs:
    """What picks the incidents of one line out of the report's; of the rest, of each value in it."""
    if asked.by is None:
        return ()
    if line.merged:
        return [("by", asked.by), *(("value", key or "") for key in line.merged)]
    return [("by", asked.by), ("value", line.key or "")]


def _below(asked: Question, line: Line) -> str | None:
    if asked.by != "division" or line.key is None or not len(asked.division) < len(line.key) < Level.COMMUNITY:
        return None
    return _address(REPORT, Question(line.key, asked.period, "division", asked.only), [("by", "division")])


def _address(path: str, asked: Question, more: Pairs) -> str:
    since, until = (at.astimezone(HERE).isoformat() for at in (asked.period.since, asked.period.until))
    pairs = [("division", asked.division), ("from", since), ("to", until), *asked.only.items(), *more]
    return f"{path}?{urlencode(pairs)}"


async def known(database: Database, who: Identity, division: str) -> bool:
    """Whether there is such a division."""
    async with database.reading(who.scope) as connection:
        return bool(await connection.fetchval("SELECT true FROM dispatch.division WHERE code = $1", division))
