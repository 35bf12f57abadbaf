"""What must hold at every moment, looked at twice a second; a breach is itself an alarm.

Every alarm has an incident two seconds after it was stored, every live incident has a wait, no wait is handled
late, no follower lies behind, nothing was given up unseen. The same breach is raised again only after a minute; where
many waits of a county are late at once that is one breach, since a desk in a storm has no use for a hundred.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.watch import store
from shared.contracts.events import AlarmRaised, WatchBreach
from shared.runtime import metrics
from shared.runtime.database import Connection, Database, Record

LATE = timedelta(seconds=1)
LATE_WAIT = timedelta(seconds=5)
AGAIN = timedelta(minutes=1)
SINGLY = 10
"""So many incidents of a county are named one by one."""
COUNTY_DIGITS = 6
WHOLE_CELL = ""

Breach = tuple[WatchBreach, str]


@dataclass
class Checks:
    """The checks, and when each breach was last raised."""

    database: Database
    since: datetime
    raised: dict[str, datetime] = field(default_factory=dict)

    async def look(self, now: datetime) -> int:
        """Look at everything once; raise what is new and return how many breaches that were."""
        async with self.database.transaction() as connection:
            found = [(key, breach) async for key, breach in self._all(connection, now)]
            new = [(key, breach) for key, breach in found if self._is_news(key, now)]
            if new:
                await store.raise_breaches(connection, [breach for _, breach in new], now)
            await store.release_guards(connection)
        for _, (breach, _) in new:
            metrics.BREACHES.labels(breach.check).inc()
        self.raised = {k: t for k, t in self.raised.items() if t > now - AGAIN} | {k: now for k, _ in new}
        self.since = max([self.since, now - LATE])
        return len(new)

    def _is_news(self, key: str, now: datetime) -> bool:
        return key not in self.raised or self.raised[key] <= now - AGAIN

    async def _all(self, connection: Connection, now: datetime) -> AsyncIterator[tuple[str, Breach]]:
        for row in await store.late_alarms(connection, now):
            alarm = AlarmRaised.model_validate(row["alarm"]) if row["alarm"] else None
            detail = {"device": row["device_id"]}
            breach = WatchBreach(check="alarm_without_incident", detail=detail, alarm=alarm)
            yield f"alarm/{row['alarm_id']}", (breach, row["division"])
        for row in await store.without_deadline(connection):
            breach = WatchBreach(check="incident_without_deadline", detail={}, incident=row["id"])
            yield f"deadline/{row['id']}", (breach, row["division"])
        for found in _overdue(await store.overdue(connection, now, LATE_WAIT)):
            yield found
        for row in await store.house_overdue(connection, now, LATE_WAIT):
            detail = {"wait": row["kind"], "target": row["target"]}
            breach = WatchBreach(check="deadline_overdue", detail=detail)
            yield f"overdue/{row['kind']}/{row['target']}", (breach, row["division"])
        for row in await store.behind(connection, now, LATE):
            yield f"behind/{row['name']}", (
                WatchBreach(check="follower_behind", detail={"follower": row["name"]}), WHOLE_CELL,
            )  # fmt: skip
        for row in await store.dead_letters(connection, self.since):
            detail = {"follower": row["follower"], "tag": row["tag"], "reason": row["reason"]}
            breach = WatchBreach(check="dead_letter", detail=detail)
            yield f"dead/{row['follower']}/{row['event_id']}", (breach, row["division"])


def _overdue(rows: Sequence[Record]) -> Iterator[tuple[str, Breach]]:
    """Incidents with a late wait: each by its name, or how many there are in a county."""
    by_county: dict[str, list[Record]] = {}
    for row in rows:
        by_county.setdefault(row["division"][:COUNTY_DIGITS], []).append(row)
    for county, late in by_county.items():
        if len(late) > SINGLY:
            detail = {"county": county, "incidents": len(late)}
            yield f"overdue/{county}", (WatchBreach(check="deadline_overdue", detail=detail), county)
            continue
        for row in late:
            breach = WatchBreach(check="deadline_overdue", detail={}, incident=row["id"])
            yield f"overdue/{row['id']}", (breach, row["division"])
