"""What is known around a case a moment before it is decided: where help goes, what is laid down, who is near.

Read outside the transaction that decides, so it may be some milliseconds old; whatever must be exact is decided again
by the rows' own constraints.
"""

from dataclasses import dataclass, field

from services.dispatch.domain.elder import Elder
from services.dispatch.domain.matching import NOBODY, Candidate, Roster
from services.dispatch.domain.policy import SHIPPED, Policy
from shared.vocabulary.geo import Position


@dataclass(frozen=True, slots=True)
class Situation:
    """Where she lives or stays, if that is known; what her division has laid down; who may be asked; who she is."""

    place: Position | None = None
    policy: Policy = field(default=SHIPPED)
    roster: Roster = NOBODY
    elder: Elder | None = None
    seat_free: bool = True
    """Whether a seat over her division has a hand free."""
    floors: int = 0
    """How many floors are to be climbed on foot."""
    named: Candidate | None = None
    """Whom a person at the desk names."""


NOTHING_KNOWN = Situation()
