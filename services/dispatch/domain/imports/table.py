"""A table becomes rows of values and a list of what is wrong, row by row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from services.dispatch.domain.imports.cells import BadCellError, plain
from services.dispatch.domain.imports.sheets import Column, Sheet

CLEARED = frozenset({"-", "—", "－"})
"""What a cell says to empty what is there; a cell that is empty itself leaves it."""
HEAD_WITHIN = 10
"""Headings stand in one of the first lines: many tables begin with a title."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line (0: the whole table); `column` is our name of it, `said` the cell as it stands."""

    line: int
    code: str
    column: str | None = None
    said: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says, by column; a column without a word in it is left out, and None empties what is there."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: good rows, faults, and headings that nobody knows."""

    sheet: Sheet
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...] = ()
    head: int = 0
    """The line the headings stand in."""


Line = tuple[int, Sequence[str]]
"""Number as a person counts it, and the cells."""


def read(sheet: Sheet, lines: Iterable[Line]) -> Table:
    """Understand a table; one without the columns it needs has no rows and says which are missing."""
    rest = iter(lines)
    at, head, unknown = _head(sheet, rest)
    missing = [column for column in sheet.columns if column.required and column not in head.values()]
    if missing:
        return Table(sheet, (), tuple(_missing(column, unknown) for column in missing), unknown)
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in rest:
        if not any(cell.strip() for cell in cells):
            continue
        row, wrong = _row(number, cells, head)
        again = None if wrong else seen.setdefault(tuple(row.values.get(part) for part in sheet.key), number)
        if again not in {None, number}:
            wrong = [Fault(number, "twice", sheet.key[0], str(row.values[sheet.key[0]]), {"line": again})]
        faults += wrong
        if not wrong:
            rows.append(row)
    return Table(sheet, tuple(rows), tuple(faults), unknown, at)


def _head(sheet: Sheet, lines: Iterator[Line]) -> tuple[int, dict[int, Column], tuple[str, ...]]:
    """Its line, and columns by position, from the first of the first lines that has two headings we know."""
    known = {_bare(heading): column for column in sheet.columns for heading in (*column.headings, column.name)}
    nearest: tuple[str, ...] = ()
    for _, (number, cells) in zip(range(HEAD_WITHIN), lines, strict=False):
        found: dict[int, Column] = {}
        for n, cell in enumerate(cells):
            column = known.get(_bare(cell))
            if column is not None and column not in found.values():
                found[n] = column
        unknown = tuple(cell.strip() for n, cell in enumerate(cells) if cell.strip() and n not in found)
        if len(found) >= 2:
            return number, found, unknown
        nearest = nearest or unknown
    return 0, {}, nearest


def _bare(heading: str) -> str:
    """A heading without what people add to it: stars, `(必填)`, spaces."""
    return plain(heading).lower().replace("*", "").replace("(必填)", "").replace("(选填)", "").removeprefix("﻿")


def _missing(column: Column, unknown: Sequence[str]) -> Fault:
    near = get_close_matches(column.headings[0], unknown, n=1, cutoff=0.5)
    return Fault(0, "no_column", column.name, near[0] if near else "", {"headings": "、".join(column.headings[:4])})


def _row(number: int, cells: Sequence[str], head: Mapping[int, Column]) -> tuple[Row, list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for n, column in head.items():
        said = cells[n].strip() if n < len(cells) else ""
        if not said or said in CLEARED:
            if column.required:
                faults.append(Fault(number, "missing", column.name))
            elif said:
                values[column.name] = None
            continue
        try:
            values[column.name] = column.read(said)
        except BadCellError as bad:
            faults.append(Fault(number, bad.code, column.name, said, bad.params))
    return Row(number, values), faults
