"""Situations for tests of the rules: these people are near, nothing else is known."""

from services.dispatch.domain.matching import Candidate, Roster
from services.dispatch.domain.situation import Situation


def near(*people: Candidate) -> Situation:
    """Only these may be asked."""
    return Situation(roster=Roster(people))
