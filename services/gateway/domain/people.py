"""Who is at the door, and which inboxes are theirs."""

from dataclasses import dataclass
from datetime import datetime

from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.people import Role

DESK_ROLES = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN})
TENDING_ROLES = DESK_ROLES | {Role.INSTALLER}
ISSUING_ROLES = frozenset({Role.INSTALLER, Role.SUPERVISOR, Role.ADMIN})


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
        """Division to read in. A responder's reads span the cell, filtered by the responder's own id."""
        return WHOLE_CELL if self.role == Role.RESPONDER else self.division

    @property
    def inboxes(self) -> tuple[str, ...]:
        """Inboxes this account may follow."""
        own = personal_inbox(self.account)
        return (own, desk_inbox(self.division)) if self.at_desk else (own,)

    def same_rights(self, other: "Identity") -> bool:
        """Whether nothing that decides what may be seen has changed."""
        return (self.account, self.role, self.division, self.responder) == (
            other.account,
            other.role,
            other.division,
            other.responder,
        )


def personal_inbox(account: str) -> str:
    """Inbox of one account."""
    return f"u:{account}"


def desk_inbox(division: str) -> str:
    """Inbox of the duty desk of a division."""
    return f"d:{division}"


def inbox_division(inbox: str, own: Division) -> Division:
    """Division an inbox belongs to; a personal one belongs to its account's."""
    return Division(inbox[2:]) if inbox.startswith("d:") else own
