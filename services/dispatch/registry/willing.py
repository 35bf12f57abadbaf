"""How willing people of each county are, learned anew every hour from its latest answers and held in memory."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp

from services.dispatch.domain.asking import neighbours_sleep
from services.dispatch.domain.matching import P_ACCEPT_WEIGHT_S, PENDING_S
from services.dispatch.domain.policy import SHIPPED, from_data
from services.dispatch.domain.willing import ALONE, Circumstance, Willing, bounded, fit
from shared.runtime.database import Database, Record
from shared.vocabulary.alarms import Priority
from shared.vocabulary.divisions import Level

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
LATEST = 5_000
"""So many answers are learned from; older ones tell of other times."""
FITTED = """
SELECT d.code AS county, w.weights, w.fitted_at FROM dispatch.division d
LEFT JOIN dispatch.willing w ON w.county = d.code WHERE length(d.code) = 6
"""
ANSWERS = f"""
SELECT o.score, o.state = 'accepted' AS yes, o.sent_at, i.priority, i.policy
FROM dispatch.offer o JOIN dispatch.incident i ON i.id = o.incident_id
WHERE "left"(o.division, 6) = $1 AND o.state IN ('accepted', 'declined', 'expired') AND o.score ? 'accept'
  AND i.family <> 'order' AND NOT i.drill AND NOT i.canary
ORDER BY o.sent_at DESC LIMIT {LATEST}
"""  # noqa: S608  a number of this page
KEEP = """
INSERT INTO dispatch.willing (county, weights, answers, fitted_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (county) DO UPDATE SET weights = $2, answers = $3, fitted_at = $4
"""


class WillingMap:
    """The weights of each county; where there are none, everybody is known by her own answers alone."""

    def __init__(self) -> None:
        """Know nobody's."""
        self._weights: dict[str, Willing] = {}

    def of(self, division: str) -> Willing:
        """The weights that hold in a division."""
        return self._weights.get(division[: Level.COUNTY], ALONE)

    async def refresh(self, database: Database, now: datetime) -> None:
        """Take up what was fitted, and fit where that is more than an hour ago. In a thread: it takes its time."""
        for row in await database.pool.fetch(FITTED):
            county = row["county"]
            if row["fitted_at"] is None or row["fitted_at"] <= now - EVERY:
                self._weights[county] = await self._learn(database, county, now)
            else:
                self._weights[county] = Willing(tuple(row["weights"]))

    async def _learn(self, database: Database, county: str, now: datetime) -> Willing:
        rows = await database.pool.fetch(ANSWERS, county)
        found = await asyncio.to_thread(_fitted, rows)
        await database.pool.execute(KEEP, county, list(found.weights), len(rows), now)
        logger.info("willing.fitted", extra={"county": county, "answers": len(rows)})
        return found


def _fitted(rows: Sequence[Record]) -> Willing:
    return fit([_circumstance(row) for row in rows], [row["yes"] for row in rows])


def _circumstance(row: Record) -> Circumstance:
    """What was known when she was asked, from the score that was kept with the offer."""
    parts = row["score"]
    policy = from_data(row["policy"]) if row["policy"] else SHIPPED
    return Circumstance(
        own=bounded(exp(-parts["accept"] / P_ACCEPT_WEIGHT_S)), arrival_s=parts["arrival"],
        night=neighbours_sleep(policy, row["sent_at"]), life=row["priority"] == Priority.P1,
        pending=round(parts["pending"] / PENDING_S),
    )  # fmt: skip
