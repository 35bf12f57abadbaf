"""What holds in a division at present: what was laid down, in peace or war, and whether a seat has a hand free."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from services.dispatch.domain.policy import SHIPPED, Policy, from_data, with_mode
from services.dispatch.domain.situation import Situation
from shared.runtime.database import Database, Record

HOLDS = """
SELECT d.division,
       (SELECT jsonb_build_object('version', p.version, 'body', p.body) FROM dispatch.policy p
        WHERE starts_with(d.division, p.division) ORDER BY length(p.division) DESC, p.version DESC LIMIT 1) AS policy,
       EXISTS (SELECT FROM dispatch.mode m WHERE starts_with(d.division, m.division)
               AND m.war AND (m.until IS NULL OR m.until > $2)) AS war,
       (SELECT count(*) FROM dispatch.seat s WHERE starts_with(d.division, s.division)) AS seats,
       EXISTS (SELECT FROM dispatch.seat s WHERE starts_with(d.division, s.division) AND NOT EXISTS (
           SELECT FROM dispatch.incident i WHERE i.taken_by = s.account
             AND i.state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened'))) AS idle
FROM unnest($1::text[]) AS d(division)
"""


async def holding(database: Database, divisions: Collection[str], now: datetime) -> dict[str, Situation]:
    """Policy and seats of each division. Where nobody has registered a seat, the desk counts as free."""
    rows = await database.pool.fetch(HOLDS, list(divisions), now) if divisions else []
    return {row["division"]: Situation(policy=_policy(row), seat_free=row["idle"] or not row["seats"]) for row in rows}


def _policy(row: Record) -> Policy:
    laid_down = SHIPPED
    if row["policy"] is not None:
        laid_down = replace(from_data(row["policy"]["body"]), version=row["policy"]["version"])
    return with_mode(laid_down, war=bool(row["war"]))
