"""Providers beside one another: how they answer, how they come, what was complained of; never a rate of a handful."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import FEWEST, interval
from services.gateway.flow import areas
from services.gateway.store import providers as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

LATE_S = 300
DEFINITION = {
    "zh": "接单率＝接受的邀请÷（接受＋谢绝＋超时未答）；撤回的邀请不计。迟到：到门口比接单时给出的时间晚5分钟以上。"
    "按接单率95%置信区间（Wilson）的下限排名，不足5次不排名、不计率。演练和探针不计。",
    "en": "Acceptance: offers accepted of those accepted, declined or left unanswered; withdrawn ones do not count. "
    "Late: at the door more than five minutes after the time given on accepting. Ranked by the low end of the interval "
    "of 95 % (Wilson) of acceptance; under five there is neither rank nor rate. Drills and probes are left out.",
}
Row = dict[str, Any]


async def ranking(
    database: Database, who: Identity, code: Division, since: datetime, until: datetime, now: datetime
) -> Row:  # fmt: skip
    """Providers of a division over a period, the best first. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    async with areas.looking(database, code) as connection:
        offers = await store.offers(connection, since, until)
        arrivals = await store.arrivals(connection, since, until, LATE_S)
        visits = await store.visits(connection, since, until)
        complaints = await store.complaints(connection, since, until)
        seen = {row["provider"] for row in offers} | set(arrivals) | set(visits) | set(complaints)
        names = await store.names(connection, sorted(seen))
    lines = [
        {
            **one, **_answers([row for row in offers if row["provider"] == one["provider"]]),
            **_arrivals(arrivals.get(one["provider"], {})),
            "visits": visits.get(one["provider"], {}).get("visits", 0),
            "unproved": visits.get(one["provider"], {}).get("unproved", 0),
            "complaints": complaints.get(one["provider"], {}).get("complaints", 0),
        }
        for one in names
    ]  # fmt: skip
    return {
        **area.told(), "since": since, "until": until, "as_of": now, "items": ranked(lines), "definition": DEFINITION,
    }  # fmt: skip


def ranked(lines: Iterable[Row]) -> list[Row]:
    """The best first, equals at the same rank; those with too few last, without one."""
    order = sorted(lines, key=lambda one: (one["few"], -(one["acceptance_low"] or 0), one["provider"]))
    found: list[Row] = []
    for n, one in enumerate(order, 1):
        equal = found and found[-1]["acceptance_low"] == one["acceptance_low"]
        rank = None if one["few"] else found[-1]["rank"] if equal else n
        found.append({**one, "rank": rank})
    return found


def _answers(rows: Iterable[Row]) -> Row:
    states: Counter[str] = Counter()
    declines: Counter[str] = Counter()
    given_back = 0
    for row in rows:
        states[row["state"]] += row["many"]
        given_back += row["given_back"]
        if row["state"] == "declined":
            declines[row["reason"] or "other"] += row["many"]
    many = states.total()
    return {
        "few": many < FEWEST, "offers": many, "accepted": states["accepted"], "declined": states["declined"],
        "silent": states["expired"], "given_back": given_back, "declines": dict(declines),
        **_rate("acceptance", "acceptance", states["accepted"], many),
    }  # fmt: skip


def _arrivals(row: Mapping[str, Any]) -> Row:
    many, late = row.get("arrivals", 0), row.get("late", 0)
    door = [round(seconds) for seconds in row["door"]] if many >= FEWEST else [None, None]
    return {
        "arrivals": many, "late": late, **_rate("late_share", "late", late, many),
        "door_p50_s": door[0], "door_p90_s": door[1],
    }  # fmt: skip


def _rate(name: str, ends: str, hits: int, of: int) -> Row:
    low, high = (interval(hits, of) or (None, None)) if of >= FEWEST else (None, None)
    return {
        name: round(hits / of, 3) if of >= FEWEST else None,
        f"{ends}_low": None if low is None else round(low, 3), f"{ends}_high": None if high is None else round(high, 3),
    }  # fmt: skip
