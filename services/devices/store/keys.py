"""Signing keys of devices, sealed in the database with AES-256-GCM under the service's own key."""

import base64
import os
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.devices.domain.mac import key_of
from shared.runtime.database import Database

NONCE_BYTES = 12
FRESH = timedelta(minutes=1)
MOST = 20_000

KEYS = "SELECT id, mac_key FROM devices.device WHERE id = ANY($1) AND mac_key IS NOT NULL AND revoked_at IS NULL"


class Sealer:
    """Seals what the database must not give away by itself."""

    def __init__(self, key: str) -> None:
        """`key` is base64 of 32 bytes; without one nothing can be sealed, and no device can sign."""
        raw = base64.b64decode(key)
        self._box = AESGCM(raw) if raw else None

    def sealed(self, device: str, secret: str) -> bytes | None:
        """The signing key of this device's secret, sealed for this device alone."""
        if self._box is None:
            return None
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, key_of(secret), device.encode())

    def opened(self, device: str, sealed: bytes) -> bytes | None:
        """The signing key; None if this was sealed with another key or for another device."""
        if self._box is None:
            return None
        try:
            return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], device.encode())
        except InvalidTag:
            return None


class Keys:
    """Signing keys as needed, read again after a minute."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        """Know none yet."""
        self._database = database
        self._sealer = sealer
        self._known: dict[str, tuple[bytes | None, datetime]] = {}

    async def of(self, devices: Iterable[str], now: datetime) -> dict[str, bytes]:
        """Keys by device; a device that has none is left out. One query for all that are not known."""
        wanted = set(devices)
        stale = [d for d in wanted if d not in self._known or self._known[d][1] < now - FRESH]
        if stale:
            await self._read(stale, now)
        return {d: key for d in wanted if (key := self._known[d][0]) is not None}

    def at_hand(self, device: str) -> bytes | None:
        """The key, if it was needed lately."""
        return self._known.get(device, (None,))[0]

    async def _read(self, devices: list[str], now: datetime) -> None:
        if len(self._known) > MOST:
            self._known.clear()
        rows = await self._database.pool.fetch(KEYS, devices)
        found = {row["id"]: self._sealer.opened(row["id"], row["mac_key"]) for row in rows}
        self._known |= {device: (found.get(device), now) for device in devices}
