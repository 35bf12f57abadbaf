"""Accounts, sessions and second factors over HTTP (docs/wire/http.md, docs/security.md)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message

Word = Annotated[str, Field(min_length=1, max_length=256)]
Code = Annotated[str, Field(min_length=6, max_length=64)]
Token = Annotated[str, Field(min_length=1, max_length=128)]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$")]
Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$")]
StaffRole = Literal["responder", "desk", "supervisor", "admin", "installer", "office", "auditor", "security"]


class Doors(Message):
    """Ways in besides a password; `sso` is the name of the office's sign-on, where there is one."""

    sso: str | None


class SecondStep(Message):
    """Answer to a password that was right where a second factor is needed: what `POST /sessions/second` takes."""

    step: str
    methods: tuple[Literal["totp", "passkey", "recovery"], ...]
    expires_at: datetime


class SecondFactor(Message):
    """Six digits of an authenticator, or a recovery code."""

    step: Token
    code: Code


class PasskeyOptions(Message):
    """What the browser is asked with (`navigator.credentials`); `step` comes back with its answer."""

    step: str
    options: dict[str, Any]


class PasskeyAnswer(Message):
    """The browser's answer, as it is."""

    step: Token
    credential: dict[str, Any]


class NewPasskey(PasskeyAnswer):
    """A passkey to be kept, under a name its owner knows it by."""

    name: Name


class PasswordAgain(Message):
    """The password once more, before something that matters."""

    password: Word


class NewPassword(Message):
    """A password of one's own."""

    old: Word
    new: Annotated[str, Field(min_length=1, max_length=128)]


class NewAuthenticator(Message):
    """An authenticator that is being added."""

    name: Name


class AuthenticatorMade(Message):
    """Shown once: the key as text, as an address for the app and as a picture (SVG in a data URL)."""

    factor: UUID
    key: str
    uri: str
    picture: str


class ConfirmAuthenticator(Message):
    """The first six digits prove that the app has the key."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class RecoveryCodes(Message):
    """Ten codes for the day the telephone is lost, shown once; older ones are void."""

    codes: tuple[str, ...]


class FactorLine(Message):
    """A second factor."""

    id: UUID
    kind: Literal["totp", "passkey"]
    name: str
    added_at: datetime
    used_at: datetime | None


class OwnSecurity(Message):
    """What one's own page shows."""

    factors: tuple[FactorLine, ...]
    recovery_left: int
    needs_factor: bool
    must: Literal["password", "factor"] | None
    has_password: bool
    proved: bool
    """Whether the password was shown a short while ago; else `POST /sessions/current/proof` comes first."""


class SessionLine(Message):
    """One session of an account; `agent` is what the browser calls itself."""

    id: str
    current: bool
    agent: str | None
    address: str | None
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime


class Sessions(Message):
    """Every session that stands."""

    items: tuple[SessionLine, ...]


class NewAccount(Message):
    """Somebody who will work with Yinling; `responder` names the person in the registry, `sso` the office's subject."""

    username: Username
    name: Name
    role: StaffRole
    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    responder: Annotated[str, Field(max_length=64)] | None = None
    sso: Annotated[str, Field(min_length=1, max_length=255)] | None = None


class AccountChange(Message):
    """What an account is from now on; its sessions end where its rights change."""

    name: Name
    role: StaffRole
    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    sso: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    at_once: bool = False
    """Also while its owner is on an open case."""


class Ending(Message):
    """`at_once` also ends somebody who is on an open case."""

    at_once: bool = False


class AccountLine(Message):
    """An account of somebody who works here."""

    id: str
    username: str
    name: str
    role: str
    kind: str | None
    division: str
    responder: str | None
    sso: bool
    factors: int
    one_time: bool
    """A one-time password waits to be changed."""
    locked: bool
    disabled_at: datetime | None
    sessions: int
    on_a_case: bool
    used_at: datetime | None


class OneTimePassword(Message):
    """Shown once; it opens nothing but its own change, and not after `until`."""

    account: AccountLine
    password: str
    until: datetime
