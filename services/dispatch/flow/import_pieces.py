"""One piece of a table beside what is there: what is new, what is changed, and what can't be."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from services.dispatch.domain.imports import merging
from services.dispatch.domain.imports.merging import Before
from services.dispatch.domain.imports.table import Fault, Row
from services.dispatch.store import imports as store
from shared.runtime.database import Connection

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writing:
    """By whom and when; `code` makes a fresh code for an elder."""

    area: str
    by: str
    now: datetime
    code: Callable[[], str]


@dataclass
class Piece:
    """What became of some rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    differing: list[Row] = field(default_factory=list)

    def sort(self, row: Row, *, new: bool, differs: bool) -> None:
        """One row more."""
        if new:
            self.added += 1
        elif differs:
            self.changed += 1
        else:
            self.same += 1
        if new or differs:
            self.differing.append(row)


class Work(Protocol):
    """Looks at some rows of one kind of table; writes them if told so."""

    def __call__(
        self, connection: Connection, rows: Sequence[Row], writing: Writing, *, write: bool
    ) -> Awaitable[Piece]:
        """Answer what became of them, or would."""


def _differs(wanted: Stored, there: Stored | None) -> bool:
    return there is None or any(there.get(name) != value for name, value in wanted.items())


def _elsewhere(row: Row, there: Stored | None, area: str) -> Fault | None:
    if there is None or str(there["division"]).startswith(area):
        return None
    return Fault(row.line, "elsewhere", "id", str(row.values["id"]))


async def elders(connection: Connection, rows: Sequence[Row], writing: Writing, *, write: bool) -> Piece:
    """Homes, elders, assessments, contacts; each new elder gets her code."""
    piece, ids = Piece(), [str(row.values["id"]) for row in rows]
    known = await store.there(connection, "elder", ids)
    homes = await store.there(connection, "home", [merging.home_id(r.values, known.get(r.values["id"])) for r in rows])
    contacts = await store.there(connection, "contact", ids)
    assessed = await store.there(connection, "assessment", ids)
    wanted: dict[str, dict[str, Any]] = {"home": {}, "elder": {}, "contact": {}, "assessment": {}}
    moved: list[str] = []
    for row in rows:
        old = known.get(row.values["id"])
        home = homes.get(merging.home_id(row.values, old))
        if fault := _elsewhere(row, old, writing.area) or _elsewhere(row, home, writing.area):
            piece.faults.append(fault)
            continue
        hers = {n: contacts[key] for n in range(1, 4) if (key := f"{row.values['id']}/{n}") in contacts}
        made = merging.elder(row.values, Before(old, home, hers), writing.now.isoformat())
        differing = _differing(made, {"home": homes, "elder": known, "contact": contacts, "assessment": assessed})
        piece.sort(row, new=old is None, differs=bool(differing))
        for table, key, values in differing:
            wanted[table][key] = values
        homes[made["home"][0]["id"]] = made["home"][0]
        if old is not None and old["division"] != row.values["division"]:
            moved.append(str(row.values["id"]))
    if write:
        await _put_elders(connection, wanted, writing, new=[e for e in wanted["elder"] if e not in known])
        await store.follow(connection, moved)
    return piece


def _differing(
    made: Mapping[str, Iterable[dict[str, Any]]], there: Mapping[str, Mapping[str, Stored]]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Table, key and row of what is not so already."""
    return [
        (table, key, row)
        for table, rows in made.items()
        for row in rows
        if _differs(row, there[table].get(key := "/".join(str(row[part]) for part in store.KEYS[table])))
    ]


async def _put_elders(
    connection: Connection, wanted: Mapping[str, Mapping[str, Any]], writing: Writing, new: Sequence[str]
) -> None:
    signed = {"by_account": writing.by, "at": writing.now.isoformat()}
    for table, rows in wanted.items():
        extra = signed if table == "assessment" else {}
        await store.put(connection, table, [row | extra for row in rows.values()])
    places = {e: wanted["elder"][e]["division"] for e in new}
    await store.add_codes(connection, {e: (writing.code(), places[e]) for e in new}, writing.now, writing.by)


async def contacts(connection: Connection, rows: Sequence[Row], writing: Writing, *, write: bool) -> Piece:
    """More contacts of elders who are there already."""
    piece, ids = Piece(), [str(row.values["elder"]) for row in rows]
    known = await store.there(connection, "elder", ids)
    there = await store.there(connection, "contact", ids)
    wanted = []
    for row in rows:
        elder = known.get(row.values["elder"])
        if elder is None or not str(elder["division"]).startswith(writing.area):
            piece.faults.append(Fault(row.line, "no_elder", "elder", str(row.values["elder"])))
            continue
        old = there.get(f"{row.values['elder']}/{row.values['ord']}")
        made = merging.contact(row.values, old, elder["division"])
        piece.sort(row, new=old is None, differs=_differs(made, old))
        if _differs(made, old):
            wanted.append(made)
    if write:
        await store.put(connection, "contact", wanted)
    return piece


async def providers(connection: Connection, rows: Sequence[Row], writing: Writing, *, write: bool) -> Piece:
    """Organisations."""
    piece, wanted = Piece(), []
    known = await store.there(connection, "provider", [str(row.values["id"]) for row in rows])
    for row in rows:
        old = known.get(row.values["id"])
        if fault := _elsewhere(row, old, writing.area):
            piece.faults.append(fault)
            continue
        made = merging.provider(row.values, Before(old))
        piece.sort(row, new=old is None, differs=_differs(made, old))
        if _differs(made, old):
            wanted.append(made)
    if write:
        await store.put(connection, "provider", wanted)
    return piece


async def responders(connection: Connection, rows: Sequence[Row], writing: Writing, *, write: bool) -> Piece:
    """People who go, with their skills."""
    piece, wanted, ids = Piece(), [], [str(row.values["id"]) for row in rows]
    known = await store.there(connection, "responder", ids)
    skills = await store.there(connection, "skill", ids)
    named = [str(row.values["provider_id"]) for row in rows if row.values.get("provider_id")]
    organisations = await store.there(connection, "provider", named)
    learned: dict[str, tuple[str, Sequence[str]]] = {}
    for row in rows:
        name = str(row.values["id"])
        old = known.get(name)
        if fault := _elsewhere(row, old, writing.area) or _without_provider(row, organisations):
            piece.faults.append(fault)
            continue
        made = merging.responder(row.values, Before(old))
        knows = sorted(row.values["skills"] or ()) if "skills" in row.values else skills.get(name, [])
        differs = _differs(made, old)
        piece.sort(row, new=old is None, differs=differs or knows != skills.get(name, []))
        if differs:
            wanted.append(made)
        if knows != skills.get(name, []):
            learned[name] = (row.values["division"], knows)
    if write:
        await store.put(connection, "responder", wanted)
        await store.put_skills(connection, learned)
    return piece


def _without_provider(row: Row, there: Mapping[str, Stored]) -> Fault | None:
    belongs = row.values.get("provider_id")
    if belongs is None:
        missing = row.values["kind"] == "provider"
        return Fault(row.line, "missing", "provider_id") if missing else None
    return None if belongs in there else Fault(row.line, "no_provider", "provider_id", str(belongs))


PIECES: Mapping[str, Work] = MappingProxyType(
    {"elders": elders, "contacts": contacts, "providers": providers, "responders": responders}
)
