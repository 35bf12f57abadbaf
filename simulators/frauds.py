"""Days of visits, most of them honest and some made up, to see which are found and who is accused wrongly.

Honest people are as careless as people are: positions scatter, a few are vague or missing, some visits end early, some
telephones have no network or a wrong clock, a station's tablet is handed on. Every planted fraud is one that has been
reported of such services: signed from elsewhere, filled in later, cut short, an old photo, another's telephone.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from PIL import Image, ImageEnhance

from simulators.places import METRES_PER_DEGREE, TOWN_CENTRES

FRAUDS = ("filled_in_later", "in_two_places", "old_picture", "cut_short", "never_there", "others_phone")
A_DAY = 6
SHARE = 0.12
PLANNED = ((30, 0.4), (60, 0.35), (120, 0.25))
"""Minutes agreed, and how many visits of ten have them."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where an elder lives, in degrees."""

    id: str
    division: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown on coming or leaving; metres."""

    phase: str
    kind: str
    holds: bool
    dist_m: int | None = None
    accuracy_m: int | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A visit as the server would have it. `planted` names the fraud; empty for an honest one."""

    id: str
    home: Home
    person: str
    phone: str
    minutes: int
    arrived_at: datetime
    left_at: datetime
    proofs: tuple[Proof, ...]
    photo: bytes
    taken_at: datetime
    told_late: bool = False
    planted: str = ""


