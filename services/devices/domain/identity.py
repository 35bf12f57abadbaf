"""Which message is which alarm, also where the sender does not count."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

BUCKET = timedelta(seconds=30)
FOR_EVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Spare:
    """A key made from the content, for an alarm without numbers of its own.

    `boot` is negative, -1 minus the number of the time bucket; an alarm with the same `seq` received within `reach`
    is the same alarm.
    """

    boot: int
    seq: int
    reach: timedelta


def fingerprint(content: bytes) -> int:
    """53 bits of SHA-256."""
    return int.from_bytes(sha256(content).digest()[:7], "big") >> 3


def spare(content: bytes, now: datetime, reach: timedelta = BUCKET) -> Spare:
    """Key for this content at this time."""
    return Spare(-1 - int(now.timestamp() // BUCKET.total_seconds()), fingerprint(content), reach)


def lasting(fields: dict[str, object]) -> bytes:
    """What stays the same when a device repeats an alarm: everything but the attempt."""
    kept = {name: value for name, value in fields.items() if name not in {"attempt", "path"}}
    return json.dumps(kept, sort_keys=True, ensure_ascii=True, default=str).encode()
