"""Counts from the cells that stand, and from rows for whatever no cell answers. Within the scope of the connection.

Both are read by one statement, so from one moment: a row is counted in a cell or by itself, never in both.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.gateway.domain.response_times import Question
from services.gateway.domain.sketch import Kept, together
from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Level

SETTLEMENT = (
    "CASE WHEN substr({0}, 7, 1) = '0' THEN 'urban' WHEN substr({0}, 7, 1) = '1' THEN 'town' "
    "WHEN substr({0}, 7, 1) IN ('2', '3') THEN 'rural' ELSE 'other' END"
)
"""街道, 镇 or 乡, by the first digit of a township's own three (GB/T 10114)."""
OF_ROW = {
    "settlement": SETTLEMENT.format("i.division"),
    "hour": "extract(hour FROM report.local(i.recorded_at))::int::text",
    "weekday": "extract(isodow FROM i.day)::int::text",
    "month": "to_char(i.day, 'YYYY-MM')",
    "day": "to_char(i.day, 'YYYY-MM-DD')",
    "kind": "i.kind",
    "priority": "i.priority::text",
    "cls": "i.class",
    "model": "coalesce(i.model, '')",
    "provider": "coalesce(i.provider, '')",
    "responder": "coalesce(i.responder, '')",
}
"""The value of a row by dimension; empty where it is not known."""
OF_CELL = {
    "settlement": SETTLEMENT.format("c.value"),
    "kind": "split_part(c.value, '/', 1)",
    "priority": "split_part(c.value, '/', 2)",
    "month": "to_char(c.since, 'YYYY-MM')",
    "day": "to_char(c.since, 'YYYY-MM-DD')",
}
DIMS = {
    "": "''",
    "street": "left(i.division, 9)",
    "case": "i.kind || '/' || i.priority",
    **{name: OF_ROW[name] for name in ("hour", "weekday", "cls", "model", "provider")},
}
"""What cells are kept of."""
MOST_ROWS = 200_000
ROWS = """
SELECT {label} AS label, NULL::bytea AS counts, string_agg(i.keys, '') AS keys FROM report.incident i
WHERE starts_with(i.division, $1) AND i.division >= $1 AND i.division < $1 || ':'
  AND i.recorded_at >= $2 AND i.recorded_at < $3 {only}
GROUP BY 1
"""
CELLS = """
WITH month AS MATERIALIZED (
    SELECT county, since FROM report.month
    WHERE since >= $6 AND since < $7 AND {by_month} AND county >= $1 AND county < $1 || ':'
), day AS MATERIALIZED (
    SELECT d.county, d.day, d.settled AND d.day >= $4 AND d.day < $5 AS settled,
           greatest($2, report.begins(d.day)) AS since, least($3, report.begins(d.day + 1)) AS until
    FROM report.day d
    WHERE d.county >= $1 AND d.county < $1 || ':'
      AND d.day >= report.local($2)::date AND d.day <= report.local($3)::date
      AND (d.county, date_trunc('month', d.day)::date) NOT IN (SELECT county, since FROM month)
)
SELECT {cell} AS label, string_agg(c.counts, '') AS counts, NULL::bytea AS keys
FROM month m JOIN report.cell c ON c.county = m.county AND c.span = 'month' AND c.since = m.since
WHERE c.dim = $8 {only_cell} GROUP BY 1
UNION ALL
SELECT {cell}, string_agg(c.counts, ''), NULL
FROM day d JOIN report.cell c ON c.county = d.county AND c.span = 'day' AND c.since = d.day
WHERE d.settled AND c.dim = $8 {only_cell} GROUP BY 1
UNION ALL
SELECT {label}, NULL, string_agg(i.keys, '')
FROM day d JOIN report.incident i ON i.county = d.county AND i.recorded_at >= d.since AND i.recorded_at < d.until
WHERE NOT d.settled {only} GROUP BY 1
"""


class TooWideError(Exception):
    """More incidents than are counted one by one for one question."""

    def __init__(self, many: int) -> None:
        """How many there would be."""
        super().__init__(many)
        self.many = many


async def counted(connection: Connection, asked: Question) -> dict[str | None, Kept]:
    """What is kept by value; None where it is not known, and for everything where nothing is asked `by`.

    TooWideError where rows would have to be read and there are too many.
    """
    bounds = (asked.division, asked.period.since, asked.period.until)
    only = list(asked.only.values())
    if asked.dim is None:
        await _is_not_too_wide(connection, asked)
        sql = ROWS.format(label=of_row(asked.by, asked.digits), only=where(asked.only, 4))
        return _added(await connection.fetch(sql, *bounds, *only))
    cell, label = _labels(asked)
    sql = CELLS.format(
        cell=cell, label=label, by_month="false" if asked.by == "day" else "true",
        only=where(asked.only, 9), only_cell=where(asked.only, 9, _of_cell),
    )  # fmt: skip
    rows = await connection.fetch(sql, *bounds, *asked.period.days, *asked.period.months, asked.dim, *only)
    return _added(rows)


async def _is_not_too_wide(connection: Connection, asked: Question) -> None:
    """Within a county any question can be asked of the rows; above it only while there are not too many."""
    if len(asked.division) < Level.COUNTY:
        every = together((await counted(connection, Question(asked.division, asked.period))).values())
        if every.incidents > MOST_ROWS:
            raise TooWideError(every.incidents)


def of_row(by: str | None, digits: int) -> str:
    """What a row is counted under."""
    if by is None:
        return "''"
    return f"left(i.division, {digits})" if by == "division" else OF_ROW[by]


def where(only: Mapping[str, str], first: int, column: Any = OF_ROW.__getitem__) -> str:
    """Conditions for these values, which are parameters from the number `first` on."""
    return "".join(f" AND {column(name)} = ${n}" for n, name in enumerate(only, first))


def _of_cell(name: str) -> str:
    return OF_CELL.get(name, "c.value")


def _labels(asked: Question) -> tuple[str, str]:
    """What a cell and what a row is counted under."""
    if asked.by == "division":
        place = "c.value" if asked.dim == "street" and asked.digits > Level.COUNTY else "c.county"
        return f"left({place}, {asked.digits})", f"left(i.division, {asked.digits})"
    return ("''" if asked.by is None else _of_cell(asked.by)), of_row(asked.by, asked.digits)


def _added(rows: list[Record]) -> dict[str | None, Kept]:
    found = defaultdict[str | None, list[Kept]](list)
    for row in rows:
        found[row["label"] or None].append(Kept(row["counts"] or b"", row["keys"] or b""))
    return {label: together(some) for label, some in found.items()}