class Days:
    """A county's visits, day after day."""

    def __init__(self, seed: int, begin: datetime) -> None:
        """`begin` is the morning of the first day."""
        self._chance = Random(seed)
        self._begin = begin
        self._many = 0

    def visits(self, many: int) -> list[Played]:
        """So many visits of the carers of a county, with frauds among them."""
        carers = max(6, many // (A_DAY * 5))
        played: list[Played] = []
        for day in range(many // (carers * A_DAY) + 1):
            morning = self._begin + timedelta(days=day)
            today = [list(self._round(f"P{n}", morning)) for n in range(carers)]
            played += list(self._spoiled(today, tuple(played)))
        return sorted(played[:many], key=lambda one: one.left_at)

    def _round(self, person: str, morning: datetime) -> Iterator[Played]:
        """One carer's honest day: from home to home in and about one town."""
        division, centre = self._chance.choice(list(TOWN_CENTRES.items()))
        at, where = morning + timedelta(minutes=self._chance.randrange(60)), centre
        for _ in range(A_DAY):
            self._many += 1
            lat, lon = (centre.lat + self._chance.gauss(0, 0.012), centre.lon + self._chance.gauss(0, 0.012))
            metres = METRES_PER_DEGREE * ((lat - where.lat) ** 2 + (lon - where.lon) ** 2) ** 0.5
            at += timedelta(seconds=120 + 1.3 * metres / self._chance.uniform(2, 11))
            one = self._honest(person, Home(f"H{self._many}", division, lat, lon), at)
            yield one
            at, where = one.left_at, replace(centre, lat=lat, lon=lon)

    def _honest(self, person: str, home: Home, at: datetime) -> Played:
        chance = self._chance
        minutes = chance.choices([m for m, _ in PLANNED], [share for _, share in PLANNED])[0]
        stay = max(0.65, chance.gauss(1.0, 0.12))
        if chance.random() < 0.02:
            stay = chance.uniform(0.42, 0.6)
        elif chance.random() < 0.002:
            stay = chance.uniform(0.1, 0.35)
        left = at + timedelta(minutes=minutes * stay)
        proofs = [proof for phase in ("arrive", "leave") if chance.random() > 0.015 for proof in self._shown(phase)]
        taken = at + (left - at) * chance.random()
        if chance.random() < 0.01:
            taken -= timedelta(hours=chance.uniform(1, 9))
        # a tablet of the station is handed on at the door, never used in two homes at a time
        phone = f"phone of {person}"
        return Played(
            f"O-{self._many:06}", home, person, phone, minutes, at, left, tuple(proofs), picture(chance), taken,
            told_late=chance.random() < 0.02,
        )  # fmt: skip

    def _shown(self, phase: str) -> Iterator[Proof]:
        if self._chance.random() < 0.3:
            yield Proof(phase, self._chance.choice(("home_code", "button")), holds=True)
            return
        accuracy = self._chance.lognormvariate(3.2, 0.7)
        off = abs(self._chance.gauss(0, accuracy * 0.6))
        holds = accuracy <= 100 and off <= 150 + accuracy
        yield Proof(phase, "position", holds, round(off), round(accuracy))
        if not holds and self._chance.random() < 0.7:
            yield Proof(phase, "position", holds=True, dist_m=round(abs(self._chance.gauss(0, 15))), accuracy_m=20)

    # Frauds

    def _spoiled(self, rounds: Sequence[list[Played]], earlier: Sequence[Played]) -> Iterator[Played]:
        for mine in rounds:
            for n, one in enumerate(mine):
                if self._chance.random() >= SHARE:
                    yield one
                    continue
                fraud = self._chance.choice(FRAUDS)
                others = [other for other in rounds if other is not mine]
                before = [*earlier[-200:], *mine[:n]]
                yield replace(getattr(self, f"_{fraud}")(one, n, before, others), planted=fraud)

    def _filled_in_later(self, it: Played, *_: object) -> Played:
        """Both steps told in the evening; nothing shown, or a position from the own sofa."""
        sofa = (Proof("arrive", "position", holds=False, dist_m=self._chance.randrange(900, 15_000), accuracy_m=25),)
        return replace(it, told_late=True, proofs=sofa if self._chance.random() < 0.5 else ())

    def _in_two_places(self, it: Played, n: int, before: Sequence[Played], _: object) -> Played:
        """A label photographed before, read a town away a few minutes after the last visit."""
        if n == 0 or not before:
            return self._never_there(it)
        last = before[-1]
        towns = [(code, at) for code, at in TOWN_CENTRES.items()
                 if abs(at.lat - last.home.lat) + abs(at.lon - last.home.lon) > 0.15]  # fmt: skip
        division, town = self._chance.choice(towns)
        stay = it.left_at - it.arrived_at
        arrived = last.left_at + timedelta(minutes=self._chance.uniform(1, 6))
        home = Home(it.home.id, division, town.lat, town.lon)
        proofs = tuple(Proof(phase, "home_code", holds=True) for phase in ("arrive", "leave"))
        return replace(
            it, home=home, arrived_at=arrived, left_at=arrived + stay, taken_at=arrived + stay / 2, proofs=proofs
        )  # fmt: skip

    def _old_picture(self, it: Played, _: int, before: Sequence[Played], __: object) -> Played:
        """A photo of another home: the file itself, or what a messenger made of it."""
        if not before:
            return self._cut_short(it)
        photo = self._chance.choice(before).photo
        return replace(it, photo=photo if self._chance.random() < 0.4 else passed_on(photo, self._chance))

    def _cut_short(self, it: Played, *_: object) -> Played:
        stay = timedelta(minutes=it.minutes * self._chance.uniform(0.05, 0.4))
        return replace(it, left_at=it.arrived_at + stay, taken_at=it.arrived_at + stay / 2)

    def _never_there(self, it: Played, *_: object) -> Played:
        """Signed from the office or the last home."""
        proofs = tuple(
            Proof(phase, "position", holds=False, dist_m=self._chance.randrange(700, 20_000),
                  accuracy_m=self._chance.randrange(8, 80)) for phase in ("arrive", "leave")
        )  # fmt: skip
        return replace(it, proofs=proofs)

    def _others_phone(self, it: Played, n: int, _: object, rounds: Sequence[list[Played]]) -> Played:
        """A colleague, at a visit of her own at that time, signs for this one too."""
        beside = [one for mine in rounds for one in mine
                  if not one.planted and one.arrived_at < it.left_at and it.arrived_at < one.left_at]  # fmt: skip
        return replace(it, phone=self._chance.choice(beside).phone) if beside else self._cut_short(it, n)


def picture(chance: Random) -> bytes:
    """A photo like no other: blots of light and dark."""
    small = Image.frombytes("L", (12, 9), chance.randbytes(108))
    return _jpeg(small.resize((160, 120), Image.Resampling.BICUBIC), 70)


def passed_on(photo: bytes, chance: Random) -> bytes:
    """The same photo as a messenger or a careful cheat leaves it: smaller, brighter, packed anew."""
    with Image.open(io.BytesIO(photo)) as it:
        small = it.convert("L").resize((int(160 * chance.uniform(0.5, 0.95)), int(120 * chance.uniform(0.5, 0.95))))
    return _jpeg(ImageEnhance.Brightness(small).enhance(chance.uniform(0.85, 1.15)), chance.randrange(40, 90))


def _jpeg(it: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    it.save(out, "JPEG", quality=quality)
    return out.getvalue()
