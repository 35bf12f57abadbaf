"""An incident told again: which fact ends which stage, and what consoles played at it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.gateway.domain.recount import STAGE_OF
from services.gateway.domain.wording import ring_of

ENDS = frozenset({"incident.closed", "incident.false_alarm", "incident.merged"})
AT_DESKS = frozenset(
    {
        "incident.opened", "incident.reopened", "alarm.joined", "incident.escalated", "job.nobody_available",
        "job.nobody_accepted", "incident.support_asked", "breach.nudged",
    }
)  # fmt: skip
AT_RESPONDERS = frozenset({"offer.sent", "offer.stepped"})
HIDDEN = frozenset({"incident", "policy", "passed_over", "score", "lat", "lon"})


def stage_of(tag: str, body: Mapping[str, Any]) -> str | None:
    """The stage of the response times that a fact of this kind ends."""
    if tag == "incident.opened":
        return "recorded"
    if tag == "receipt.changed":
        return "rung" if body.get("stage") == "seen" else None
    return "closed" if tag in ENDS else STAGE_OF.get(tag)


def staged(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str | None]:
    """For each fact, in order, the stage that it is the first to end."""
    ended: set[str] = set()
    for tag, body in facts:
        stage = stage_of(tag, body)
        yield None if stage is None or stage in ended else stage
        if stage is not None:
            ended.add(stage)


def sound_of(tag: str, body: Mapping[str, Any], priority: int, *, drill: bool) -> str | None:
    """What consoles played: `sos`, `urgent`, `notice`, `drill`; null where nothing rang."""
    rings = tag in AT_DESKS or (tag in AT_RESPONDERS and body.get("how") not in ("ordered", "moved"))
    return ring_of(priority, drill=drill) if rings else None


def shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """What of a fact's body a time line shows."""
    return {name: value for name, value in body.items() if name not in HIDDEN}
