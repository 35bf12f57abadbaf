"""Who goes, and that nobody else was told so. Pure; knows no service."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from bench.proofs.case import Case, Offence, Row, accepted, grouped

MILLISECONDS_CUT_S = 0.001
FOREVER = float("inf")
BECOMES = {"assignment.promoted": "first", "assignment.demoted": "backup"}


def two_winners(case: Case) -> Iterator[Offence]:
    """At no instant do two hold the same slot of a job; who is promoted or demoted changes slots at that instant."""
    changes: dict[str, list[Row]] = defaultdict(list)
    for event in case.rows.events:
        if event["tag"] in BECOMES:
            changes[event["assignment"]].append(event)
    held = [part for row in case.rows.assignments for part in _parts(row, changes[row["id"]])]
    for (job, role, slot), rows in grouped(held, "job_id", "role", "slot"):
        for one, other in _overlapping(rows, "held_from"):
            who = [one["responder_id"], other["responder_id"]]
            yield Offence("double_assigned", f"two hold {role} {slot}", {"job": job, "responders": who})


def _parts(row: Row, changes: Sequence[Row]) -> Iterator[Row]:
    """What somebody held one after the other, from the acceptance to the end."""
    turns = sorted(changes, key=lambda event: event["at"])
    roles = [BECOMES[event["tag"]] for event in turns]
    before = row["role"] if not roles else "backup" if roles[0] == "first" else "first"
    starts = [row["accepted_at"], *(event["at"] for event in turns)]
    ends = [*starts[1:], row["ended_at"]]
    for role, start, end in zip([before, *roles], starts, ends, strict=True):
        yield {**row, "role": role, "held_from": start, "ended_at": end}


def two_places(case: Case) -> Iterator[Offence]:
    """Nobody is under way to two jobs at once."""
    going = [row for row in case.rows.assignments if row["role"] != "backup" and row["departed_at"] is not None]
    for (responder,), rows in grouped(going, "responder_id"):
        for one, other in _overlapping(rows, "departed_at"):
            jobs = [one["job_id"], other["job_id"]]
            yield Offence("double_assigned", "under way to two jobs", {"responder": responder, "jobs": jobs})


def accepted_answers(case: Case) -> Iterator[Offence]:
    """Whoever was told that the acceptance holds, is assigned; nobody was told so of another's offer.

    A yes to an earlier offer is a yes to what the same person has been asked since.
    """
    asked = {row["id"]: (row["job_id"], row["responder_id"]) for row in case.rows.offers}
    held = {(row["job_id"], row["responder_id"]) for row in case.rows.assignments}
    winners: dict[str, set[str]] = defaultdict(set)
    for offer, actor in accepted(case):
        winners[offer].add(actor)
        if asked.get(offer) not in held:
            yield Offence("lost_accepts", "accepted, not assigned", {"offer": offer, "actor": actor})
    for offer, actors in winners.items():
        if len(actors) > 1:
            yield Offence("double_assigned", "one offer, two winners", {"offer": offer, "actors": sorted(actors)})


def _overlapping(rows: Iterable[Row], begin: str) -> Iterator[tuple[Row, Row]]:
    """Neighbours in time of which the later began before the earlier ended."""
    for one, other in pairwise(sorted(rows, key=lambda row: row[begin])):
        if other[begin] + MILLISECONDS_CUT_S < (one["ended_at"] if one["ended_at"] is not None else FOREVER):
            yield one, other
