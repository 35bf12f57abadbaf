"""How an order becomes a case like an alarm's: who is asked first, and which clocks hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.case import Case
from services.dispatch.domain.ending import end
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate, Roster
from services.dispatch.domain.orders.order import Order
from services.dispatch.domain.policy import Policy
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import AlarmClass, AlarmKind, Priority
from shared.vocabulary.geo import Position

SPARE_S = 30 * 60
"""A visit may take so much longer than planned before anybody asks."""
BEFORE_START_S = 15 * 60
"""So long before it is to begin the desk is rung if nobody has said yes."""
SOON_S = 5 * 60


def asked_for(order: Order, starts_at: datetime, now: datetime) -> Pressed:
    """The order as something that people are asked for."""
    return Pressed(
        alarm=None, device=None, eid=None, kind=AlarmKind.ORDER, cls=AlarmClass.OWN, subject=f"order:{order.id}",
        division=order.division, home=order.home_id, elder=order.elder_id, flags=(), drill=False, place=None, at=now,
        order=order.id, skills=order.skills, hands=order.hands, starts_at=starts_at,
    )  # fmt: skip


def welfare_check(order: Order, alarm: UUID, now: datetime) -> Pressed:
    """Nobody brought what she waited for, or she did not open: somebody looks after her, today."""
    return Pressed(
        alarm=alarm, device=None, eid=None, kind=AlarmKind.WELFARE, cls=AlarmClass.OWN,
        subject=f"elder:{order.elder_id}", division=order.division, home=order.home_id, elder=order.elder_id,
        flags=(), drill=False, place=None, at=now,
    )  # fmt: skip


def arranged(situation: Situation, order: Order, planned: Sequence[Candidate], starts_at: datetime, now: datetime) -> (
    Situation
):  # fmt: skip
    """The situation with the planned people first, at her home, under clocks that fit booked work."""
    mine = {c.id for c in planned}
    others = tuple(c for c in situation.roster.people if c.id not in mine)
    known = Position(order.lat, order.lon) if order.lat is not None and order.lon is not None else None
    return replace(
        situation, roster=Roster((*planned, *others)), place=situation.place or known,
        policy=clocks(situation.policy, order, (starts_at - now).total_seconds()),
    )  # fmt: skip


def only(situation: Situation, theirs: frozenset[str]) -> Situation:
    """Those of the provider it was given to; everybody where none of them is near: never nobody."""
    people = tuple(c for c in situation.roster.people if c.id in theirs)
    return replace(situation, roster=Roster(people)) if people else situation


def clocks(policy: Policy, order: Order, ahead_s: float) -> Policy:
    """Nobody is nudged while the service lasts; the ladder is climbed before it should begin, not after."""
    rule = policy.rule(Priority.P4)
    first = max(SOON_S, round(ahead_s) - BEFORE_START_S)
    ladder = tuple(replace(r, after_s=min(r.after_s, first * (n + 1))) for n, r in enumerate(rule.ladder))
    rules = {**policy.rules, int(Priority.P4): replace(rule, ladder=ladder)}
    return replace(policy, rules=rules, check_in_s=max(policy.check_in_s, order.minutes * 60 + SPARE_S))


def stop(moment: Moment, case: Case, why: str, *, spare: bool = False) -> Story:
    """End the case of an order. `spare`: not while somebody is on the way, who comes late but comes."""
    story = Story(case, moment)
    if not case.incident.ended and not (spare and any(a.going for a in case.assignments.values())):
        end(story, why, why)
    return story
