"""A table is taken in: read, checked row by row, compared with what is there, and written in small pieces.

Nothing is written before every row has been looked at. A row goes in whole, home, elder and contacts together, or not
at all; a kill between two pieces leaves whole rows, and taking the same file in again does the rest and no more. No
piece is meant to take longer than a thirtieth of a second, so that no alarm waits for it.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from secrets import token_bytes
from uuid import UUID

from services.dispatch.domain.imports import codes
from services.dispatch.domain.imports.places import Degrees, Gazetteer
from services.dispatch.domain.imports.rows import divided, settled
from services.dispatch.domain.imports.sheets import Sheet
from services.dispatch.domain.imports.table import Fault, Row, Table, read
from services.dispatch.flow.import_pieces import PIECES, Piece, Writing
from services.dispatch.registry.files import lines
from services.dispatch.store import imports as store
from shared.runtime import log
from shared.runtime.clock import Clock, stopwatch
from shared.runtime.database import Database
from shared.runtime.log import NewEvent
from shared.vocabulary.ids import uuid7

ZONE = timezone(timedelta(hours=8))
PIECE_S = 0.03
"""What a piece shall take; three times as long would be felt by an alarm."""
FEWEST, MOST = 10, 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """For which area, by whom, and how the file's coordinates become ours."""

    area: str
    by: str
    to_wgs84: Callable[[Degrees], Degrees] = field(default=lambda place: place)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file, or would: `written` says which. `head`: line of the headings; `longest_s`: of a piece."""

    sheet: Sheet
    rows: int
    added: int
    changed: int
    same: int
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...]
    head: int
    written: bool
    longest_s: float = 0.0

    @property
    def refused(self) -> int:
        """Lines with something wrong in them."""
        return len({fault.line for fault in self.faults if fault.line})


@dataclass
class Tally:
    """Counts while the pieces go by."""

    added: int = 0
    changed: int = 0
    same: int = 0
    longest_s: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    differing: list[Row] = field(default_factory=list)

    def count(self, piece: Piece) -> None:
        """One piece more."""
        self.added += piece.added
        self.changed += piece.changed
        self.same += piece.same
        self.faults += piece.faults
        self.differing += piece.differing


class Importer:
    """Takes tables in over one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`database` is under a role that may write the registry."""
        self._database = database
        self._clock = clock

    async def look(self, sheet: Sheet, content: bytes, terms: Terms) -> Report:
        """What would become of the file. Raises BadFileError for what is no table at all."""
        table = await self._checked(sheet, content, terms)
        tally = await self._compared(table, terms)
        return _report(table, tally, written=False)

    async def take(self, sheet: Sheet, content: bytes, terms: Terms, *, good_rows: bool = False) -> Report:
        """Write the file, or nothing when a row of it is bad; with `good_rows` the others go in."""
        table = await self._checked(sheet, content, terms)
        seen = await self._compared(table, terms)
        faults = (*table.faults, *seen.faults)
        if not table.rows or (faults and not good_rows):
            return _report(table, seen, written=False)
        bad = {fault.line for fault in faults}
        tally = await self._written(table, seen, terms, content, len(bad))
        tally.same += seen.same
        tally.faults = seen.faults
        return _report(table, tally, written=True)

    async def _checked(self, sheet: Sheet, content: bytes, terms: Terms) -> Table:
        async with self._database.transaction() as connection:
            places = await store.places(connection, terms.area)
            bounds = await store.bounds(connection, terms.area)
        today = self._clock.now().astimezone(ZONE).date()
        gazetteer = Gazetteer(places, terms.area, today, bounds, terms.to_wgs84)

        def check() -> Table:
            table = read(sheet, lines(content))
            both = [settled(row, gazetteer, today) for row in table.rows]
            torn = divided(row for row, wrong in both if not wrong)
            bad = {fault.line for fault in torn}
            rows = tuple(row for row, wrong in both if not wrong and row.line not in bad)
            return Table(
                sheet, rows, (*table.faults, *(f for _, wrong in both for f in wrong), *torn), table.unknown, table.head
            )

        return await asyncio.to_thread(check)

    async def _compared(self, table: Table, terms: Terms) -> Tally:
        """Look at every row beside what is there; nothing is written."""
        tally, piece = Tally(), PIECES[table.sheet.name]
        for rows in _even(table.rows, MOST):
            async with self._database.transaction() as connection:
                tally.count(await piece(connection, rows, self._writing(terms), write=False))
        return tally

    async def _written(self, table: Table, seen: Tally, terms: Terms, content: bytes, refused: int) -> Tally:
        name, now = uuid7(self._clock.now()), self._clock.now()
        digest, many = hashlib.sha256(content).hexdigest(), seen.same + len(seen.differing) + refused
        async with self._database.transaction() as connection:
            await store.begin(connection, name, terms.area, table.sheet.name, digest, many, refused, terms.by, now)
        tally = await self._in_pieces(table.sheet, seen.differing, terms)
        await self._told(name, table.sheet, terms, tally, seen.same, refused)
        return tally

    async def _in_pieces(self, sheet: Sheet, rows: Sequence[Row], terms: Terms) -> Tally:
        """As many rows at a time as take about PIECE_S."""
        tally, piece, size, at = Tally(), PIECES[sheet.name], FEWEST, 0
        while at < len(rows):
            begun = stopwatch()
            async with self._database.transaction() as connection:
                tally.count(await piece(connection, rows[at : at + size], self._writing(terms), write=True))
            took = stopwatch() - begun
            tally.longest_s = max(tally.longest_s, took)
            at += size
            size = max(FEWEST, min(MOST, round(size * min(1.5, PIECE_S / took))))
        return tally

    def _writing(self, terms: Terms) -> Writing:
        return Writing(terms.area, terms.by, self._clock.now(), lambda: codes.spelt(token_bytes(8)))

    async def _told(self, name: UUID, sheet: Sheet, terms: Terms, tally: Tally, same: int, refused: int) -> None:
        now = self._clock.now()
        same += tally.same
        counts = {"added": tally.added, "changed": tally.changed, "same": same, "refused": refused}
        body = {"import": str(name), "sheet": sheet.name, **counts}
        event = NewEvent(uuid7(now), "registry", terms.area, "registry.imported", body, terms.area, terms.by)
        async with self._database.transaction() as connection:
            await log.lock(connection, [f"registry/{terms.area}"])
            await store.end(connection, name, tally.added, tally.changed, same, now)
            await log.append(connection, [event], now)


def _even(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _report(table: Table, tally: Tally, *, written: bool) -> Report:
    faults = tuple(sorted((*table.faults, *tally.faults), key=lambda fault: fault.line))
    return Report(
        table.sheet, len(table.rows) + len({f.line for f in table.faults if f.line}), tally.added, tally.changed,
        tally.same, faults, table.unknown, table.head, written, tally.longest_s,
    )  # fmt: skip
