"""The same figures by another way: event by event from the log, percentiles by sorting. Slow, and easy to believe.

`./yinling reports verify` and the tests hold what is kept against this; it shares nothing with it but the names of
stages and targets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from services.gateway.domain.sketch import PERCENTILES, STAGES, TARGETS

COUNTED = frozenset({"person", "fire", "wandering", "house"})
WRONG_CLOCKS = frozenset({"clock_ahead", "clock_behind"})
STAGE_OF = {
    "offer.rang": "rung",
    "incident.taken": "taken",
    "incident.claimed": "taken",
    "offer.sent": "offered",
    "assignment.made": "accepted",
    "assignment.en_route": "departed",
    "incident.on_scene": "arrived",
    "assignment.arrived": "arrived",
    "incident.with_elder": "with_elder",
    "assignment.in_service": "with_elder",
}
RANKING = frozenset({"alarm.joined", "incident.reclassified", "incident.confirmed", "incident.absorbed"})


@dataclass(frozen=True, slots=True)
class Said:
    """An event of the log, as far as figures need it."""

    stream: str
    stream_id: str
    seq: int
    tag: str
    body: Mapping[str, Any] = field(repr=False)
    recorded_at: datetime
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One incident of the figures. `took` are seconds by stage."""

    id: str
    division: str
    recorded_at: datetime
    kind: str
    priority: int
    cls: str
    device: str | None
    responder: str | None
    state: str
    outcome: str | None
    took: Mapping[str, float]


def recount(events: Iterable[Said]) -> dict[str, Told]:
    """Every incident that is in the figures, from all events of their streams and of the presses."""
    streams: dict[str, dict[int, Said]] = {}
    presses: dict[str, datetime | None] = {}
    for one in events:
        if one.stream == "incident":
            streams.setdefault(one.stream_id, {})[one.seq] = one
        elif one.tag == "alarm.raised":
            presses[str(one.body["alarm"])] = one.happened_at
    ordered = {name: [said[seq] for seq in sorted(said)] for name, said in streams.items()}
    found = (_told(name, ordered, presses) for name in ordered)
    return {one.id: one for one in found if one is not None}


def _told(
    name: str, streams: Mapping[str, Sequence[Said]], presses: Mapping[str, datetime | None]
) -> Told | None:  # fmt: skip
    own = streams[name]
    opening = next((one for one in own if one.tag == "incident.opened"), None)
    ends = [one for one in own if one.tag.removeprefix("incident.") in _ENDS]
    last = ends[-1].tag.removeprefix("incident.") if ends else "open"
    if opening is None or not _counts(opening.body) or last == "merged":
        return None
    family = [one for member in _members(name, streams) for one in streams.get(member, ())]
    first = min((one for one in family if one.tag == "incident.opened"), key=_pressed)
    began = _pressed(first)
    times = _times(family)
    ended = ends[-1] if last in ("closed", "false_alarm") else None
    if ended is not None:
        times["closed"] = ended.recorded_at
    took = {stage: (at - began).total_seconds() for stage, at in times.items()}
    claimed = None if WRONG_CLOCKS & set(first.body["flags"]) else presses.get(str(first.body["alarm"]))
    if claimed is not None:
        took["recorded"] = (began - claimed).total_seconds()
    body = opening.body
    return Told(
        name, body["division"], began, body["kind"], _priority(body, family), body["cls"], body["device"],
        _responder(family), last if ended else "open", ended.body["outcome"] if ended else None, took,
    )  # fmt: skip


_ENDS = frozenset({"closed", "false_alarm", "merged", "reopened"})


def _counts(body: Mapping[str, Any]) -> bool:
    return body["family"] in COUNTED and not body["drill"] and not body["canary"]


def _pressed(opening: Said) -> datetime:
    return datetime.fromisoformat(opening.body["pressed_at"])


def _members(name: str, streams: Mapping[str, Sequence[Said]]) -> set[str]:
    """The incident, and whatever was merged into it and is still part of it."""
    found, left = set[str](), [name]
    while left:
        one = left.pop()
        if one in found:
            continue
        found.add(one)
        within: dict[str, None] = {}
        for said in streams.get(one, ()):
            if said.tag == "incident.absorbed":
                within[said.body["other"]] = None
            elif said.tag == "incident.split_off":
                within.pop(said.body["other"], None)
        left.extend(within)
    return found


def _times(family: Sequence[Said]) -> dict[str, datetime]:
    """When each stage was first reached."""
    found: dict[str, datetime] = {}
    for one in family:
        stage = STAGE_OF.get(one.tag)
        if one.tag == "receipt.changed" and one.body["stage"] == "seen":
            stage = "rung"
        if stage is not None:
            found[stage] = min(one.recorded_at, found.get(stage, one.recorded_at))
    return found


def _priority(opening: Mapping[str, Any], family: Sequence[Said]) -> int:
    return min(int(body["priority"]) for body in (opening, *(one.body for one in family if one.tag in RANKING)))


def _responder(family: Sequence[Said]) -> str | None:
    for tag in ("assignment.arrived", "assignment.made"):
        there = sorted((one.recorded_at, one.seq, one.body["responder"]) for one in family if one.tag == tag)
        if there:
            return str(there[0][2])
    return None


@dataclass(frozen=True, slots=True)
class Exact:
    """One stage: how many, the exact percentiles, how many within each target."""

    n: int
    percentiles: tuple[float | None, ...]
    within: tuple[int, ...]


def exact(told: Iterable[Told]) -> dict[str, Exact]:
    """Figures of these incidents by stage."""
    took: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for one in told:
        for stage, seconds in one.took.items():
            took[stage].append(max(0.0, seconds))
    return {stage: _exact(stage, sorted(values)) for stage, values in took.items()}


def _exact(stage: str, values: Sequence[float]) -> Exact:
    ranks = [max(1, ceil(round(share * len(values), 9))) for share in PERCENTILES]
    return Exact(
        len(values),
        tuple(values[rank - 1] if values else None for rank in ranks),
        tuple(sum(value <= seconds for value in values) for seconds, _ in TARGETS.get(stage, ())),
    )


def last_month(now: datetime, zone: timedelta = timedelta(hours=8)) -> tuple[datetime, datetime]:
    """From when until when last month was, where the sun is so far ahead of Greenwich."""
    here = (now + zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (here - timedelta(days=1)).replace(day=1)
    return before - zone, here - zone
