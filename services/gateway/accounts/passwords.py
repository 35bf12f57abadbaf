"""Passwords: hashed off the event loop, two at a time, and never ones that a list of common ones knows."""

import asyncio
from collections.abc import Iterable
from secrets import choice, token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

AT_ONCE = 2
SHORTEST = 10
STRONG = 3
"""Of zxcvbn's 0 to 4: some ten thousand million guesses."""
LOOKED_AT = 72
"""Characters that are judged; the rest can only help."""
ONE_TIME = "abcdefghijkmnpqrstuvwxyz23456789"
ONE_TIME_PARTS, PART = 4, 4
DEMO = "yinling"
"""Everybody's password in the demo."""

_HASHER = PasswordHasher()


class WeakPasswordError(Exception):
    """A password that would soon be guessed; `why` is short or common."""

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(why)
        self.why = why


def hash_password(password: str) -> str:
    """Hash a password for `gateway.account` (slow, on purpose)."""
    return _HASHER.hash(password)


def one_time() -> str:
    """A password to be read aloud and typed once: 80 bits, no letter that looks like another."""
    return "-".join("".join(choice(ONE_TIME) for _ in range(PART)) for _ in range(ONE_TIME_PARTS))


class Passwords:
    """Hashes and compares in threads; the event loop goes on."""

    def __init__(self) -> None:
        """Make the decoy when it is first needed."""
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._decoy: str | None = None

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; takes as long when there is none to compare with."""
        async with self._turns:
            if self._decoy is None:
                self._decoy = await asyncio.to_thread(hash_password, token_urlsafe(32))
            same = await asyncio.to_thread(_matches, stored or self._decoy, password)
        return same and stored is not None

    async def hashed(self, password: str, own: Iterable[str]) -> str:
        """Hash a new password. WeakPasswordError for one that is short, common or made of `own` words."""
        if len(password) < SHORTEST:
            raise WeakPasswordError("short")
        async with self._turns:
            judged = await asyncio.to_thread(zxcvbn, password[:LOOKED_AT], [*own, DEMO])
            if judged["score"] < STRONG:
                raise WeakPasswordError("common")
            return await asyncio.to_thread(hash_password, password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
