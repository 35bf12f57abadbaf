"""What indicators count, by division, and whom they miss. The connection's scope is the division asked about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.gateway.store.supervision import CALLS_FOR_HELP
from shared.runtime.database import Connection

NOISE = "('false_press', 'test', 'device_fault')"
IN_CARE = "dispatch.in_care($1, $2, $3)"
USED = "d.revoked_at IS NULL AND d.kind NOT IN ('canary', 'sms', 'page')"
"""A canary is nobody's, a telephone number no thing, and a page on a telephone has no battery of ours."""
LAST_TESTED = "greatest(p.pressed_at, p.tested_at, p.self_tested_at)"
STEPS: Mapping[str, tuple[str, str]] = {
    "answered": ("coalesce(i.taken_at, i.closed_at)", "true"),
    "door": ("i.arrived_at", "i.state IN ('open', 'taken', 'reopened') AND i.cleared_at IS NULL"),
    "elder": ("i.with_elder_at", "i.state IN ('open', 'taken', 'on_scene', 'reopened') AND i.cleared_at IS NULL"),
}
"""When a step was made, and whether it is still wanted where it was not."""
TIMED: Mapping[str, tuple[str, int]] = {
    "answered_30": ("answered", 30), "answered_60": ("answered", 60), "answered_180": ("answered", 180),
    "door_15": ("door", 900), "door_30": ("door", 1800), "elder_15": ("elder", 900), "elder_30": ("elder", 1800),
}  # fmt: skip


def _counted(code: str, step: str, seconds: int) -> str:
    made, wanted = STEPS[step]
    limit = f"interval '{seconds} seconds'"
    return (
        f"count(*) FILTER (WHERE {made} - i.opened_at <= {limit}) AS {code}_n, "
        f"count(*) FILTER (WHERE {made} IS NOT NULL OR ({wanted} AND $1 - i.opened_at > {limit})) AS {code}_d"
    )


TIMES = f"""
SELECT i.division, {", ".join(_counted(code, *parts) for code, parts in TIMED.items())}
FROM dispatch.incident i WHERE i.opened_at >= $2 AND i.opened_at < $3 AND {CALLS_FOR_HELP} GROUP BY 1
"""  # noqa: S608  constants
FALSE = f"""
SELECT i.division, coalesce(d.model, '') AS model, count(*) AS of, count(*) FILTER (WHERE i.outcome IN {NOISE}) AS n
FROM dispatch.incident i LEFT JOIN devices.device d ON d.id = i.device_id
WHERE i.opened_at >= $1 AND i.opened_at < $2 AND i.device_id IS NOT NULL AND i.outcome IS NOT NULL AND {CALLS_FOR_HELP}
GROUP BY 1, 2
"""  # noqa: S608  constants
REGISTER = f"""
SELECT division, count(*) FILTER (WHERE special AND seen) AS monthly_visit_n,
       count(*) FILTER (WHERE special) AS monthly_visit_d,
       count(*) FILTER (WHERE special AND seen AND helped) AS visit_help_n,
       count(*) FILTER (WHERE special AND seen) AS visit_help_d,
       count(*) FILTER (WHERE served) AS home_service_n, count(*) AS home_service_d,
       count(*) FILTER (WHERE eighty AND assessed) AS assessed_80_n, count(*) FILTER (WHERE eighty) AS assessed_80_d,
       count(*) FILTER (WHERE two AND way_in) AS contacts_n, count(*) AS contacts_d
FROM {IN_CARE} GROUP BY 1
"""  # noqa: S608  constants
MISSED_ELDERS: Mapping[str, str] = {
    "monthly_visit": "special AND NOT seen",
    "visit_help": "special AND seen AND NOT helped",
    "assessed_80": "eighty AND NOT assessed",
    "contacts": "NOT (two AND way_in)",
}
ELDER_CASES = f"""
WITH elder AS MATERIALIZED (SELECT * FROM {IN_CARE})
SELECT 'elder' AS what, e.id, e.division, d.name AS division_name, p.name, h.address, NULL::timestamptz AS at,
       NULL::integer AS seconds,
       CASE WHEN $6 THEN array_remove(ARRAY[CASE WHEN NOT e.two THEN 'few_contacts' END,
                                            CASE WHEN NOT e.way_in THEN 'no_way_in' END], NULL)
            ELSE ARRAY[]::text[] END AS reasons
FROM (SELECT * FROM elder
      WHERE {{missed}} AND ($4 = '' OR (division, id) > (SELECT x.division, x.id FROM elder x WHERE x.id = $4))
      ORDER BY division, id LIMIT $5) AS e
JOIN dispatch.elder p ON p.id = e.id JOIN dispatch.home h ON h.id = p.home_id
LEFT JOIN dispatch.division d ON d.code = e.division
ORDER BY e.division, e.id
"""  # noqa: S608  constants
MISSED_DEVICES: Mapping[str, str] = {
    "device_online": "s.online IS NOT TRUE",
    "device_tested": f"coalesce({LAST_TESTED} < $1::timestamptz - interval '30 days', true)",
}
DEVICE_CASES = f"""
SELECT 'device' AS what, d.id, d.division, v.name AS division_name, e.name, h.address,
       greatest(s.seen_at, p.pressed_at) AS at, NULL::integer AS seconds, ARRAY[d.model] AS reasons
FROM devices.device d
LEFT JOIN devices.health s ON s.device_id = d.id
LEFT JOIN devices.pressed p ON p.device_id = d.id
LEFT JOIN dispatch.elder e ON e.id = d.elder_id
LEFT JOIN dispatch.home h ON h.id = d.home_id
LEFT JOIN dispatch.division v ON v.code = d.division
WHERE {USED} AND $1::timestamptz IS NOT NULL AND {{missed}}
  AND ($2 = '' OR (d.division, d.id) > (SELECT x.division, x.id FROM devices.device x WHERE x.id = $2))
ORDER BY d.division, d.id LIMIT $3
"""  # noqa: S608  constants
INCIDENT_CASES = f"""
SELECT 'incident' AS what, i.id, i.division, d.name AS division_name, e.name, h.address, i.opened_at AS at,
       {{took}} AS seconds, {{reasons}} AS reasons
FROM dispatch.incident i
LEFT JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
LEFT JOIN dispatch.division d ON d.code = i.division
LEFT JOIN devices.device v ON v.id = i.device_id
WHERE i.opened_at >= $2 AND i.opened_at < $3 AND {CALLS_FOR_HELP} AND $1::timestamptz IS NOT NULL AND {{missed}}
  AND ($4 = '' OR (i.opened_at, i.id) < (SELECT x.opened_at, x.id FROM dispatch.incident x WHERE x.id = $4))
  AND ($6 = '' OR v.model = $6)
ORDER BY i.opened_at DESC, i.id DESC LIMIT $5
"""  # noqa: S608  constants

