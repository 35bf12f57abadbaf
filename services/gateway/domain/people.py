"""Who is at the door, and which inboxes are theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.people import Role

Must = Literal["password", "factor"]

DESK_ROLES = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN})
TENDING_ROLES = DESK_ROLES | {Role.INSTALLER}
FILTERED_BY_ID = frozenset({Role.RESPONDER, Role.ELDER, Role.FAMILY})
ISSUING_ROLES = frozenset({Role.INSTALLER, Role.SUPERVISOR, Role.ADMIN})
HOUSEHOLD_ROLES = frozenset({Role.ELDER, Role.FAMILY})
"""Whom the service is for; every door of those who work here is closed to them."""
APART_ROLES = frozenset({Role.OFFICE, Role.AUDITOR, Role.SECURITY})
"""Who reads figures, who reads the audit, who keeps the accounts: nobody of them works on cases or reads elders."""
OVERSEEING_ROLES = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN, Role.OFFICE})
TWO_FACTOR_ROLES = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.OFFICE, Role.AUDITOR, Role.SECURITY})


@dataclass(frozen=True, slots=True)
class Identity:
    """An account behind a live session; `session` is the SHA-256 of its token."""

    account: str
    username: str
    name: str
    role: str
    kind: str | None
    division: Division
    responder: str | None
    session: bytes
    expires_at: datetime
    elder: str | None = None
    must: Must | None = None
    """What has to be done before this session opens anything else."""
    proved_at: datetime | None = None
    """When this session last showed a password or another factor."""
    used_at: datetime | None = None
    """When it was last used, to the minute."""

    @property
    def works_here(self) -> bool:
        """Whether this is one of those who help: not one who is helped, nor one who only keeps books."""
        return self.role not in HOUSEHOLD_ROLES | APART_ROLES

    @property
    def employed(self) -> bool:
        """Whether this account is made by the security administrator and not by a household."""
        return self.role not in HOUSEHOLD_ROLES

    @property
    def oversees(self) -> bool:
        """Whether this account may read the figures of its division and of what lies below."""
        return self.role in OVERSEEING_ROLES

    @property
    def at_desk(self) -> bool:
        """Whether this account may see people's data across its division."""
        return self.role in DESK_ROLES

    @property
    def tends_devices(self) -> bool:
        """Whether this account may see, place and test the devices of its division."""
        return self.role in TENDING_ROLES

    @property
    def issues_devices(self) -> bool:
        """Whether this account may register devices and take their credentials away."""
        return self.role in ISSUING_ROLES

    @property
    def scope(self) -> Division:
        """Division to read in. A responder's and a household's reads span the cell, filtered by their own ids."""
        return WHOLE_CELL if self.role in FILTERED_BY_ID else self.division

    @property
    def inboxes(self) -> tuple[str, ...]:
        """Inboxes this account may follow."""
        own = personal_inbox(self.account)
        return (own, desk_inbox(self.division)) if self.at_desk else (own,)

    def same_rights(self, other: "Identity") -> bool:
        """Whether nothing that decides what may be seen has changed."""
        return (self.account, self.role, self.division, self.responder, self.elder) == (
            other.account,
            other.role,
            other.division,
            other.responder,
            other.elder,
        )


def personal_inbox(account: str) -> str:
    """Inbox of one account."""
    return f"u:{account}"


def desk_inbox(division: str) -> str:
    """Inbox of the duty desk of a division."""
    return f"d:{division}"


def is_desk(inbox: str) -> bool:
    """Whether an inbox is that of a duty desk."""
    return inbox.startswith("d:")


def inbox_division(inbox: str, own: Division) -> Division:
    """Division an inbox belongs to; a personal one belongs to its account's."""
    return Division(inbox[2:]) if is_desk(inbox) else own
