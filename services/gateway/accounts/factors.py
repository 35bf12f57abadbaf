"""Second factors: shown at the door, added and taken away by their owner."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from services.gateway.accounts import ledger, passkeys, totp
from services.gateway.accounts.passkeys import Site
from services.gateway.accounts.secrets import Vault, digest, fresh
from services.gateway.accounts.throttle import BadCredentialsError
from services.gateway.domain.people import Identity
from services.gateway.store import accounts
from services.gateway.store import factors as store
from services.gateway.store.factors import Factor
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database
from shared.vocabulary.ids import uuid7

CHALLENGE = timedelta(minutes=5)
CODES, CODE_LENGTH = 10, 24
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""118 bits a code, so that a plain hash of it is enough."""

Method = Literal["totp", "passkey", "recovery"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked; `step` comes back with its answer."""

    step: str
    options: dict[str, Any]


class Factors:
    """Everything about second factors but the session they open."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        """`vault` seals authenticators' keys."""
        self._database = database
        self._clock = clock
        self._vault = vault

    # At the door

    async def methods(self, account: str) -> tuple[Method, ...]:
        """What this account can show besides a password."""
        async with self._database.pool.acquire(timeout=2) as connection:
            kinds = dict.fromkeys(one.kind for one in await store.confirmed(connection, account))
            left = await store.codes_left(connection, account)
        return (*kinds, "recovery") if left else tuple(kinds)

    async def right(self, account: str, code: str) -> bool:
        """Whether these are digits of an authenticator or a recovery code; either is used up by it."""
        async with self._database.transaction() as connection:
            if code.isascii() and code.isdigit():
                return await self._digits(connection, account, code)
            return await store.spend_code(connection, account, digest(_plain(code)))

    async def _digits(self, connection: Connection, account: str, code: str) -> bool:
        now = self._clock.now()
        for one in await store.confirmed(connection, account):
            key = self._vault.opened(one.secret, account) if one.kind == "totp" else None
            step = totp.step_of(key, code, now) if key else None
            if step is not None and await store.spend(connection, one.id, step, now):
                return True
        return False

    async def ask_for_passkey(self, site: Site) -> Asked:
        """What any browser may be asked to show."""
        options, challenge = passkeys.to_show(site)
        return await self._asked("passkey", None, options, challenge)

    async def passkey(self, step: str, answer: Mapping[str, Any], site: Site) -> str:
        """Whose passkey this is. BadCredentialsError when it is nobody's or does not fit what was asked."""
        half = await store.take_half(self._database, digest(step), "passkey", self._clock.now())
        if half is None:
            raise BadCredentialsError
        async with self._database.transaction() as connection:
            found = await store.by_credential(connection, passkeys.credential_of(answer))
            if found is None:
                raise BadCredentialsError
            factor, account, public_key, counter = found
            shown = passkeys.shown(site, half.challenge, answer, public_key, counter)
            await store.touch(connection, factor, shown, self._clock.now())
        return account

    async def _asked(
        self, kind: Literal["passkey", "registration"], account: str | None, options: dict[str, Any], challenge: bytes
    ) -> Asked:
        step, until = fresh(), self._clock.now() + CHALLENGE
        await store.keep_half(self._database, digest(step), kind, until, account=account, challenge=challenge)
        return Asked(step, options)

    # One's own

    async def own(self, account: str) -> tuple[list[Factor], int]:
        """An account's factors, and how many recovery codes are left."""
        async with self._database.pool.acquire(timeout=2) as connection:
            return await store.confirmed(connection, account), await store.codes_left(connection, account)

    async def begin_authenticator(self, who: Identity, name: str) -> tuple[UUID, bytes]:
        """A key for an app; it opens nothing before `finish_authenticator`."""
        key, now = totp.new_key(), self._clock.now()
        sealed = self._vault.seal(key, who.account)
        it = Factor(uuid7(now), who.account, "totp", name, sealed, None, 0, now)
        async with self._database.transaction() as connection:
            await store.add(connection, it, None)
        return it.id, key

    async def finish_authenticator(self, who: Identity, factor: UUID, code: str) -> tuple[str, ...]:
        """Digits show that the app has the key. Fresh recovery codes where there were none; BadCredentialsError."""
        now = self._clock.now()
        async with ledger.writing(self._database, who.account) as connection:
            sealed = await store.waiting(connection, factor, who.account)
            key = self._vault.opened(sealed, who.account) if sealed else None
            step = totp.step_of(key, code, now) if key else None
            if step is None:
                raise BadCredentialsError
            await store.confirm(connection, factor, now, step)
            return await self._added(connection, who, "totp")

    async def begin_passkey(self, who: Identity, site: Site) -> Asked:
        """What the browser is asked to make."""
        there, _ = await self.own(who.account)
        held = [one.credential for one in there if one.credential]
        options, challenge = passkeys.to_register(site, who.account, who.username, held)
        return await self._asked("registration", who.account, options, challenge)

    async def finish_passkey(
        self, who: Identity, step: str, answer: Mapping[str, Any], name: str, site: Site
    ) -> tuple[str, ...]:
        """Keep what it made. Fresh recovery codes where there were none; BadCredentialsError."""
        now = self._clock.now()
        half = await store.take_half(self._database, digest(step), "registration", now)
        if half is None or half.account != who.account:
            raise BadCredentialsError
        it = passkeys.made(site, half.challenge, answer)
        one = Factor(uuid7(now), who.account, "passkey", name, it.public_key, it.credential, it.counter, now)
        async with ledger.writing(self._database, who.account) as connection:
            await store.add(connection, one, now)
            return await self._added(connection, who, "passkey")

    async def _added(self, connection: Connection, who: Identity, kind: str) -> tuple[str, ...]:
        await accounts.done(connection, who.account, "factor", None)
        await self._note(connection, "factor.added", who, kind=kind)
        return () if await store.codes_left(connection, who.account) else await self._codes(connection, who)

    async def new_codes(self, who: Identity) -> tuple[str, ...]:
        """Ten recovery codes in the place of the old ones."""
        async with ledger.writing(self._database, who.account) as connection:
            await self._note(connection, "recovery_codes.made", who)
            return await self._codes(connection, who)

    async def _codes(self, connection: Connection, who: Identity) -> tuple[str, ...]:
        codes = ["".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
        await store.keep_codes(connection, who.account, [digest(code) for code in codes], self._clock.now())
        return tuple("-".join(code[n : n + 4] for n in range(0, CODE_LENGTH, 4)) for code in codes)

    async def remove(self, who: Identity, factor: UUID) -> bool:
        """Take one away; False when there is none such. Recovery codes go with the last."""
        async with ledger.writing(self._database, who.account) as connection:
            kind = await store.remove(connection, factor, who.account)
            if kind is None:
                return False
            if not await store.confirmed(connection, who.account):
                await store.remove_all(connection, who.account)
            await self._note(connection, "factor.removed", who, kind=kind)
        return True

    async def _note(self, connection: Connection, tag: str, who: Identity, **body: Any) -> None:
        by = f"account:{who.account}"
        await ledger.note(connection, tag, who.account, who.division, self._clock.now(), by=by, **body)


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").casefold()
