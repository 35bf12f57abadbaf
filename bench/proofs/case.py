"""What a judge has before it: histories and rows, indexed once, and what it says of them. Knows no service.

A history is a list of entries `{"t", "actor", "op", …}`, `t` in seconds of the machine's monotonic clock:

- `clock` {at}: the same instant in seconds since 1970, as the database counts; without one both are the same;
- `sent` {eid, attempt, tries} and `receipt` {eid, rev, stage, incident}: a device, `tries` of them by the second path;
- `shown` {inbox, epoch, seq, id, type, incident, …}: a console drew an event; type `snapshot` has `incidents`;
- `acted` {path, status, body}: a person's command was answered;
- `poison` {size}: a device had nonsense confirmed by the broker; nothing more is asked of what it says than to be seen;
- `killed` and `back` {process}: the fault and its end.

Rows are lists of plain dictionaries as `bench.proofs.rows` reads them, times in seconds since 1970.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

Entry = Mapping[str, Any]
Row = Mapping[str, Any]
OK = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database holds afterwards."""

    raw_events: Sequence[Row] = ()
    alarms: Sequence[Row] = ()
    incidents: Sequence[Row] = ()
    offers: Sequence[Row] = ()
    assignments: Sequence[Row] = ()
    inboxes: Sequence[Row] = ()
    events: Sequence[Row] = ()
    strays: Sequence[Row] = ()
    accounts: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Offence:
    """A broken promise, and the event that shows it."""

    promise: str
    what: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Histories and rows, indexed once."""

    history: Sequence[Entry]
    rows: Rows

    def of(self, op: str) -> Iterator[Entry]:
        """Entries of one kind, in order."""
        return (entry for entry in self.history if entry["op"] == op)

    def eids(self, op: str) -> set[str]:
        """Alarms with such an entry."""
        return {entry["eid"] for entry in self.of(op)}

    @property
    def sound(self) -> list[Row]:
        """Messages that were stored, but for those of devices that talk nonsense."""
        mad = {entry["actor"] for entry in self.of("poison")}
        return [row for row in self.rows.raw_events if row.get("device_id") not in mad]

    @property
    def placed(self) -> list[Row]:
        """Alarms of our own devices that have an incident, with the same exception."""
        nonsense = {row["id"] for row in self.rows.raw_events} - {row["id"] for row in self.sound}
        return [row for row in self.rows.alarms if row["eid"] and row["id"] not in nonsense]

    @property
    def until(self) -> float:
        """The last entry's instant, in seconds since 1970."""
        return self._since_1970(self.history[-1]["t"]) if self.history else 0.0

    @property
    def faults(self) -> list[tuple[float, float]]:
        """From when to when something was broken, in seconds since 1970, in order of the beginning."""
        begun: dict[str, float] = {}
        spans = []
        for entry in self.history:
            if entry["op"] == "killed":
                begun[entry["process"]] = self._since_1970(entry["t"])
            elif entry["op"] == "back" and entry["process"] in begun:
                spans.append((begun.pop(entry["process"]), self._since_1970(entry["t"])))
        return sorted([*spans, *((start, self.until) for start in begun.values())])

    def _since_1970(self, t: float) -> float:
        return t + next((float(entry["at"]) - float(entry["t"]) for entry in self.of("clock")), 0.0)


Rule = Callable[[Case], Iterable[Offence]]


def accepted(case: Case) -> Iterator[tuple[str, str]]:
    """Offer and actor of every acceptance that was answered with yes."""
    for entry in case.of("acted"):
        parts = entry["path"].split("/")
        if parts[-1] == "accept" and entry["status"] == OK:
            yield parts[2], entry["actor"]


def grouped(rows: Iterable[Row], *names: str) -> Iterator[tuple[tuple[Any, ...], list[Row]]]:
    """Rows by what stands under these names."""

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in names)

    for group, members in groupby(sorted(rows, key=key), key):
        yield group, list(members)
