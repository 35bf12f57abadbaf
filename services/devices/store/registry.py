"""Devices, their credentials and what is bound to which."""

from collections.abc import Iterable

from services.devices.domain.foreign import Binding
from services.devices.domain.permissions import Credential
from shared.runtime.database import Database

CREDENTIALS = """
SELECT id, county, secret_sha256, foreign_prefix, revoked_at IS NOT NULL AS revoked
FROM devices.device WHERE id = ANY($1) AND secret_sha256 IS NOT NULL
"""
BINDINGS = """
SELECT b.address, b.device_id, d.county, b.meaning, d.datum
FROM devices.binding b JOIN devices.device d ON d.id = b.device_id
WHERE b.address = ANY($1) ORDER BY b.address, b.hub_id
"""
HUB_COUNTY = """
SELECT county FROM devices.device
WHERE foreign_prefix IS NOT NULL AND starts_with($1, rtrim(foreign_prefix, '#/') || '/')
ORDER BY length(foreign_prefix) DESC LIMIT 1
"""


async def county_of(database: Database, device: str) -> str | None:
    """County in a device's topics; None if it is not registered."""
    county: str | None = await database.pool.fetchval("SELECT county FROM devices.device WHERE id = $1", device)
    return county


async def credentials(database: Database, devices: Iterable[str]) -> dict[str, Credential]:
    """Credentials by device id; who is not among them has none."""
    rows = await database.pool.fetch(CREDENTIALS, list(devices))
    return {
        row["id"]: Credential(row["id"], row["county"], row["secret_sha256"], row["foreign_prefix"], row["revoked"])
        for row in rows
    }


async def bindings(database: Database, addresses: Iterable[str]) -> dict[str, list[Binding]]:
    """Bindings by address; two hubs of the same prefix may both have one, and then both homes ring."""
    rows = await database.pool.fetch(BINDINGS, list(addresses))
    found: dict[str, list[Binding]] = {}
    for row in rows:
        meaning = {str(word): str(kind) for word, kind in row["meaning"].items()}
        binding = Binding(row["address"], row["device_id"], row["county"], meaning, row["datum"])
        found.setdefault(row["address"], []).append(binding)
    return found


async def hub_county(database: Database, topic: str) -> str:
    """County of the hub that speaks on this topic; empty if no hub does."""
    county: str | None = await database.pool.fetchval(HUB_COUNTY, topic)
    return county or ""
