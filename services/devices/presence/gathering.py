"""Silent devices of one county, side by side: alone, or together in an outage."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.devices.domain.outage import AT_ONCE, TELL_EVERY, Silent, area, is_over, open_to_others, sort_out
from services.devices.presence.roll import Roll, Watched
from services.devices.store.faults import Group, Stored
from services.devices.store.health import Fault
from shared.vocabulary.devices import FaultKind
from shared.vocabulary.ids import uuid7

OFFLINE = FaultKind.OFFLINE


@dataclass
class Outage:
    """One outage in memory; `members` have a division and a person each."""

    id: UUID
    county: str
    opened_at: datetime
    joined_at: datetime
    members: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    stored: bool = False
    told: int = 0
    told_at: datetime | None = None

    @property
    def group(self) -> Group:
        """As it is told."""
        people = {elder for _, elder in self.members.values() if elder}
        where = area(division for division, _ in self.members.values())
        return Group(self.id, where, len(self.members), len(people), self.opened_at)

    def add(self, devices: Iterable[Watched], now: datetime) -> None:
        """Take these in."""
        for it in devices:
            if it.id not in self.members:
                self.members[it.id] = (it.division, it.elder)
                self.joined_at = now

    def has_grown(self, now: datetime) -> bool:
        """Whether it is time to say so."""
        return len(self.members) > self.told and (self.told_at is None or now >= self.told_at + TELL_EVERY)

    def was_told(self, group: Group, now: datetime) -> None:
        """The log has it."""
        self.stored, self.told, self.told_at = True, group.devices, now


class Gathering:
    """Who fell silent with whom. Decided anew every second from what is in memory, so a failed write is no matter."""

    def __init__(self, roll: Roll) -> None:
        """No outage yet."""
        self.outages: dict[UUID, Outage] = {}
        self._roll = roll
        self._alone: dict[str, deque[tuple[datetime, str]]] = defaultdict(deque)

    def recall(self, stored: Iterable[Stored]) -> None:
        """Take over what the database holds; one that is over is left to those who are still silent in it."""
        for it in stored:
            if not it.over:
                members = dict(it.members)
                county = it.group.area[:6]
                self.outages[it.group.id] = Outage(
                    it.group.id, county, it.group.since, it.joined_at, members, True, it.group.devices, it.joined_at
                )

    def sort(self, now: datetime) -> list[tuple[Watched, UUID | None]]:
        """Whose silence is to be told now, and with which outage."""
        waiting: dict[str, list[Watched]] = defaultdict(list)
        for it in self._roll.uneasy:
            if OFFLINE in it.wrong and OFFLINE not in it.faults and it.placed:
                waiting[it.county].append(it)
        return [told for county, silent in waiting.items() for told in self._sorted(county, silent, now)]

    def told_alone(self, it: Watched, fault: Fault) -> None:
        """Its fault was stored as one of its own."""
        self._alone[it.county].append((fault.since, it.id))

    def settled(self, it: Watched, fault: Fault) -> Fault:
        """What is to be told of an open silence by now: of an outage after all, or alone when that is over."""
        if fault.alone:
            return fault
        if fault.outage is None:
            home = self._home(it)
            return replace(fault, outage=home.id) if home is not None and home.stored else fault
        if fault.outage in self.outages:
            return fault
        return replace(fault, alone=True, protects=self._roll.protects(it, OFFLINE))

    def over(self) -> list[Outage]:
        """Outages from which four in five are back."""
        return [it for it in self.outages.values() if is_over(len(it.members), self._silent(it))]

    def _sorted(self, county: str, silent: Sequence[Watched], now: datetime) -> list[tuple[Watched, UUID | None]]:
        outage = self._joinable(county, now)
        before = self._lately(county, now)
        coming = sum(it.county == county and OFFLINE not in it.wrong for it in self._roll.warned)
        marked = [Silent(it.id, it.changed or now, it.will is not None) for it in silent]
        verdict = sort_out(marked, [at for at, _ in before], coming, joining=outage is not None, now=now)
        if verdict.together:
            outage = outage or self._begin(county, min(it.at for it in marked), now)
            both = {*verdict.together, *(device for _, device in before)}
            outage.add((self._roll.devices[device] for device in both if device in self._roll.devices), now)
        alone = set(verdict.alone)
        placed = [(it, self._home(it)) for it in silent]
        return [(it, home.id if home else None) for it, home in placed if home or it.id in alone]

    def _home(self, it: Watched) -> Outage | None:
        """The outage it is one of."""
        return next((outage for outage in self.outages.values() if it.id in outage.members), None)

    def _joinable(self, county: str, now: datetime) -> Outage | None:
        return next(
            (
                it
                for it in reversed(self.outages.values())
                if it.county == county and open_to_others(it.opened_at, it.joined_at, now)
            ),
            None,
        )

    def _begin(self, county: str, since: datetime, now: datetime) -> Outage:
        it = Outage(uuid7(now), county, since, now)
        self.outages[it.id] = it
        return it

    def _lately(self, county: str, now: datetime) -> Sequence[tuple[datetime, str]]:
        """Told alone within the last minute."""
        known = self._alone[county]
        while known and known[0][0] < now - AT_ONCE:
            known.popleft()
        return known

    def _silent(self, outage: Outage) -> int:
        devices = self._roll.devices
        return sum((it := devices.get(name)) is not None and it.online is False for name in outage.members)
