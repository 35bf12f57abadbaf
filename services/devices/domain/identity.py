"""Which message is which alarm, also where the sender does not count."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

REPEATS = timedelta(seconds=30)
FOR_EVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Spare:
    """A key made from the content, for an alarm without numbers of its own.

    `boot` is -1 minus the millisecond of arrival; the same `seq` from the same device within `reach_ms` is the same
    alarm, so that both workers' copies fold and tomorrow's identical press is a new one.
    """

    boot: int
    seq: int
    reach_ms: int


def fingerprint(content: bytes) -> int:
    """53 bits of SHA-256."""
    return int.from_bytes(sha256(content).digest()[:7], "big") >> 3


def spare(content: bytes, now: datetime, reach: timedelta = REPEATS) -> Spare:
    """Key for this content at this time."""
    return Spare(-1 - int(now.timestamp() * 1000), fingerprint(content), int(reach.total_seconds() * 1000))


def lasting(fields: dict[str, object]) -> bytes:
    """What stays the same when a device repeats an alarm: everything but the attempt and the path."""
    kept = {name: value for name, value in fields.items() if name not in {"attempt", "path"}}
    return json.dumps(kept, sort_keys=True, ensure_ascii=True, default=str).encode()
