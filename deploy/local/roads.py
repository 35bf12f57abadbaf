"""Road graphs into the database: a CSV file of an operator, or the synthetic county's own roads."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.database import Connection
from shared.vocabulary.geo import Position, distance_m
from simulators import roads as synthetic
from simulators.roads import Row

COLUMNS = ("from_lat", "from_lon", "to_lat", "to_lon")
PIECE = 2000
"""Rows a transaction: tens of milliseconds, so that nothing holds the log's horizon back."""
LONGEST_M = 50_000.0
ADD = "INSERT INTO dispatch.road VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
POINT = """
INSERT INTO dispatch.road_graph (area, ways, edition) VALUES ($1, $2, $3)
ON CONFLICT (area) DO UPDATE SET ways = excluded.ways, edition = excluded.edition
"""
OLD = """
DELETE FROM dispatch.road WHERE (area, edition, n) IN (
    SELECT area, edition, n FROM dispatch.road WHERE area = $1 AND edition < $2 LIMIT $3)
"""
THERE = "SELECT EXISTS (SELECT FROM dispatch.road_graph WHERE area = $1)"


class BadRoadsError(Exception):
    """A road file that can't be read; the text names line and field."""


def read(path: Path) -> list[Row]:
    """Stretches of a CSV file: from_lat, from_lon, to_lat, to_lon (WGS-84); if known metres and one_way (0 or 1)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
            if missing:
                raise BadRoadsError(f"{path}: line 1: no column {missing[0]}")
            return [_stretch(path, n, line) for n, line in enumerate(lines, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadRoadsError(f"{path}: {fault}") from fault


def _stretch(path: Path, line: int, given: dict[str, str]) -> Row:
    numbers = [_number(path, line, given, name) for name in COLUMNS]
    begin, end = Position(*numbers[:2]), Position(*numbers[2:])
    for place, name in ((begin, "from_lat"), (end, "to_lat")):
        if not place.plausible:
            raise BadRoadsError(f"{path}: line {line}: {name}: no place on earth")
    straight = distance_m(begin, end)
    metres = _number(path, line, given, "metres") if given.get("metres") else straight
    if not 0 < metres <= LONGEST_M:
        raise BadRoadsError(f"{path}: line {line}: metres: {metres:g} is not between 0 and {LONGEST_M:.0f}")
    return begin.lat, begin.lon, end.lat, end.lon, metres, given.get("one_way") in {"1", "true", "yes"}


def _number(path: Path, line: int, given: dict[str, str], name: str) -> float:
    try:
        return float(given[name])
    except (TypeError, ValueError):
        raise BadRoadsError(f"{path}: line {line}: {name}: {given[name]!r} is no number") from None


async def load(owner_url: str, area: str, rows: Sequence[Row], at: datetime) -> None:
    """Write a new edition in small pieces, point at it, and clear the old one away; services notice within a minute."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        for start, piece in _pieces(rows):
            values = [(area, at, start + n, *row) for n, row in enumerate(piece)]
            await connection.executemany(ADD, values)
        await connection.execute(POINT, area, len(rows), at)
        await _forget(connection, area, at)
    finally:
        await connection.close()


async def load_synthetic(owner_url: str, area: str, at: datetime) -> int:
    """The synthetic county's roads, unless there is a graph already; answers how many stretches were written."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        if await connection.fetchval(THERE, area):
            return 0
    finally:
        await connection.close()
    rows = synthetic.roads()
    await load(owner_url, area, rows, at)
    return len(rows)


async def _forget(connection: Connection, area: str, at: datetime) -> None:
    while not (await connection.execute(OLD, area, at, PIECE)).endswith(" 0"):
        pass


def _pieces(rows: Sequence[Row]) -> Iterator[tuple[int, Sequence[Row]]]:
    for start in range(0, len(rows), PIECE):
        yield start, rows[start : start + PIECE]
