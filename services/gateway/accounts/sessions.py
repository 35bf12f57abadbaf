"""Logging in, knowing people again, and letting them go."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.gateway.accounts import ledger
from services.gateway.accounts.factors import Factors, Method
from services.gateway.accounts.passwords import DEMO, Passwords
from services.gateway.accounts.secrets import digest, fresh
from services.gateway.accounts.sso import SignedOn
from services.gateway.accounts.throttle import BadCredentialsError, Throttle, ThrottledError
from services.gateway.domain import doors
from services.gateway.domain.doors import SESSION
from services.gateway.domain.people import Identity, Must
from services.gateway.store import accounts as store
from services.gateway.store import factors as halves
from services.gateway.store.accounts import Credentials, NewSession
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.vocabulary.divisions import WHOLE_CELL
from shared.vocabulary.people import ResponderKind

TICKET = timedelta(seconds=30)
HALF = timedelta(minutes=5)
BROWSER = timedelta(days=180)
USED_EVERY = timedelta(minutes=1)

How = Literal["password", "second", "passkey", "sso"]


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody comes: address, what the browser calls itself, and the mark it was given before."""

    address: str = ""
    agent: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A secret given out once, and what it opens; `browser` marks where it was given."""

    token: str
    who: Identity
    until: datetime
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """A password was right; one of `methods` is still to be shown."""

    token: str
    methods: tuple[Method, ...]
    until: datetime


class Accounts:
    """Logs people in and knows them again."""

    def __init__(self, database: Database, clock: Clock, factors: Factors, *, demo: bool) -> None:
        """Keep short throttles in memory and everything else in the database; codes are throttled there too.

        `demo`: everybody may keep the demo's password and do without a second factor.
        """
        self._database = database
        self._clock = clock
        self._demo = demo
        self.throttle = Throttle()
        self.passwords = Passwords()
        self.factors = factors

    # Coming in

    async def login(self, username: str, password: str, caller: Caller) -> Opened | Half:
        """Open a session, or half of one. BadCredentialsError or ThrottledError otherwise."""
        key = (username, caller.address)
        self.throttle.check(key, self._clock.now())
        found = await store.credentials(self._database, username, "username")
        name = await self._name(username, found, caller)
        await self._let_try(name, found)
        right = await self.passwords.matches(_usable(found, self._clock.now()), password)
        if found is None or not right:
            self.throttle.failed(key, self._clock.now())
            await self._refused(name, found)
            raise BadCredentialsError
        self.throttle.passed(key)
        if found.factors:
            return await self._half(found)
        one_time = found.password_until is not None or (password == DEMO and not self._demo)
        must = doors.must(found.role, one_time=one_time, factors=0, demo=self._demo)
        return await self._open(found, caller, "password", must, name)

    async def second(self, step: str, code: str, caller: Caller) -> Opened:
        """The other half: digits or a recovery code. BadCredentialsError or ThrottledError otherwise."""
        account = await halves.try_half(self._database, digest(step), self._clock.now())
        found = await store.credentials(self._database, account, "id") if account else None
        if found is None:
            raise BadCredentialsError
        name = await self._name(found.username, found, caller)
        await self._let_try(name, found)
        if not await self.factors.right(found.account, code):
            await self._refused(name, found)
            raise BadCredentialsError
        await halves.take_half(self._database, digest(step), "login", self._clock.now())
        must: Must | None = "password" if found.password_until is not None else None
        return await self._open(found, caller, "second", must, name)

    async def with_passkey(self, account: str, caller: Caller) -> Opened:
        """A session for the owner of a passkey, which is both factors. BadCredentialsError if the account is closed."""
        found = await store.credentials(self._database, account, "id")
        if found is None:
            raise BadCredentialsError
        return await self._open(found, caller, "passkey", None, named(found.username))

    async def signed_on(self, it: SignedOn, caller: Caller) -> Opened | Half:
        """A session, or half of one, for whom the office's sign-on has named. BadCredentialsError if nobody here."""
        found = await store.credentials(self._database, it.subject, "sso_subject")
        if found is None:
            raise BadCredentialsError
        if found.factors and not it.strong:
            return await self._half(found)
        must = doors.must(found.role, one_time=False, factors=int(it.strong), demo=self._demo)
        return await self._open(found, caller, "sso", must, named(found.username))

    async def _half(self, found: Credentials) -> Half:
        token, until = fresh(), self._clock.now() + HALF
        await halves.keep_half(self._database, digest(token), "login", until, account=found.account)
        return Half(token, await self.factors.methods(found.account), until)

    async def _name(self, username: str, found: Credentials | None, caller: Caller) -> bytes:
        """Under what failures are counted: a browser somebody uses has a count of its own."""
        known = found and caller.browser and await halves.known(self._database, digest(caller.browser), found.account)
        return digest(f"browser:{caller.browser}") if known else named(username)

    async def _let_try(self, name: bytes, found: Credentials | None) -> None:
        now = self._clock.now()
        wait = doors.locked_for(await halves.failures(self._database, name, now - doors.LOCK), now)
        if wait is not None and not (found and await self._on_a_case(found.account)):
            raise ThrottledError(max(1, round(wait.total_seconds())))

    async def _on_a_case(self, account: str) -> bool:
        async with self._database.reading(WHOLE_CELL) as connection:
            return await store.on_a_case(connection, account)

    async def _refused(self, name: bytes, found: Credentials | None) -> None:
        now = self._clock.now()
        await halves.fail(self._database, name, now)
        if found is not None:
            async with ledger.writing(self._database, found.account) as connection:
                await ledger.note(connection, "session.refused", found.account, found.division, now)

    async def _open(self, it: Credentials, caller: Caller, how: How, must: Must | None, name: bytes) -> Opened:
        token, now, browser = fresh(), self._clock.now(), caller.browser or fresh()
        came = (caller.agent, caller.address, digest(browser))
        session = NewSession(digest(token), it.account, now, now + SESSION, must, *came)
        async with ledger.writing(self._database, it.account) as connection:
            who = await store.open_session(connection, session)
            await halves.forgive(connection, name)
            await halves.know(connection, digest(browser), it.account, now)
            # the canary's are no news, and come by the thousand
            if it.kind != ResponderKind.CANARY:
                await ledger.note(connection, "session.opened", it.account, it.division, now, how=how, must=must)
        return Opened(token, who, session.until, browser)

    async def enter(self, account: str, lasting: timedelta) -> Opened:
        """Open a session for somebody who was proved otherwise: by a paired telephone, by a code."""
        token, now = fresh(), self._clock.now()
        session = NewSession(digest(token), account, now, now + lasting)
        async with self._database.transaction() as connection:
            who = await store.open_session(connection, session)
        return Opened(token, who, session.until)

    # Being known

    async def who(self, token: str) -> Identity | None:
        """Know a session token again."""
        key = digest(token)
        found = (await self.still([key])).get(key)
        if found is None or not hmac.compare_digest(found.session, key):
            return None
        if found.used_at is None or found.used_at <= self._clock.now() - USED_EVERY:
            await store.used(self._database, key, self._clock.now())
        return found

    async def admit(self, token: str) -> Identity | None:
        """Know a session token or use up a ticket; nobody whose login still wants something."""
        session = await store.take_ticket(self._database, digest(token), self._clock.now())
        found = await self.who(token) if session is None else (await self.still([session])).get(session)
        return found if found is not None and found.must is None else None

    async def still(self, sessions: Iterable[bytes]) -> dict[bytes, Identity]:
        """Which of these sessions stand, and as whom. Nobody is thrown out while on a case."""
        asked, now = set(sessions), self._clock.now()
        found = await store.live(self._database, asked, now)
        if missing := asked - found.keys():
            await store.prolong(self._database, missing, now, now + doors.PROLONGED)
            found |= await store.live(self._database, missing, now)
        return {key: who for key, who in found.items() if not doors.idle(who.role, who.used_at, now)}

    async def ticket(self, who: Identity) -> Opened:
        """A single-use ticket for one WebSocket, good for 30 s."""
        token, until = fresh(), self._clock.now() + TICKET
        await store.give_ticket(self._database, digest(token), who, until)
        return Opened(token, who, until)

    async def proof(self, who: Identity, password: str, caller: Caller) -> None:
        """The password once more, before something that matters. BadCredentialsError or ThrottledError otherwise."""
        key = (who.username, caller.address)
        self.throttle.check(key, self._clock.now())
        found = await store.credentials(self._database, who.account, "id")
        if not await self.passwords.matches(found.password_hash if found else None, password):
            self.throttle.failed(key, self._clock.now())
            raise BadCredentialsError
        await store.proved(self._database, who.session, self._clock.now())

    # Going

    async def logout(self, who: Identity) -> None:
        """End the session; its sockets follow within seconds."""
        await store.revoke(self._database, who.session, self._clock.now())

    async def forget(self) -> None:
        """Delete what ended long ago."""
        now = self._clock.now()
        await store.forget(self._database, now - TICKET, now - store.STAYS, now - BROWSER)


def named(username: str) -> bytes:
    """Under what failures of a user name are counted, whether there is such a user or not."""
    return hashlib.sha256(f"name:{username.casefold()}".encode()).digest()


def _usable(found: Credentials | None, now: datetime) -> str | None:
    """What a password is compared with; a one-time password that is over is none."""
    over = found is not None and found.password_until is not None and found.password_until <= now
    return None if found is None or over else found.password_hash
