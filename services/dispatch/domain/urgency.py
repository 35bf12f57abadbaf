"""How urgent a call is for this one person: raised, asked wider, or spoken with first. Nothing here suppresses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.elder import Elder, away_m
from services.dispatch.domain.night import morning
from services.dispatch.domain.policy import Policy
from services.dispatch.domain.situation import Situation
from shared.vocabulary.alarms import AlarmKind, Family, Priority
from shared.vocabulary.geo import Position

HERSELF = frozenset({Family.PERSON, Family.FIRE, Family.WANDERING})
"""What happens to a person, rather than to a house or a thing."""
PRESSED = frozenset({AlarmKind.SOS, AlarmKind.SOS_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Urgency:
    """What is decided when the incident opens. `why` are the reasons for raising it, in stable words."""

    priority: int
    why: tuple[str, ...]
    eager: bool
    held_until: datetime | None
    quiet: bool
    away_m: int | None


def weighed(kind: AlarmKind, family: Family, priority: int, situation: Situation, at: datetime,
            where: Position | None) -> Urgency:  # fmt: skip
    """Weigh a call by what is known of her; nothing known leaves it as the kind says."""
    elder, policy = situation.elder, situation.policy
    risks = _risks(elder, policy, at) if family in HERSELF else ()
    why = risks if _raises(kind, family, priority, elder, risks) else ()
    return Urgency(
        priority=max(Priority.P1, priority - 1) if why else priority,
        why=why,
        eager=family in HERSELF and (kind in policy.at_once or bool(risks) or not situation.seat_free),
        held_until=_held(kind, family, elder, policy, at),
        quiet=elder is not None and elder.away,
        away_m=away_m(elder, where),
    )


def _risks(elder: Elder | None, policy: Policy, at: datetime) -> tuple[str, ...]:
    if elder is None:
        return ()
    night = ("night",) if elder.lives_alone and morning(policy, at) is not None else ()
    return (*elder.risks(at.year), *(("dementia",) if elder.dementia else ()), *night)


def _raises(kind: AlarmKind, family: Family, priority: int, elder: Elder | None, risks: tuple[str, ...]) -> bool:
    if priority != Priority.P2 or elder is None:
        return False
    if kind is AlarmKind.FENCE_EXIT or family is Family.WANDERING:
        return elder.dementia
    return bool(risks)


def _held(kind: AlarmKind, family: Family, elder: Elder | None, policy: Policy, at: datetime) -> datetime | None:
    """Until when the desk speaks with her first: a signed plan, or she does not live there now."""
    if elder is None or family is not Family.PERSON:
        return None
    planned = kind in PRESSED and elder.planned(at)
    return at + timedelta(seconds=policy.voice_s) if planned or elder.away else None
