"""Identifiers that sort by time (UUID version 7, RFC 9562)."""

from datetime import UTC, datetime
from uuid import UUID

from shared.vocabulary.noise import Noise

NOISE = Noise(10)


def uuid7(at: datetime, entropy: bytes | None = None) -> UUID:
    """Return a UUIDv7 for the instant `at` (aware); `entropy` is ten bytes, random when omitted."""
    noise = int.from_bytes(entropy or NOISE.piece(), "big")
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=(milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | ((noise >> 62) & 0xFFF) << 64
        | 0b10 << 62
        | noise & (1 << 62) - 1
    )


def made_at(name: UUID) -> datetime:
    """The instant that a UUIDv7 carries, in whole milliseconds."""
    return datetime.fromtimestamp((name.int >> 80) / 1000, tz=UTC)