Period = tuple[datetime, datetime]
Row = dict[str, Any]


async def times(connection: Connection, over: Period, now: datetime) -> list[Row]:
    """Numerators (`…_n`) and denominators (`…_d`) of what is about time, by division."""
    return [dict(row.items()) for row in await connection.fetch(TIMES, now, *over)]


async def false_alarms(connection: Connection, over: Period) -> list[Row]:
    """Ended calls by device: `n` false of `of`, by division and model."""
    return [dict(row.items()) for row in await connection.fetch(FALSE, *over)]


async def register(connection: Connection, over: Period, now: datetime) -> list[Row]:
    """Numerators and denominators of what is about elders, by division."""
    return [dict(row.items()) for row in await connection.fetch(REGISTER, now, *over)]


async def missed(
    connection: Connection, code: str, part: str, over: Period, now: datetime, after: str, limit: int
) -> Sequence[Row]:
    """Whom an indicator counts as missing its target: the latest incidents first, else by division.

    `part` is a device model, for incidents of such a device only.
    """
    if code in MISSED_ELDERS:
        sql = ELDER_CASES.format(missed=MISSED_ELDERS[code])
        rows = await connection.fetch(sql, now, *over, after, limit, code == "contacts")
    elif code in MISSED_DEVICES:
        rows = await connection.fetch(DEVICE_CASES.format(missed=MISSED_DEVICES[code]), now, after, limit)
    else:
        rows = await connection.fetch(_incident_cases(code), now, *over, after, limit, part)
    return [dict(row.items()) for row in rows]


def _incident_cases(code: str) -> str:
    if code == "false_alarm":
        wrong = f"i.device_id IS NOT NULL AND i.outcome IN {NOISE}"
        return INCIDENT_CASES.format(took="NULL::integer", reasons="ARRAY[i.outcome, v.model]", missed=wrong)
    step, seconds = TIMED[code]
    made, wanted = STEPS[step]
    took = f"extract(epoch FROM coalesce({made}, $1) - i.opened_at)"
    late = f"{took} > {seconds} AND ({made} IS NOT NULL OR {wanted})"
    return INCIDENT_CASES.format(took=f"({took})::integer", reasons="'{}'::text[]", missed=late)
