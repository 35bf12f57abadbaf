"""What is known around a case a moment before it is decided: where help goes, what is laid down, who is near.

Read outside the transaction that decides, so it may be some milliseconds old; whatever must be exact is decided again
by the rows' own constraints.
"""

from dataclasses import dataclass, field

from services.dispatch.domain.matching import NOBODY, Roster
from services.dispatch.domain.policy import SHIPPED, Policy
from shared.vocabulary.geo import Position


@dataclass(frozen=True, slots=True)
class Situation:
    """Where she lives or stays, if that is known; what her division has laid down; who may be asked."""

    place: Position | None = None
    policy: Policy = field(default=SHIPPED)
    roster: Roster = NOBODY


NOTHING_KNOWN = Situation()
