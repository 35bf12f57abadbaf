"""Everything that is registered, in memory: when it was last heard, and what is wrong with it.

This is the hot path. A heartbeat is one look-up, one reading and a few assignments; nothing here waits or raises.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import orjson

from services.devices.adapters import hear
from services.devices.adapters.reading import opened
from services.devices.domain.foreign import Sign
from services.devices.domain.presence import (
    CALLING,
    FINE,
    LAST,
    TAKEN_OVER,
    Ears,
    Report,
    Rhythm,
    protects,
    read,
    silent_at,
    wrong_by,
)
from services.devices.domain.topics import Leaf
from services.devices.store.health import Fault, Health, Known
from shared.runtime.mqtt import Delivery
from shared.vocabulary.devices import DeviceKind, FaultKind

logger = logging.getLogger(__name__)

LONGEST_READ = 16 * 1024
COUNTY_DIGITS = 6
NO_FAULTS: Mapping[FaultKind, Fault] = {}


class Watched:
    """One device. `wrong` is what is wrong with it, `faults` what the database knows of that."""

    __slots__ = (
        "batt", "changed", "division", "elder", "faults", "fw", "home", "id", "kind", "mains", "online", "rhythm",
        "rssi", "seen", "will", "wrong",
    )  # fmt: skip

    def __init__(self, known: Known, faults: Mapping[FaultKind, Fault]) -> None:
        """Take it over as it was last written."""
        health = known.health
        self.id = known.device
        self.seen, self.online, self.changed = health.seen, health.online, health.changed
        self.will = health.will if known.kind is DeviceKind.HUB else None
        self.batt, self.rssi, self.mains, self.fw = health.batt, health.rssi, health.mains, health.fw
        self.faults = faults
        self.wrong = frozenset(faults)
        offline = faults.get(FaultKind.OFFLINE)
        if offline is not None and self.online and self.seen is not None and self.seen > offline.since:
            self.wrong -= {FaultKind.OFFLINE}
        elif offline is not None or self.online is False:
            self.online, self.wrong = False, self.wrong | {FaultKind.OFFLINE}
        self.register(known)

    def register(self, known: Known) -> None:
        """What the registry says of it."""
        self.division, self.home, self.elder, self.kind = known.division, known.home, known.elder, known.kind
        self.rhythm: Rhythm | None = known.rhythm

    @property
    def placed(self) -> bool:
        """Whether anybody would miss it; what lies in a store has no faults."""
        return self.home is not None or self.elder is not None

    @property
    def county(self) -> str:
        """Where it falls silent together with others."""
        return self.division[:COUNTY_DIGITS]

    @property
    def health(self) -> Health:
        """Its row."""
        return Health(
            self.id, self.seen, self.online, self.changed, self.will, self.batt, self.rssi, self.mains, self.fw
        )


class Roll:
    """All of them, by id and by foreign address; which have changed, and which differ from what the database knows."""

    def __init__(self) -> None:
        """Know nobody."""
        self.devices: dict[str, Watched] = {}
        self.changed: set[Watched] = set()
        self.uneasy: set[Watched] = set()
        self.warned: set[Watched] = set()
        self.heard = dict.fromkeys(("states", "wills", "alarms", "foreign", "strangers"), 0)
        self._addresses: Mapping[str, Sequence[str]] = {}
        self._prefixes: dict[str, set[Watched]] = {}
        self._of_person: dict[str, set[Watched]] = {}

    def register(self, known: Iterable[Known], faults: Mapping[str, Mapping[FaultKind, Fault]]) -> None:
        """Take up or renew what the registry says; `faults` are the open ones of devices not known yet."""
        for one in known:
            it = self.devices.get(one.device)
            if it is None:
                it = self.devices[one.device] = Watched(one, faults.get(one.device, NO_FAULTS))
            else:
                self._leave(it)
                it.register(one)
            self._join(it)
            if one.prefix:
                self._prefixes.setdefault(one.prefix.rstrip("#").rstrip("/"), set()).add(it)
            if one.pressed is not None:
                self._sign(it, one.pressed)
            self._look_again(it)

    def forget(self, device: str) -> Watched | None:
        """It is revoked: nobody waits for it, and its faults are over. Returns it if it was known."""
        it = self.devices.pop(device, None)
        if it is not None:
            self._leave(it)
            it.wrong = FINE
            self.changed.discard(it)
            self.warned.discard(it)
            for hubs in self._prefixes.values():
                hubs.discard(it)
            self._look_again(it)
        return it

    def note(self, it: Watched, faults: Mapping[FaultKind, Fault]) -> None:
        """The database knows these of it now."""
        it.faults = faults
        self._look_again(it)

    def bind(self, addresses: Mapping[str, Sequence[str]]) -> None:
        """Which devices are bound to which foreign addresses."""
        self._addresses = addresses

    def hear(self, delivery: Delivery, now: datetime) -> None:
        """One message. What the broker kept from earlier tells nothing of now."""
        if delivery.retained:
            return
        match delivery.topic.split("/"):
            case ["yl", "v1", _, device, "up", leaf]:
                it = self.devices.get(device)
                if it is None:
                    self.heard["strangers"] += 1
                elif leaf == Leaf.STATE:
                    self.heard["states"] += 1
                    self._state(it, delivery.payload, now)
                elif leaf == Leaf.WILL:
                    self.heard["wills"] += 1
                    self._will(it, now)
                else:
                    self.heard["alarms"] += 1
                    self._sign(it, now)
            case _:
                self.heard["foreign"] += 1
                self._foreign(delivery, now)

    def look(self, ears: Ears, now: datetime) -> None:
        """Find out who is silent by now."""
        if ears.since is None:
            return
        for it in self.devices.values():
            if it.online and it.rhythm is not None and it.seen is not None:
                quiet = now - it.seen
                if quiet >= it.rhythm.limit or it.will is not None:
                    self._maybe_silent(it, it.seen, it.rhythm, ears, now)

    def others(self, it: Watched) -> int:
        """How many further things its person, or its home, can still call with."""
        return sum(
            other is not it
            and other.kind in CALLING
            and other.online is True
            and (other.batt is None or other.batt > LAST)
            for other in self._around(it)
        )

    def protects(self, it: Watched, kind: FaultKind) -> bool:
        """Whether this fault leaves somebody without a way to call."""
        return protects(kind, it.kind, it.batt, self.others(it))

    def _around(self, it: Watched) -> Iterator[Watched]:
        """Things of the same person; what belongs to a home belongs to everybody in it."""
        mine = self._of_person.get(it.elder or "", set())
        homes = self._of_person.get(it.home or "", set())
        yield from mine
        yield from (other for other in homes if other not in mine and (other.elder is None or it.elder is None))

    def _maybe_silent(self, it: Watched, seen: datetime, rhythm: Rhythm, ears: Ears, now: datetime) -> None:
        due = silent_at(seen, it.will, rhythm, ears)
        if due is not None and due <= now:
            self._gone(it, now)

    def _state(self, it: Watched, payload: bytes, now: datetime) -> None:
        report = read(_content(payload))
        self._sign(it, now)
        self._report(it, report)
        for child in report.children:
            behind = self.devices.get(child.device)
            if behind is None or behind is it or behind.county != it.county:
                continue
            if child.seen_s is not None and child.seen_s < rhythmic(behind):
                self._sign(behind, now - timedelta(seconds=child.seen_s))
            if child.batt is not None:
                self._report(behind, Report(batt=child.batt))

    def _report(self, it: Watched, report: Report) -> None:
        on_mains = it.kind is DeviceKind.HUB or it.mains is True or FaultKind.MAINS_LOST in it.wrong
        wrong = wrong_by(it.wrong, report, on_mains=on_mains)
        if report.batt is not None:
            it.batt = report.batt
        if report.rssi is not None:
            it.rssi = report.rssi
        if report.mains is not None:
            it.mains = report.mains
        if report.fw is not None:
            it.fw = report.fw
        self.changed.add(it)
        if wrong != it.wrong or (it.batt is not None and it.batt <= LAST):
            it.wrong = wrong
            self._look_again(it)

    def _sign(self, it: Watched, at: datetime) -> None:
        """It was alive at `at`, which may be a little ago."""
        if it.seen is None or at > it.seen:
            it.seen = at
            self.changed.add(it)
        if it.will is not None and at >= it.will:
            it.will = None
            self.warned.discard(it)
        if it.online is not True and (it.changed is None or at >= it.changed):
            it.online, it.changed, it.wrong = True, at, it.wrong - {FaultKind.OFFLINE}
            self.changed.add(it)
            self._look_again(it)

    def _will(self, it: Watched, now: datetime) -> None:
        if it.kind is DeviceKind.HUB and it.online and it.seen is not None and now - it.seen >= TAKEN_OVER:
            it.will = it.will or now
            self.changed.add(it)
            self.warned.add(it)

    def _foreign(self, delivery: Delivery, now: datetime) -> None:
        """A hub that passes something on is alive, and so is the thing that spoke."""
        parts = delivery.topic.split("/")
        for many in range(1, min(len(parts), 4)):
            hubs = self._prefixes.get("/".join(parts[:many]), ())
            if len(hubs) == 1:  # of two under the same prefix nobody can tell which one spoke
                self._sign(next(iter(hubs)), now)
        heard = hear(delivery.topic, delivery.payload, opened(delivery.payload))
        for it in self._bound(heard.speaker):
            self._sign(it, now)
        for sign in heard.signs:
            for it in self._bound(sign.addresses):
                self._passed_on(it, sign, now)

    def _bound(self, addresses: Sequence[str]) -> Iterator[Watched]:
        """Devices at the first of these addresses that is bound."""
        found = next((self._addresses[address] for address in addresses if address in self._addresses), ())
        yield from (it for device in found if (it := self.devices.get(device)) is not None)

    def _passed_on(self, it: Watched, sign: Sign, now: datetime) -> None:
        """What a hub says of a foreign thing: how it is, or that it has gone."""
        if sign.online is False:
            self._gone(it, now)
            return
        self._sign(it, now)
        self._report(it, Report(sign.batt, sign.rssi, sign.mains, sign.fw, sign.tamper, sign.low_batt))

    def _gone(self, it: Watched, now: datetime) -> None:
        if it.online:
            it.online, it.changed, it.wrong = False, now, it.wrong | {FaultKind.OFFLINE}
            self.changed.add(it)
            self.uneasy.add(it)

    def _look_again(self, it: Watched) -> None:
        if it.wrong or it.faults:
            self.uneasy.add(it)
        else:
            self.uneasy.discard(it)

    def _join(self, it: Watched) -> None:
        for who in (it.elder, it.home):
            if who is not None:
                self._of_person.setdefault(who, set()).add(it)

    def _leave(self, it: Watched) -> None:
        for who in (it.elder, it.home):
            if who is not None:
                self._of_person.get(who, set()).discard(it)


def rhythmic(it: Watched) -> float:
    """Seconds after which a sign of this device says nothing any more."""
    return it.rhythm.limit.total_seconds() if it.rhythm is not None else 0.0


def _content(payload: bytes) -> object:
    if len(payload) > LONGEST_READ:
        return None
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
