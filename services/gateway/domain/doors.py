"""Who has to show what at the door, and for how long strangers are kept waiting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.gateway.domain.people import TWO_FACTOR_ROLES, Must
from shared.vocabulary.people import Role

FAILURES = 5
LOCK = timedelta(minutes=15)
PROOF = timedelta(minutes=15)
SESSION = timedelta(hours=12)
PROLONGED = timedelta(hours=1)
IDLE = timedelta(minutes=30)
IDLE_ROLES = frozenset({Role.OFFICE, Role.AUDITOR, Role.SECURITY})
"""Nobody waits for an alarm at these; every other screen may lie untouched for a whole night and must ring."""


def locked_for(failures: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long logins under a name stay closed after these failures (oldest first); None when they are open."""
    fresh = [at for at in failures if at > now - LOCK]
    return fresh[-FAILURES] + LOCK - now if len(fresh) >= FAILURES else None


def must(role: str, *, one_time: bool, factors: int, demo: bool) -> Must | None:
    """What a login with a password still has to do before it opens anything."""
    if one_time:
        return "password"
    return "factor" if role in TWO_FACTOR_ROLES and not factors and not demo else None


def idle(role: str, used_at: datetime | None, now: datetime) -> bool:
    """Whether a session has been left alone for so long that it ends."""
    return role in IDLE_ROLES and used_at is not None and used_at <= now - IDLE


def proved(at: datetime | None, now: datetime) -> bool:
    """Whether the password was shown a short while ago."""
    return at is not None and at > now - PROOF
