"""When the ladder should have been climbed, and when it was. Pure functions; they know no service.

While nobody accepts, the next rung of an incident's policy is due so many seconds after the one before, and when all
are used up the last again every `repeat` seconds. Times are seconds since 1970.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bench.proofs.case import Case, Offence, Row, grouped

CUT_S = 0.005
"""Instants of the log are cut to milliseconds."""
LATE_S = 10.0
"""After its time, or after the end of a fault that stood in the way: a process that is back has yet to begin."""
UNANSWERED = frozenset({"sent", "shown", "rang"})


class Kept(NamedTuple):
    """A deadline and the instant at which it was kept, if it was."""

    incident: str
    due: float
    at: float | None

    @property
    def late_s(self) -> float:
        """How late; NaN where it was not kept at all."""
        return self.at - self.due if self.at is not None else float("nan")


def kept(incidents: Iterable[Row], events: Iterable[Row], until: float) -> list[Kept]:
    """Every rung that was due by `until` of incidents that nobody has accepted, in the order in which it was due.

    `events` are `incident.escalated` {incident, at, why, rung}, oldest first.
    """
    climbed: dict[str, list[Row]] = {}
    for event in events:
        climbed.setdefault(event["incident"], []).append(event)
    return sorted(
        (one for incident in incidents for one in _of(incident, climbed.get(incident["id"], ()), until)),
        key=lambda one: one.due,
    )


def _of(incident: Row, climbed: Iterable[Row], until: float) -> Iterator[Kept]:
    since, rung = float(incident["opened_at"]), 0
    for event in climbed:
        if event["why"] == "nobody_accepted":
            yield Kept(incident["id"], since + _step_s(incident, rung), event["at"])
        since, rung = event["at"], event["rung"]
    if (due := since + _step_s(incident, rung)) <= until:
        yield Kept(incident["id"], due, None)


def _step_s(incident: Row, rung: int) -> float:
    """Seconds from one rung to the next, by the gravest priority the incident has had: the shortest there can be."""
    rule = incident["policy"]["rules"][str(incident["priority"])]
    ladder = [0.0, *(float(step["after_s"]) for step in rule["ladder"])]
    return ladder[rung + 1] - ladder[rung] if rung + 1 < len(ladder) else float(rule["repeat"])


def early(found: Iterable[Kept]) -> list[Kept]:
    """What came before its time."""
    return [one for one in found if one.at is not None and one.late_s < -CUT_S]


def missed(found: Iterable[Kept], until: float, patience_s: float) -> list[Kept]:
    """What should have come long before `until`, and has not."""
    return [one for one in found if one.at is None and one.due < until - patience_s]


def expired_early(case: Case) -> Iterator[Offence]:
    """No offer expires before its deadline."""
    deadlines = {row["id"]: row["respond_by"] for row in case.rows.offers}
    for event in case.rows.events:
        if event["tag"] == "offer.expired" and event["offer"] in deadlines:
            yield from _early(event, deadlines[event["offer"]])


def rung_early(case: Case) -> Iterator[Offence]:
    """While nobody accepts, no level is rung before the policy's step from the one before."""
    incidents = {row["id"]: row for row in case.rows.incidents}
    for (name,), events in grouped(_escalations(case), "incident"):
        if name in incidents:
            since, rung = float(incidents[name]["opened_at"]), 0
            for event in sorted(events, key=lambda event: event["at"]):
                if event["why"] == "nobody_accepted":
                    yield from _early(event, since + _step_s(incidents[name], rung))
                since, rung = event["at"], event["rung"]


def late(case: Case) -> Iterator[Offence]:
    """Offers end at their deadline, and where nobody ever comes each rung is climbed at its second."""
    faults = case.faults
    for what, due, at in (*_answers_due(case), *_rungs_due(case)):
        excused = _after_faults(due, faults)
        if (at if at is not None else case.until) > excused + LATE_S:
            kept = "never" if at is None else round(at - due, 3)
            yield Offence("late", "after its time", {**what, "due": due, "late_s": kept})


def _answers_due(case: Case) -> Iterator[tuple[Row, float, float | None]]:
    ended = {event["offer"]: event["at"] for event in case.rows.events if event["tag"] == "offer.expired"}
    for row in case.rows.offers:
        if row["id"] in ended or row.get("state") in UNANSWERED:
            yield {"offer": row["id"]}, row["respond_by"], ended.get(row["id"])


def _rungs_due(case: Case) -> Iterator[tuple[Row, float, float | None]]:
    """Of incidents with one press, of which nobody has taken hold: the others' ladders start anew in between."""
    touched = {row.get("incident_id") for row in case.rows.assignments}
    presses = Counter(row["incident_id"] for row in case.rows.alarms)
    alone = [
        row for row in case.rows.incidents
        if row["family"] == "person" and row["state"] == "open" and row.get("taken_by") is None
        and row["id"] not in touched and presses[row["id"]] == 1
    ]  # fmt: skip
    by_time = sorted(_escalations(case), key=lambda event: event["at"])
    for one in kept(alone, by_time, case.until):
        yield {"incident": one.incident}, one.due, one.at


def _after_faults(due: float, faults: Sequence[tuple[float, float]]) -> float:
    """When it could be kept at the earliest: a fault that comes before that puts it off to its end."""
    for begun, ended in faults:
        if begun <= due + LATE_S:
            due = max(due, ended)
    return due


def _escalations(case: Case) -> list[Row]:
    return [event for event in case.rows.events if event["tag"] == "incident.escalated"]


def _early(event: Row, due: float) -> Iterator[Offence]:
    if event["at"] < due - CUT_S:
        evidence = {"tag": event["tag"], "incident": event["incident"], "early_s": round(due - event["at"], 3)}
        yield Offence("early", "before its time", evidence)
