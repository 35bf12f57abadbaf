"""值班日志 of a division and period: turns at desks, how they answered when asked, and gaps."""

from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain import duty_log as it
from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.store import duty_log as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

BEFORE = timedelta(days=2)
"""A turn that began earlier than this before the period is told from its next word on."""


async def duty_log(
    database: Database, who: Identity, code: Division, since: datetime, until: datetime, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """Who sat where in a time. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    async with database.reading(code) as connection:
        said = await store.said(connection, code, since - BEFORE, until)
        turns, gaps = it.told(said)
        turns = [turn for turn in turns if turn.until is None or turn.until > since]
        gaps = [gap for gap in gaps if gap.until is None or gap.until > since]
        handed = await store.handed(connection, since, until) if who.at_desk else []
        people = {one for turn in turns for one in (turn.account, turn.handed_to) if one}
        names = await store.names(
            connection, sorted(people), sorted({turn.division for turn in turns} | {gap.division for gap in gaps})
        )
    end = min(until, now)
    return {
        **area.told(), "since": since, "until": until, "as_of": now,
        "turns": [_turn(turn, names) for turn in reversed(turns)],
        "gaps": [
            {
                "division": gap.division, "division_name": names.get(gap.division, gap.division), "since": gap.since,
                "until": gap.until,
            }
            for gap in reversed(gaps)
        ],
        "hand_overs": handed,
        "asked": sum(turn.asked for turn in turns), "answered": sum(turn.answered for turn in turns),
        "uncovered_s": sum(
            int((min(gap.until or end, end) - max(gap.since, since)).total_seconds()) for gap in gaps
        ),
    }  # fmt: skip


def _turn(turn: it.Turn, names: dict[str, str]) -> dict[str, Any]:
    kept = ("account", "division", "since", "until", "ended", "asked", "answered", "slowest_s")
    return {
        **{name: getattr(turn, name) for name in kept}, "name": names.get(turn.account, turn.account),
        "division_name": names.get(turn.division, turn.division),
        "handed_to": names.get(turn.handed_to, turn.handed_to) if turn.handed_to else None,
    }  # fmt: skip
