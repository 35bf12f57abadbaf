"""Who is at the door: passwords, sessions, tickets.

A login never tells which part was wrong and costs the same when the user is unknown.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.gateway.domain.people import Identity
from services.gateway.store import accounts as store
from shared.runtime.clock import Clock
from shared.runtime.database import Database

SESSION = timedelta(hours=12)
TICKET = timedelta(seconds=30)
FAILURES = 10
PER = timedelta(minutes=1)
AT_ONCE = 2
TOKEN_BYTES = 32
REMEMBERED_AT_MOST = 10_000

_HASHER = PasswordHasher()


class BadCredentialsError(Exception):
    """User name or password is wrong."""


class ThrottledError(Exception):
    """Too many failed logins; `retry_after_s` says when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        """Carry the wait."""
        super().__init__()
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Opened:
    """A secret given out once, and what it opens."""

    token: str
    who: Identity
    until: datetime


def hash_password(password: str) -> str:
    """Hash a password for `gateway.account` (slow, on purpose)."""
    return _HASHER.hash(password)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


class Throttle:
    """Failed logins a minute by user name and address, in this process's memory."""

    def __init__(self) -> None:
        """Start with nothing held against anybody."""
        self._failures: dict[tuple[str, str], list[datetime]] = {}

    def check(self, key: tuple[str, str], now: datetime) -> None:
        """Raise ThrottledError when too many failures are fresh."""
        fresh = [at for at in self._failures.get(key, ()) if at > now - PER]
        if len(fresh) >= FAILURES:
            raise ThrottledError(max(1, round((fresh[0] + PER - now).total_seconds())))

    def failed(self, key: tuple[str, str], now: datetime) -> None:
        """Remember a failure."""
        if len(self._failures) >= REMEMBERED_AT_MOST:
            self._failures = {k: times for k, times in self._failures.items() if times[-1] > now - PER}
        fresh = [at for at in self._failures.get(key, ()) if at > now - PER]
        self._failures[key] = [*fresh, now][-FAILURES:]

    def passed(self, key: tuple[str, str]) -> None:
        """Forget the failures of somebody who got in."""
        self._failures.pop(key, None)


class Accounts:
    """Logs people in and knows them again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep the throttle in memory and everything else in the database; codes are throttled there too."""
        self._database = database
        self._clock = clock
        self.throttle = Throttle()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._decoy: str | None = None

    async def login(self, username: str, password: str, address: str) -> Opened:
        """Open a session. BadCredentialsError or ThrottledError otherwise."""
        key = (username, address)
        self.throttle.check(key, self._clock.now())
        found = await store.credentials(self._database, username)
        right = await self._verify(found.password_hash if found else None, password)
        if found is None or not right:
            self.throttle.failed(key, self._clock.now())
            raise BadCredentialsError
        self.throttle.passed(key)
        return await self.enter(found.account, SESSION)

    async def enter(self, account: str, lasting: timedelta) -> Opened:
        """Open a session for somebody who was proved otherwise: by a paired telephone, by a code."""
        token, now = token_urlsafe(TOKEN_BYTES), self._clock.now()
        until = now + lasting
        who = await store.open_session(self._database, digest(token), account, now, until)
        return Opened(token, who, until)

    async def _verify(self, stored: str | None, password: str) -> bool:
        async with self._turns:
            if self._decoy is None:
                self._decoy = await asyncio.to_thread(hash_password, token_urlsafe(TOKEN_BYTES))
            return await asyncio.to_thread(_matches, stored or self._decoy, password)

    async def who(self, token: str) -> Identity | None:
        """Know a session token again."""
        key = digest(token)
        found = (await store.live(self._database, [key], self._clock.now())).get(key)
        return found if found is not None and hmac.compare_digest(found.session, key) else None

    async def admit(self, token: str) -> Identity | None:
        """Know a session token or use up a ticket."""
        now = self._clock.now()
        session = await store.take_ticket(self._database, digest(token), now)
        if session is None:
            return await self.who(token)
        return (await store.live(self._database, [session], now)).get(session)

    async def ticket(self, who: Identity) -> Opened:
        """A single-use ticket for one WebSocket, good for 30 s."""
        token, until = token_urlsafe(TOKEN_BYTES), self._clock.now() + TICKET
        await store.give_ticket(self._database, digest(token), who, until)
        return Opened(token, who, until)

    async def logout(self, who: Identity) -> None:
        """End the session; its sockets follow within seconds."""
        await store.revoke(self._database, who.session, self._clock.now())

    async def still(self, sessions: Iterable[bytes]) -> dict[bytes, Identity]:
        """Which of these sessions stand, and as whom."""
        return await store.live(self._database, sessions, self._clock.now())

    async def forget(self) -> None:
        """Delete tickets and sessions that ended long ago."""
        now = self._clock.now()
        await store.forget(self._database, now - TICKET, now - SESSION)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
