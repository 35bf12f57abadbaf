"""Devices as they are admitted, claimed, placed and withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.devices.domain.claims import Claim
from services.devices.domain.newcomer import Newcomer
from shared.runtime.database import Connection, Database

EXISTS = "SELECT EXISTS (SELECT FROM devices.device WHERE id = $1)"
DEVICE = """
SELECT id, county, division, class, kind, foreign_prefix, claim_sha256, revoked_at IS NOT NULL AS revoked
FROM devices.device WHERE id = $1 AND starts_with(division, $2)
"""
ADD = """
INSERT INTO devices.device (id, county, division, kind, model, class, foreign_prefix, datum, beat_s, secret_sha256,
                            mac_key, claim_sha256, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
RECREDENTIAL = """
UPDATE devices.device SET secret_sha256 = $2, mac_key = $3, claim_sha256 = $4, cut_at = $5 WHERE id = $1
"""
FRESH_AGAIN = """
UPDATE devices.device
SET home_id = NULL, elder_id = NULL, revoked_at = NULL, revoked_why = NULL, withdrawn_at = NULL WHERE id = $1
"""
REVOKE = "UPDATE devices.device SET revoked_at = $2, revoked_why = $3, withdrawn_at = NULL WHERE id = $1"

TRIES = "SELECT opened_at FROM devices.claim WHERE device_id = $1 AND opened_at > $2"
TRY = """
INSERT INTO devices.claim (id, device_id, opened_at, until_at, opened_by, right_code) VALUES ($1, $2, $3, $4, $5, $6)
"""
END_CLAIMS = """
UPDATE devices.claim SET until_at = $2, finished_at = $2
WHERE device_id = $1 AND right_code AND finished_at IS NULL
"""
CLAIM = """
SELECT until_at, opened_by, right_code, pressed_at, finished_at FROM devices.claim WHERE id = $1 AND device_id = $2
"""

PLACEMENT = """
SELECT division, home_id, elder_id FROM devices.placement WHERE device_id = $1 AND until_at IS NULL
"""
END_PLACEMENT = """
UPDATE devices.placement SET until_at = greatest($2, from_at + interval '1 millisecond')
WHERE device_id = $1 AND until_at IS NULL RETURNING until_at
"""
PLACE = """
INSERT INTO devices.placement (device_id, division, home_id, elder_id, from_at, placed_by)
VALUES ($1, $2, $3, $4, $5, $6)
"""
MOVE = "UPDATE devices.device SET division = $2, home_id = $3, elder_id = $4 WHERE id = $1"
CONFIRM = """
UPDATE devices.placement SET confirmed_at = $2, confirmed_by = $3, confirmed_how = $4
WHERE device_id = $1 AND until_at IS NULL AND confirmed_at IS NULL RETURNING device_id
"""
ELDER_AT = """
SELECT elder_id FROM devices.placement WHERE device_id = $1 AND from_at <= $2 AND (until_at > $2 OR until_at IS NULL)
ORDER BY from_at DESC LIMIT 1
"""

UNTOLD = """
SELECT id FROM devices.device WHERE (revoked_at < $1 AND withdrawn_at IS NULL) OR cut_at < $1 ORDER BY id LIMIT 200
"""
DECIDED = "SELECT revoked_at, cut_at FROM devices.device WHERE id = $1"
WITHDRAWN = "UPDATE devices.device SET withdrawn_at = $2, cut_at = NULL WHERE id = $1"
SETTLED = "UPDATE devices.device SET cut_at = NULL WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Device:
    """What a decision about a device needs to know."""

    id: str
    county: str
    division: str
    cls: str
    kind: str
    prefix: str | None
    claim_sha256: bytes | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept of a credential: hashes and the sealed signing key, never the secret."""

    secret_sha256: bytes | None = None
    mac_key: bytes | None = None
    claim_sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Since when it is revoked, and since when its secret is another than the broker may have admitted it under."""

    revoked_at: datetime | None
    cut_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Whose a device is."""

    division: str
    home: str | None
    elder: str | None


async def exists(connection: Connection, device: str) -> bool:
    """Whether anybody has registered this id."""
    found: bool = await connection.fetchval(EXISTS, device)
    return found


async def device_of(connection: Connection, device: str, scope: str) -> Device | None:
    """The device, if it lies within the scope."""
    row = await connection.fetchrow(DEVICE, device, scope)
    return Device(*row.values()) if row else None


async def add(connection: Connection, new: Newcomer, kept: Keeping, now: datetime) -> None:
    """Register."""
    await connection.execute(
        ADD, new.id, new.county, new.division, new.kind, new.model, new.cls, new.prefix, new.datum, new.beat_s,
        kept.secret_sha256, kept.mac_key, kept.claim_sha256, now,
    )  # fmt: skip


async def recredential(connection: Connection, device: str, kept: Keeping, now: datetime) -> None:
    """Put a credential in place of the old one; claims under way are over, and a standing connection is to be cut."""
    await connection.execute(RECREDENTIAL, device, kept.secret_sha256, kept.mac_key, kept.claim_sha256, now)
    await connection.execute(END_CLAIMS, device, now)


async def to_factory(connection: Connection, device: str, now: datetime) -> None:
    """Nobody's, nowhere, and not revoked."""
    await connection.execute(FRESH_AGAIN, device)
    await connection.fetchval(END_PLACEMENT, device, now)


async def revoke(connection: Connection, device: str, now: datetime, why: str) -> None:
    """Void from now on; claims under way are over."""
    await connection.execute(REVOKE, device, now, why)
    await connection.execute(END_CLAIMS, device, now)


async def tries(connection: Connection, device: str, since: datetime) -> list[datetime]:
    """When somebody tried to claim it."""
    return [row["opened_at"] for row in await connection.fetch(TRIES, device, since)]


async def open_claim(connection: Connection, claim: UUID, device: str, it: Claim, now: datetime) -> None:
    """Keep a try; with the right code it takes the place of one that waits for its press."""
    if it.right_code:
        await connection.execute(END_CLAIMS, device, now)
    await connection.execute(TRY, claim, device, now, it.until, it.opened_by, it.right_code)


async def claim_of(connection: Connection, device: str, claim: UUID) -> Claim | None:
    """A claim of this device."""
    row = await connection.fetchrow(CLAIM, claim, device)
    return Claim(*row.values()) if row else None


async def spot_of(connection: Connection, device: str) -> Spot | None:
    """Where it is placed now."""
    row = await connection.fetchrow(PLACEMENT, device)
    return Spot(*row.values()) if row else None


async def place(connection: Connection, device: str, spot: Spot, now: datetime, by: str) -> None:
    """End where it was and begin here, not confirmed yet."""
    since: datetime = await connection.fetchval(END_PLACEMENT, device, now) or now
    await connection.execute(PLACE, device, spot.division, spot.home, spot.elder, since, by)
    await connection.execute(MOVE, device, spot.division, spot.home, spot.elder)


async def confirm(connection: Connection, device: str, now: datetime, by: str, how: str) -> bool:
    """Mark the present placement as confirmed; False if there is nothing to confirm."""
    return await connection.fetchval(CONFIRM, device, now, by, how) is not None


async def elder_at(connection: Connection, device: str, at: datetime) -> str | None:
    """Who wore it then: history stays with the elder when the device moves on."""
    found: str | None = await connection.fetchval(ELDER_AT, device, at)
    return found


async def untold(database: Database, before: datetime) -> list[str]:
    """Devices about which something was decided before, and the broker may not have heard of it."""
    return [row["id"] for row in await database.pool.fetch(UNTOLD, before)]


async def decided(connection: Connection, device: str) -> Decided | None:
    """What the broker should know of it."""
    row = await connection.fetchrow(DECIDED, device)
    return Decided(*row.values()) if row else None


async def withdrawn(connection: Connection, device: str, now: datetime) -> None:
    """The broker lets it in no more."""
    await connection.execute(WITHDRAWN, device, now)


async def settled(connection: Connection, device: str) -> None:
    """No connection stands under an older secret."""
    await connection.execute(SETTLED, device)
