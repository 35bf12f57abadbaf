"""What can be ordered, and what it costs on a day. Money in fen (分), shares in permille."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from shared.vocabulary.divisions import Division, covers

LONGEST_MIN = 12 * 60
MOST_HANDS = 4
PERMILLE = 1000
PROOFS = frozenset({"position", "home_code", "button"})
HAND_IN = frozenset({"photo", "signature", "note"})
"""What can show that somebody was there: a position with its accuracy, the code at home, her own button."""


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the catalogue: how long, how many people, with which skills, shown how.

    One of `evidence_arrive` is wanted on arrival and one of `evidence_leave` on leaving; nothing is wanted where they
    are empty. All of `hand_in` is handed in at the end. `welfare`: somebody looks after her at once if it is missed.
    """

    code: str
    division: str
    name: str
    name_en: str
    minutes: int
    hands: int
    skills: tuple[str, ...]
    evidence_arrive: tuple[str, ...]
    evidence_leave: tuple[str, ...]
    welfare: bool
    offered: bool = True
    hand_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What a service costs from a day on, until a day (not included; None: until further notice).

    `absent_permille` of the own share is owed when somebody came and she was not there.
    """

    id: UUID
    service: str
    division: str
    since: date
    until: date | None
    cents: int
    subsidy_permille: int
    absent_permille: int = 0

    def holds(self, day: date) -> bool:
        """Whether it is the price of that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays what. The parts always add up to the whole."""

    total: int
    subsidy: int
    own: int
    absent: int


T = TypeVar("T", Service, Price)


def share(price: Price) -> Share:
    """Split a price; what cannot be halved is the public's."""
    own = price.cents * (PERMILLE - price.subsidy_permille) // PERMILLE
    return Share(price.cents, price.cents - own, own, own * price.absent_permille // PERMILLE)


def nearest(known: Iterable[T], division: str) -> T | None:
    """What the smallest division round it has laid down."""
    fit = [one for one in known if covers(Division(one.division), Division(division))]
    return max(fit, key=lambda one: len(one.division), default=None)


def price_of(prices: Iterable[Price], division: str, day: date) -> Price | None:
    """The price of a day in a division; None where nobody has set one."""
    return nearest([p for p in prices if p.holds(day)], division)


def faults_of(service: Service) -> tuple[str, str] | None:
    """The field that is wrong and why; None for a sound service."""
    wrong = {
        "minutes": not 1 <= service.minutes <= LONGEST_MIN,
        "hands": not 1 <= service.hands <= MOST_HANDS,
        "name": not service.name.strip(),
        "evidence_arrive": not PROOFS.issuperset(service.evidence_arrive),
        "evidence_leave": not PROOFS.issuperset(service.evidence_leave),
        "hand_in": not HAND_IN.issuperset(service.hand_in),
    }
    return next(((field, "invalid_field") for field, bad in wrong.items() if bad), None)


def succeeds(price: Price, others: Iterable[Price]) -> tuple[str, str] | None:
    """Whether a price may stand beside the others: of one day there is one. Names the field that is wrong."""
    if price.cents < 0 or not 0 <= price.subsidy_permille <= PERMILLE:
        return ("cents" if price.cents < 0 else "subsidy_permille", "invalid_field")
    if price.until is not None and price.until <= price.since:
        return "until", "invalid_field"
    same = [p for p in others if (p.service, p.division) == (price.service, price.division)]
    return ("since", "price_overlaps") if any(_overlap(price, p) for p in same) else None


def _overlap(a: Price, b: Price) -> bool:
    far = date.max - timedelta(days=1)
    return max(a.since, b.since) < min(a.until or far, b.until or far)
