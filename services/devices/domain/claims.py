"""Taking a device over: a code that came with it, a login, and a real press within a minute."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O, 1 I L: codes are read off a box and typed."""
CODE_LENGTH = 10
ENTROPY_BYTES = 16

PRESS_WITHIN = timedelta(seconds=60)
FINISH_WITHIN = timedelta(minutes=10)
"""After the press was due; a terminal that lost its line may still fetch the credential."""
MOST_TRIES = 5
TRIES_WITHIN = timedelta(hours=1)


class Standing(StrEnum):
    """How a claim stands."""

    NOT_YOURS = "not_yours"
    OVER = "claim_over"
    WAITING = "waiting"
    PRESSED = "pressed"


@dataclass(frozen=True, slots=True)
class Claim:
    """One try, as it was stored."""

    until: datetime
    opened_by: str
    right_code: bool
    pressed_at: datetime | None
    finished_at: datetime | None


def claim_code(entropy: bytes) -> str:
    """A code from sixteen random bytes."""
    number = int.from_bytes(entropy[:ENTROPY_BYTES], "big")
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def as_printed(typed: str) -> str:
    """A code as somebody typed it: case, blanks and dashes do not count."""
    return "".join(sign for sign in typed.upper() if sign not in " -\t\u3000")


def code_hash(device: str, code: str) -> bytes:
    """What is stored of a code; the same code on two boxes looks different."""
    return sha256(f"{device}|{as_printed(code)}".encode()).digest()


def is_code(device: str, typed: str, stored: bytes) -> bool:
    """Whether this is the device's code."""
    return hmac.compare_digest(code_hash(device, typed), stored)


def wait_s(tries: Sequence[datetime], now: datetime) -> int | None:
    """Seconds until one more try is allowed; None if it is allowed now. Right or wrong, a try counts."""
    counting = sorted(at for at in tries if at > now - TRIES_WITHIN)
    if len(counting) < MOST_TRIES:
        return None
    left = counting[-MOST_TRIES] + TRIES_WITHIN - now
    return -(-left // timedelta(seconds=1))


def standing(claim: Claim, account: str, now: datetime) -> Standing:
    """Where it stands for this account."""
    if claim.opened_by != account:
        return Standing.NOT_YOURS
    if not claim.right_code or claim.finished_at is not None:
        return Standing.OVER
    if claim.pressed_at is None:
        return Standing.WAITING if now < claim.until else Standing.OVER
    return Standing.PRESSED if now < claim.until + FINISH_WITHIN else Standing.OVER
