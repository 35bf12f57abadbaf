"""平战结合: in war a division looks further, at lower thresholds, and calls people in who are off duty.

What changes is laid down in its policy; here is only who says so, why, and until when. War ends by itself: a switch
that somebody forgot would call people in for ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.refusals import Refusal, argument

LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mode:
    """How a division works since `at`; `until` only in war."""

    division: str
    war: bool
    at: datetime
    until: datetime | None


def switch(moment: Moment, division: str, *, war: bool, reason: str, until: datetime | None) -> Fact | Refusal:
    """Change it, or say anew until when; a person gives a reason, war an end at most a week away."""
    if not reason.strip():
        return argument("reason", "reason_required")
    if war and until is None:
        return argument("until", "until_required")
    if war and until is not None and not moment.now < until <= moment.now + LONGEST:
        return argument("until", "until_out_of_range")
    return _changed(moment, division, until if war else None, war=war)


def run_out(moment: Moment, mode: Mode) -> Fact | None:
    """War whose time is over becomes peace; None when it has been changed since."""
    if not mode.war or mode.until is None or mode.until > moment.now:
        return None
    return _changed(moment, mode.division, None, war=False)


def _changed(moment: Moment, division: str, until: datetime | None, *, war: bool) -> Fact:
    return moment.fact("mode.changed", division=division, war=war, until=until)


def after(fact: Fact) -> Mode:
    """The mode that a fact leads to, as decided or as replayed from the log."""
    until = fact.body["until"]
    return Mode(
        fact.body["division"], fact.body["war"], fact.at,
        datetime.fromisoformat(until) if isinstance(until, str) else until,
    )  # fmt: skip


def waits(mode: Mode) -> dict[str, datetime]:
    """When it ends by itself, by kind of wait."""
    return {"mode_over": mode.until} if mode.war and mode.until is not None else {}
