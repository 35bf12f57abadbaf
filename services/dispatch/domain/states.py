"""Lives of an incident, a job, an offer and an assignment, as data.

The same states stand in the database's CHECKs, and the diagrams in docs/states.md are generated from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class IncidentState(StrEnum):
    """求助事件."""

    OPEN = "open"
    TAKEN = "taken"
    ON_SCENE = "on_scene"
    WITH_ELDER = "with_elder"
    RESOLVED = "resolved"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"
    MERGED = "merged"
    REOPENED = "reopened"


class JobState(StrEnum):
    """工单."""

    CREATED = "created"
    OFFERING = "offering"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    CLOSED = "closed"
    RE_OFFERING = "re_offering"
    ESCALATED = "escalated"
    NO_ACCESS = "no_access"
    NOT_FOUND = "not_found"
    STOOD_DOWN = "stood_down"


class OfferState(StrEnum):
    """响应邀请."""

    SENT = "sent"
    SHOWN = "shown"
    RANG = "rang"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class AssignmentState(StrEnum):
    """接单."""

    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    RELEASED = "released"
    STOOD_DOWN = "stood_down"


INCIDENT_ENDED = frozenset({IncidentState.CLOSED, IncidentState.FALSE_ALARM, IncidentState.MERGED})
_UNTAKEN = (IncidentState.OPEN, IncidentState.REOPENED)
JOINABLE = frozenset({*_UNTAKEN, IncidentState.TAKEN, IncidentState.ON_SCENE, IncidentState.WITH_ELDER})
SEEKING = frozenset({JobState.CREATED, JobState.OFFERING, JobState.RE_OFFERING, JobState.ESCALATED})
SHORT_OF_HANDS = frozenset({JobState.ACCEPTED, JobState.EN_ROUTE, JobState.ARRIVED, JobState.IN_SERVICE})
"""Somebody goes; more are looked for where one is not enough."""
COMING = frozenset({AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE})
"""Has said yes and is not there yet."""
HANDS = ("first", "second")
"""Roles of those who are needed; a backup is one more."""
OFFER_LIVE = frozenset({OfferState.SENT, OfferState.SHOWN, OfferState.RANG})
GOING = frozenset(
    {AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ARRIVED, AssignmentState.IN_SERVICE}
)
STAYED = GOING | {AssignmentState.COMPLETED}

_LIVE = (*sorted(JOINABLE), IncidentState.RESOLVED)
_WORKING = (
    JobState.ACCEPTED,
    JobState.EN_ROUTE,
    JobState.ARRIVED,
    JobState.IN_SERVICE,
    JobState.NO_ACCESS,
    JobState.NOT_FOUND,
)

Table = Mapping[tuple[str, str], str]


def _table(*moves: tuple[str, tuple[str, ...], str]) -> Table:
    return MappingProxyType({(state, tag): after for tag, states, after in moves for state in states})


INCIDENT: Table = _table(
    ("incident.taken", _UNTAKEN, IncidentState.TAKEN),
    ("incident.untaken", (IncidentState.TAKEN,), IncidentState.OPEN),
    ("incident.on_scene", (*_UNTAKEN, IncidentState.TAKEN), IncidentState.ON_SCENE),
    (
        "incident.with_elder",
        (*_UNTAKEN, IncidentState.TAKEN, IncidentState.ON_SCENE),
        IncidentState.WITH_ELDER,
    ),
    (
        "incident.resolved",
        (*_UNTAKEN, IncidentState.TAKEN, IncidentState.ON_SCENE, IncidentState.WITH_ELDER),
        IncidentState.RESOLVED,
    ),
    ("incident.closed", _LIVE, IncidentState.CLOSED),
    ("incident.false_alarm", _LIVE, IncidentState.FALSE_ALARM),
    ("incident.merged", _LIVE, IncidentState.MERGED),
    ("incident.reopened", (IncidentState.RESOLVED, *sorted(INCIDENT_ENDED)), IncidentState.REOPENED),
)

JOB: Table = _table(
    ("job.offering", (JobState.CREATED, JobState.RE_OFFERING, JobState.ESCALATED), JobState.OFFERING),
    ("job.escalated", (JobState.CREATED, JobState.OFFERING, JobState.RE_OFFERING), JobState.ESCALATED),
    (
        "job.accepted",
        (JobState.CREATED, JobState.OFFERING, JobState.RE_OFFERING, JobState.ESCALATED, JobState.EN_ROUTE),
        JobState.ACCEPTED,
    ),
    (
        "job.re_offering",
        (
            JobState.ACCEPTED,
            JobState.EN_ROUTE,
            JobState.ARRIVED,
            JobState.NO_ACCESS,
            JobState.NOT_FOUND,
            JobState.STOOD_DOWN,
        ),
        JobState.RE_OFFERING,
    ),
    ("job.reopened", (JobState.CLOSED, JobState.COMPLETED, JobState.STOOD_DOWN), JobState.RE_OFFERING),
    ("job.en_route", (JobState.ACCEPTED,), JobState.EN_ROUTE),
    ("job.arrived", (JobState.ACCEPTED, JobState.EN_ROUTE), JobState.ARRIVED),
    (
        "job.in_service",
        (JobState.ACCEPTED, JobState.EN_ROUTE, JobState.ARRIVED, JobState.NO_ACCESS, JobState.NOT_FOUND),
        JobState.IN_SERVICE,
    ),
    ("job.no_access", (JobState.ARRIVED, JobState.NOT_FOUND), JobState.NO_ACCESS),
    ("job.not_found", (JobState.ARRIVED, JobState.NO_ACCESS), JobState.NOT_FOUND),
    ("job.completed", (*_WORKING,), JobState.COMPLETED),
    ("job.stood_down", (*sorted(SEEKING), *_WORKING), JobState.STOOD_DOWN),
    ("job.closed", (*sorted(SEEKING), *_WORKING, JobState.COMPLETED, JobState.STOOD_DOWN), JobState.CLOSED),
)

OFFER: Table = _table(
    ("offer.shown", (OfferState.SENT,), OfferState.SHOWN),
    ("offer.rang", (OfferState.SENT, OfferState.SHOWN), OfferState.RANG),
    (
        "offer.accepted",
        (OfferState.SENT, OfferState.SHOWN, OfferState.RANG, OfferState.WITHDRAWN, OfferState.EXPIRED),
        OfferState.ACCEPTED,
    ),
    ("offer.declined", (OfferState.SENT, OfferState.SHOWN, OfferState.RANG, OfferState.ACCEPTED), OfferState.DECLINED),
    ("offer.expired", (OfferState.SENT, OfferState.SHOWN, OfferState.RANG), OfferState.EXPIRED),
    (
        "offer.withdrawn",
        (OfferState.SENT, OfferState.SHOWN, OfferState.RANG, OfferState.ACCEPTED),
        OfferState.WITHDRAWN,
    ),
)

ASSIGNMENT: Table = _table(
    ("assignment.en_route", (AssignmentState.ACCEPTED,), AssignmentState.EN_ROUTE),
    ("assignment.arrived", (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE), AssignmentState.ARRIVED),
    (
        "assignment.in_service",
        (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ARRIVED),
        AssignmentState.IN_SERVICE,
    ),
    ("assignment.completed", (AssignmentState.ARRIVED, AssignmentState.IN_SERVICE), AssignmentState.COMPLETED),
    ("assignment.released", tuple(sorted(GOING)), AssignmentState.RELEASED),
    ("assignment.stood_down", tuple(sorted(GOING)), AssignmentState.STOOD_DOWN),
)


class IllegalMoveError(Exception):
    """A fact was recorded that its state table does not allow."""


def after(table: Table, state: str, tag: str) -> str:
    """State that follows; IllegalMoveError when the table has no such arrow."""
    try:
        return table[state, tag]
    except KeyError:
        message = f"{state} has no arrow {tag}"
        raise IllegalMoveError(message) from None


def allows(table: Table, state: str, tag: str) -> bool:
    """Whether the table has this arrow."""
    return (state, tag) in table
