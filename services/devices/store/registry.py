"""Devices, their credentials and what is bound to which."""

from collections.abc import Iterable

from services.devices.domain.permissions import Credential
from shared.runtime.database import Database

CREDENTIALS = """
SELECT id, county, secret_sha256, foreign_prefix, revoked_at IS NOT NULL AS revoked
FROM devices.device WHERE id = ANY($1) AND secret_sha256 IS NOT NULL
"""


async def credentials(database: Database, devices: Iterable[str]) -> dict[str, Credential]:
    """Credentials by device id; who is not among them has none."""
    rows = await database.pool.fetch(CREDENTIALS, list(devices))
    return {
        row["id"]: Credential(row["id"], row["county"], row["secret_sha256"], row["foreign_prefix"], row["revoked"])
        for row in rows
    }
