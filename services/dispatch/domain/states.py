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


I, J, O, A = IncidentState, JobState, OfferState, AssignmentState

INCIDENT_ENDED = frozenset({I.CLOSED, I.FALSE_ALARM})
JOINABLE = frozenset({I.OPEN, I.TAKEN, I.ON_SCENE, I.WITH_ELDER})
SEEKING = frozenset({J.CREATED, J.OFFERING, J.RE_OFFERING, J.ESCALATED})
OFFER_LIVE = frozenset({O.SENT, O.SHOWN, O.RANG})
GOING = frozenset({A.ACCEPTED, A.EN_ROUTE, A.ARRIVED, A.IN_SERVICE})

_LIVE = tuple(sorted(JOINABLE)) + (I.RESOLVED,)
_WORKING = (J.ACCEPTED, J.EN_ROUTE, J.ARRIVED, J.IN_SERVICE, J.NO_ACCESS, J.NOT_FOUND)

Table = Mapping[tuple[str, str], str]


def _table(*moves: tuple[str, tuple[str, ...], str]) -> Table:
    return MappingProxyType({(state, tag): after for tag, states, after in moves for state in states})


INCIDENT: Table = _table(
    ("incident.taken", (I.OPEN,), I.TAKEN),
    ("incident.on_scene", (I.OPEN, I.TAKEN), I.ON_SCENE),
    ("incident.with_elder", (I.OPEN, I.TAKEN, I.ON_SCENE), I.WITH_ELDER),
    ("incident.resolved", (I.OPEN, I.TAKEN, I.ON_SCENE, I.WITH_ELDER), I.RESOLVED),
    ("incident.closed", _LIVE, I.CLOSED),
    ("incident.false_alarm", _LIVE, I.FALSE_ALARM),
)

JOB: Table = _table(
    ("job.offering", (J.CREATED, J.RE_OFFERING, J.ESCALATED), J.OFFERING),
    ("job.escalated", (J.CREATED, J.OFFERING, J.RE_OFFERING), J.ESCALATED),
    ("job.accepted", (J.CREATED, J.OFFERING, J.RE_OFFERING, J.ESCALATED), J.ACCEPTED),
    ("job.re_offering", (J.ACCEPTED, J.EN_ROUTE, J.ARRIVED, J.NO_ACCESS, J.NOT_FOUND, J.STOOD_DOWN), J.RE_OFFERING),
    ("job.en_route", (J.ACCEPTED,), J.EN_ROUTE),
    ("job.arrived", (J.ACCEPTED, J.EN_ROUTE), J.ARRIVED),
    ("job.in_service", (J.ACCEPTED, J.EN_ROUTE, J.ARRIVED, J.NO_ACCESS, J.NOT_FOUND), J.IN_SERVICE),
    ("job.no_access", (J.ARRIVED, J.NOT_FOUND), J.NO_ACCESS),
    ("job.not_found", (J.ARRIVED, J.NO_ACCESS), J.NOT_FOUND),
    ("job.completed", (*_WORKING,), J.COMPLETED),
    ("job.stood_down", (*sorted(SEEKING), *_WORKING), J.STOOD_DOWN),
    ("job.closed", (*sorted(SEEKING), *_WORKING, J.COMPLETED, J.STOOD_DOWN), J.CLOSED),
)

OFFER: Table = _table(
    ("offer.shown", (O.SENT,), O.SHOWN),
    ("offer.rang", (O.SENT, O.SHOWN), O.RANG),
    ("offer.accepted", (O.SENT, O.SHOWN, O.RANG, O.WITHDRAWN, O.EXPIRED), O.ACCEPTED),
    ("offer.declined", (O.SENT, O.SHOWN, O.RANG, O.ACCEPTED), O.DECLINED),
    ("offer.expired", (O.SENT, O.SHOWN, O.RANG), O.EXPIRED),
    ("offer.withdrawn", (O.SENT, O.SHOWN, O.RANG, O.ACCEPTED), O.WITHDRAWN),
)

ASSIGNMENT: Table = _table(
    ("assignment.en_route", (A.ACCEPTED,), A.EN_ROUTE),
    ("assignment.arrived", (A.ACCEPTED, A.EN_ROUTE), A.ARRIVED),
    ("assignment.in_service", (A.ACCEPTED, A.EN_ROUTE, A.ARRIVED), A.IN_SERVICE),
    ("assignment.completed", (A.ARRIVED, A.IN_SERVICE), A.COMPLETED),
    ("assignment.released", tuple(sorted(GOING)), A.RELEASED),
    ("assignment.stood_down", tuple(sorted(GOING)), A.STOOD_DOWN),
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
