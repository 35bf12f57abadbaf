"""搁置: a condition of a thing leaves the desk's list for a while, with a reason, and comes back by itself.

What a person pressed is never put aside, nor what has taken so long that people stand in for the thing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from services.dispatch.domain.case import Case, Incident
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import Refusal, argument, wrong_state
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import AlarmKind, Family, Priority

KINDS = frozenset({AlarmKind.LOW_BATT, AlarmKind.OFFLINE, AlarmKind.TAMPER, AlarmKind.MAINS_LOST})
FOREVER_NOT = argument("minutes", "not_allowed")
NEVER = Refusal("never_shelved")
NOT_SHELVED = Refusal("not_shelved")
MINUTES = (15, 60, 480, 1440)


def may_be_shelved(incident: Incident) -> bool:
    """Only conditions of things, only while they are not grave, and nothing that stands for many people."""
    faults = incident.faults.values()
    return (
        incident.family == Family.DEVICE
        and not incident.of_many
        and incident.covered_at is None
        and incident.priority >= Priority.P3
        and bool(faults)
        and all(fault["kind"] in KINDS for fault in faults)
    )


def shelve(moment: Moment, case: Case, shelf: UUID, minutes: int) -> Story | Refusal:
    """Put aside for 15 min, 1 h, 8 h or 24 h."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    if minutes not in MINUTES:
        return FOREVER_NOT
    if not may_be_shelved(case.incident):
        return NEVER
    return put_aside(moment, case, shelf, moment.now + timedelta(minutes=minutes))


def put_aside(moment: Moment, case: Case, shelf: UUID, until: datetime) -> Story:
    """Off the list until then."""
    story = Story(case, moment)
    story.tell("incident.shelved", shelf=shelf, until=until)
    return story


def unshelve(moment: Moment, case: Case) -> Story | Refusal:
    """Back on the list before its time."""
    if case.incident.shelved_until is None:
        return NOT_SHELVED
    story = Story(case, moment)
    story.tell("incident.unshelved", why="person")
    return story


def still_aside(case: Case, shelved: Mapping[str, tuple[str, datetime]]) -> tuple[str, datetime] | None:
    """Until when a case just opened stays off the list, since all that is wrong with its things was put aside."""
    if not may_be_shelved(case.incident) or not set(case.incident.faults) <= set(shelved):
        return None
    return min((shelved[name] for name in case.incident.faults), key=lambda one: one[1])
