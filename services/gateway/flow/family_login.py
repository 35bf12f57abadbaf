"""One of the family logs in: digits come to her telephone, as a text or read aloud, and open a session."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.accounts import Accounts, BadCredentialsError, Opened, ThrottledError
from services.gateway.store import kin as store
from shared.contracts.commands import Actor, Command
from shared.runtime.database import Database
from shared.runtime.sealed import digits
from shared.vocabulary.ids import uuid7

GOOD_FOR = timedelta(minutes=5)
AGAIN = timedelta(minutes=1)
A_WHILE, MOST = timedelta(hours=1), 6
TRIES = 5
LASTING = timedelta(days=30)
NOWHERE = "00"
"""The division of those whom no place makes responsible: it covers nobody."""


async def ask(database: Database, phone: str, now: datetime) -> tuple[UUID, datetime, datetime]:
    """Digits to be sent, under their name, until when, and when more may be asked for. ThrottledError if too soon."""
    name, code = uuid7(now), f"{secrets.randbelow(10**6):06}"
    (whole,) = database.fields.whole([digits(phone)])
    async with database.transaction() as connection:
        await store.forget_codes(connection, now - A_WHILE)
        many, last = await store.asked(connection, whole, now - A_WHILE)
        if last is not None and last + AGAIN > now:
            raise ThrottledError(_seconds(last + AGAIN - now))
        if many >= MOST:
            raise ThrottledError(_seconds(A_WHILE))
        await store.keep_code(connection, name, phone, code, now, now + GOOD_FOR)
    return name, now + GOOD_FOR, now + AGAIN


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))


def sending(name: UUID, by: str) -> Command:
    """What dispatch is asked to send; it looks the number and the digits up itself."""
    door = Actor(account="family-door", name="", role="family", division=NOWHERE)
    return Command(name="send_login_code", target=str(name), actor=door, key=f"login/{name}", args={"by": by})


async def enter(database: Database, accounts: Accounts, phone: str, code: str, now: datetime) -> Opened:
    """A session for this telephone; the first time makes its account. BadCredentialsError when the digits are wrong."""
    (whole,) = database.fields.whole([digits(phone)])
    async with database.transaction() as connection:
        right = await store.digits(connection, whole, now, TRIES)
    if right is None or not hmac.compare_digest(right, code):
        raise BadCredentialsError
    async with database.transaction() as connection:
        account = await store.enter(connection, phone, whole, f"f-{uuid7(now)}", NOWHERE, secrets.token_hex(4))
    if account is None:
        raise BadCredentialsError
    return await accounts.enter(account, LASTING)
