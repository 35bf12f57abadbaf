"""Random histories of incidents as dispatch tells them: presses, visits, merges, reopenings, drills.

Bodies carry what figures read, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.gateway.domain.recount import Said
from shared.runtime.log import NewEvent

PLACES = ("360733100001", "360733100002", "360733201001", "360734100001", "360735", "360733100")
KINDS = ("sos", "sos", "sos", "fall", "smoke", "inactivity")
FAMILIES = ("person",) * 9 + ("fire", "house", "wandering", "device", "order")
STEPS = (
    "offer.sent", "offer.rang", "receipt.changed", "assignment.made", "incident.taken", "assignment.en_route",
    "assignment.arrived", "incident.on_scene", "assignment.in_service", "incident.with_elder",
)  # fmt: skip


@dataclass
class History:
    """What happened, in the order in which it is written down."""

    seed: int
    incidents: int
    since: datetime
    until: datetime
    told: list[tuple[datetime, NewEvent]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Tell it."""
        self._random = Random(self.seed)
        self._minted = 0
        names = [f"I-{self.seed}-{n:04}" for n in range(self.incidents)]
        for name in names:
            self._incident(name)
        for one, other in zip(names[::7], names[1::7], strict=False):
            self._merge(one, other)
        self.told.sort(key=lambda it: it[0])

    def _incident(self, name: str) -> None:
        chance = self._random
        at = self.since + chance.random() * (self.until - self.since)
        self._open(name, at)
        for step in STEPS:
            if chance.random() < 0.2:
                continue
            at += timedelta(seconds=chance.expovariate(1 / 40) if chance.random() < 0.9 else 4000)
            self._say(name, at, step, stage=chance.choice(("seen", "accepted")), responder=f"R{chance.randrange(6)}")
        if chance.random() < 0.3:
            tag = chance.choice(("incident.reclassified", "alarm.joined", "incident.confirmed", "incident.cleared"))
            self._say(name, at, tag, priority=chance.randint(1, 4))
        for tag in chance.choice(((), *[("closed",)] * 4, ("false_alarm",), ("closed", "reopened"), REOPENED)):
            at += timedelta(seconds=chance.expovariate(1 / 900))
            self._say(name, at, f"incident.{tag}", outcome=chance.choice(("genuine", "false_press", None)))

    def _open(self, name: str, at: datetime) -> None:
        chance, alarm = self._random, self._id()
        device, place = f"B-{chance.randrange(30)}", chance.choice(PLACES)
        claimed = at - timedelta(seconds=chance.expovariate(1.0) - 0.2)
        raised = NewEvent(
            self._id(), "device", device, "alarm.raised", {"alarm": str(alarm)}, place, "devices:1",
            claimed if chance.random() < 0.9 else None,
        )  # fmt: skip
        self.told.append((at, raised))
        self._say(
            name, at + timedelta(milliseconds=40), "incident.opened", alarm=str(alarm), device=device, division=place,
            family=chance.choice(FAMILIES), kind=chance.choice(KINDS), priority=chance.randint(1, 3),
            drill=chance.random() < 0.1, canary=chance.random() < 0.05, cls=chance.choice(("own", "relayed")),
            pressed_at=at.isoformat(), flags=chance.choice(([], [], ["clock_ahead"], ["unconfirmed"])),
        )  # fmt: skip

    def _merge(self, one: str, other: str) -> None:
        """The second turns out to be the first; sometimes not after all."""
        at = max(at for at, event in self.told if event.stream_id in (one, other)) + timedelta(seconds=5)
        self._say(other, at, "incident.merged", into=one)
        self._say(one, at, "incident.absorbed", other=other, priority=2)
        if self._random.random() < 0.4:
            self._say(one, at + timedelta(hours=20), "incident.split_off", other=other)
            self._say(other, at + timedelta(hours=20), "incident.reopened", why="split")

    def _say(self, name: str, at: datetime, tag: str, **body: Any) -> None:
        told = {"incident": name, **body}
        self.told.append((at, NewEvent(self._id(), "incident", name, tag, told, "36", "service:dispatch")))

    def _id(self) -> UUID:
        self._minted += 1
        return UUID(int=self.seed << 64 | self._minted)

    def batches(self) -> Iterator[list[tuple[datetime, NewEvent]]]:
        """As they are committed: a few at a time."""
        left = self.told
        while left:
            many = self._random.randint(1, 60)
            yield left[:many]
            left = left[many:]


REOPENED = ("closed", "reopened", "closed")


def said(row: Any) -> Said:
    """An event as it lies in the log."""
    return Said(
        row["stream"], row["stream_id"], row["stream_seq"], row["tag"], row["body"], row["recorded_at"],
        row["happened_at"],
    )  # fmt: skip
