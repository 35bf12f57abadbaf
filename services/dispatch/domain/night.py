"""Night: what can wait lets people sleep. The desk sees it at once, without a sound."""

from datetime import UTC, datetime, timedelta, timezone

from services.dispatch.domain.case import Case, Incident
from services.dispatch.domain.policy import Policy
from shared.vocabulary.alarms import Family, Priority


def may_wait(incident: Incident) -> bool:
    """A thing that fails and leaves her protected; everything else is worked at any hour."""
    mere_thing = incident.family == Family.DEVICE and incident.outage_id is None and not incident.canary
    return mere_thing and incident.priority >= Priority.P3 and not incident.protects


def held(case: Case, now: datetime) -> bool:
    """Whether the desk is to speak with her first, and has not tried yet."""
    return case.incident.held_until is not None and now < case.incident.held_until


def asks_at(case: Case, now: datetime) -> datetime | None:
    """When people may be asked; None: now."""
    return morning(case.incident.policy, now) if may_wait(case.incident) else None


def asleep(case: Case) -> bool:
    """Whether the case has been put off until the morning, and nothing has made it urgent since."""
    return case.incident.asks_at is not None and may_wait(case.incident)


def morning(policy: Policy, now: datetime) -> datetime | None:
    """End of the night that `now` lies in, by the division's own clock; None by day."""
    local = _local(policy, now)
    if policy.night_until_h <= local.hour < policy.night_from_h:
        return None
    day = local if local.hour < policy.night_until_h else local + timedelta(days=1)
    return day.replace(hour=policy.night_until_h, minute=0, second=0, microsecond=0).astimezone(UTC)


def _local(policy: Policy, now: datetime) -> datetime:
    return now.astimezone(timezone(timedelta(minutes=policy.zone_min)))
