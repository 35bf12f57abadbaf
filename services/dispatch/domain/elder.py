"""The one who is cared for, as far as decisions need to know her: never a name, a telephone number or an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.people import ElderStatus

NOT_AT_HOME_M = 300.0
FRAIL = 3
OLD = 80
OFTEN = 2
"""So many true emergencies in ninety days."""

AWAY = frozenset({ElderStatus.HOSPITAL, ElderStatus.INSTITUTION, ElderStatus.MOVED, ElderStatus.DEAD})


@dataclass(frozen=True, slots=True)
class Keyholder:
    """Somebody with a key, in calling order; `from_h` to `until_h` are the hours in which to be reached."""

    ord: int
    from_h: int = 0
    until_h: int = 24

    def awake(self, hour: int) -> bool:
        """Whether this person can be reached at that hour; hours may run over midnight."""
        if self.from_h <= self.until_h:
            return self.from_h <= hour < self.until_h
        return hour >= self.from_h or hour < self.until_h


@dataclass(frozen=True, slots=True)
class Elder:
    """Who she is, where she lives or stays, how she is."""

    id: str
    division: str = ""
    sex: str | None = None
    dialect: str | None = None
    born: int | None = None
    assessment: int | None = None
    lives_alone: bool = False
    dementia: bool = False
    status: str = ElderStatus.HOME
    home: Position | None = None
    temporary: Position | None = None
    plan_until: datetime | None = None
    break_in: bool = False
    gender_wish: str | None = None
    emergencies: int = 0
    graded: bool = False
    """Whether somebody who knows her has graded her as at high risk."""
    contacts: tuple[int, ...] = ()
    """Those who are told of her calls, in their order."""
    keyholders: tuple[Keyholder, ...] = ()

    @property
    def place(self) -> Position | None:
        """Where she is to be found when nothing has told of her position: a temporary address wins."""
        return self.temporary or self.home

    @property
    def away(self) -> bool:
        """Whether she does not live at home now: in hospital, in an institution, moved, or dead."""
        return self.status in AWAY

    def risks(self, year: int) -> tuple[str, ...]:
        """Why she is at high risk; nothing when she is not."""
        old = self.born is not None and year - self.born >= OLD
        found: Mapping[str, bool] = MappingProxyType(
            {
                "assessment": (self.assessment or 0) >= FRAIL,
                "alone": self.lives_alone and old,
                "history": self.emergencies >= OFTEN,
                "graded": self.graded,
            }
        )
        return tuple(name for name, true in found.items() if true)

    def planned(self, now: datetime) -> bool:
        """Whether a signed plan holds: she often presses by mistake, so the desk speaks with her first."""
        return self.plan_until is not None and now < self.plan_until


def away_m(elder: Elder | None, where: Position | None) -> int | None:
    """How far from her address she is (地址不符); None while that is where she may well be."""
    if elder is None or where is None or elder.place is None:
        return None
    metres = distance_m(where, elder.place)
    return round(metres) if metres > NOT_AT_HOME_M else None
