"""What can be ordered, prices, series, and the codes at homes."""

from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from services.dispatch.domain.orders.catalogue import Price, Service, nearest
from services.dispatch.domain.orders.series import Series
from services.dispatch.store.orders import plain
from shared.runtime.database import Connection

SERVICES = "SELECT * FROM dispatch.service WHERE code = $1 AND starts_with($2, division)"
PRICES = """
SELECT id, service, division, since, until, cents, subsidy_permille, absent_permille
FROM dispatch.price WHERE service = $1 AND starts_with($2, division) ORDER BY since
"""
SET_SERVICE = """
INSERT INTO dispatch.service SELECT * FROM jsonb_populate_recordset(NULL::dispatch.service, $1)
ON CONFLICT (code, division) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
    minutes = excluded.minutes, hands = excluded.hands, skills = excluded.skills,
    evidence_arrive = excluded.evidence_arrive, evidence_leave = excluded.evidence_leave,
    welfare = excluded.welfare, offered = excluded.offered, hand_in = excluded.hand_in
"""
END_PRICE = """
UPDATE dispatch.price SET until = $3
WHERE service = $1 AND division = $2 AND until IS NULL AND since <= $3
"""
SET_PRICE = "INSERT INTO dispatch.price VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
SERIES = [f.name for f in fields(Series)]
NAMES = ", ".join(SERIES)
ADD_SERIES = f"""
INSERT INTO dispatch.series ({NAMES}, next_at, by_account, at)
SELECT {NAMES}, $2::timestamptz, $3, $4::timestamptz FROM jsonb_populate_recordset(NULL::dispatch.series, $1)
"""  # noqa: S608  names of our own class
ONE_SERIES = f"SELECT {NAMES} FROM dispatch.series WHERE id = $1"  # noqa: S608
FILLED = "UPDATE dispatch.series SET filled_until = $2, next_at = $3 WHERE id = $1 AND ended_at IS NULL"
END_SERIES = "UPDATE dispatch.series SET ended_at = $2, next_at = NULL WHERE id = $1"
SKIP = "UPDATE dispatch.series SET skipped = array_append(skipped, $2) WHERE id = $1 AND NOT $2 = ANY(skipped)"
WAITING = "SELECT id, next_at FROM dispatch.series WHERE next_at IS NOT NULL ORDER BY next_at LIMIT $1"
OF_SERIES = "SELECT id FROM dispatch.service_order WHERE series_id = $1 AND state = ANY($2) AND window_from > $3"
HOME_CODE = "SELECT code_sha256 FROM dispatch.home_code WHERE home_id = $1"
SET_HOME_CODE = """
INSERT INTO dispatch.home_code (home_id, division, code_sha256, by_account, at)
SELECT id, division, $2, $3, $4 FROM dispatch.home WHERE id = $1 AND starts_with(division, $5)
ON CONFLICT (home_id) DO UPDATE SET code_sha256 = excluded.code_sha256, by_account = excluded.by_account,
    at = excluded.at
RETURNING home_id
"""


async def service(connection: Connection, code: str, division: str) -> Service | None:
    """The line of the catalogue that holds in a division."""
    rows = await connection.fetch(SERVICES, code, division)
    return nearest([Service(**plain(row)) for row in rows], division)


async def prices(connection: Connection, code: str, division: str) -> list[Price]:
    """Every version of a service's price that may hold in a division."""
    return [Price(**plain(row)) for row in await connection.fetch(PRICES, code, division)]


async def set_service(connection: Connection, it: Service) -> None:
    """A new line, or another form of it; orders placed before keep theirs."""
    await connection.execute(SET_SERVICE, [{f.name: getattr(it, f.name) for f in fields(it)}])


async def set_price(connection: Connection, it: Price, account: str, now: datetime) -> None:
    """A new version; one that held until further notice ends where it begins, and of one day the last counts."""
    await connection.execute(END_PRICE, it.service, it.division, it.since)
    await connection.execute(
        SET_PRICE, it.id, it.service, it.division, it.since, it.until, it.cents, it.subsidy_permille,
        it.absent_permille, account, now,
    )  # fmt: skip


async def add_series(connection: Connection, it: Series, account: str, now: datetime) -> None:
    """A new series; its first orders are due at once."""
    await connection.execute(ADD_SERIES, [{name: getattr(it, name) for name in SERIES}], now, account, now)


async def series(connection: Connection, name: UUID) -> Series | None:
    """One series."""
    row = await connection.fetchrow(ONE_SERIES, name)
    return Series(**plain(row)) if row else None


async def filled(connection: Connection, name: UUID, until: date | None, again_at: datetime | None) -> None:
    """Orders have been placed up to that day; look again then (None: never)."""
    await connection.execute(FILLED, name, until, again_at)


async def end_series(connection: Connection, name: UUID, now: datetime) -> None:
    """No more orders come of it."""
    await connection.execute(END_SERIES, name, now)


async def skip(connection: Connection, name: UUID, day: date) -> None:
    """Leave one day out."""
    await connection.execute(SKIP, name, day)


async def series_waiting(connection: Connection, many: int) -> list[tuple[UUID, datetime]]:
    """Series that want orders placed, and when."""
    return [(row["id"], row["next_at"]) for row in await connection.fetch(WAITING, many)]


async def orders_of(connection: Connection, name: UUID, states: list[str], after: datetime) -> list[str]:
    """Orders of a series in these states that are to begin after an instant."""
    return [row["id"] for row in await connection.fetch(OF_SERIES, name, states, after)]


async def home_code(connection: Connection, home: str | None) -> bytes | None:
    """What is kept of a home's code."""
    found: bytes | None = await connection.fetchval(HOME_CODE, home)
    return found


async def set_home_code(connection: Connection, home: str, digest: bytes, by: tuple[str, str], now: datetime) -> bool:
    """A new code in place of the old one; `by` is account and scope. False: no such home there."""
    return await connection.fetchval(SET_HOME_CODE, home, digest, by[0], now, by[1]) is not None
