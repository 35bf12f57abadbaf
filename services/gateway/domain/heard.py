"""Alarms that are stored and in no incident yet, as a desk is told of them at once.

A word is a state, not an event: whoever listens now is told, whoever comes is told again, nothing is replayed. It ends
with the letter of the incident that took the alarm in, or when that is found to have happened unseen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import desks_over
from services.gateway.domain.wording import name_hint, stamp
from shared.vocabulary.alarms import FAMILY, FIRST_PRIORITY, AlarmKind, Family

LINGERS_S = 1.0
REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Word:
    """An alarm for the desks among `inboxes`; `d` is a console.AlarmHeard."""

    alarm: UUID
    at: datetime
    inboxes: tuple[str, ...]
    d: Mapping[str, Any]


@dataclass(slots=True)
class Standing:
    """The words that stand, since when (in seconds of any rising clock), and what has been answered lately."""

    words: dict[UUID, Word] = field(default_factory=dict)
    since: dict[UUID, float] = field(default_factory=dict)
    answered: dict[UUID, None] = field(default_factory=dict)

    def begin(self, words: Iterable[Word], now: float) -> list[Word]:
        """Take these in; return those that are news, which excludes what was answered while they were read."""
        news = [word for word in words if word.alarm not in self.words and word.alarm not in self.answered]
        self.words |= {word.alarm: word for word in news}
        self.since |= {word.alarm: now for word in news}
        return news

    def end(self, alarms: Iterable[UUID]) -> list[Word]:
        """These have been taken in; return the words that stood for them."""
        ended = list(alarms)
        self.answered |= dict.fromkeys(ended)
        while len(self.answered) > REMEMBERED:
            del self.answered[next(iter(self.answered))]
        for alarm in ended:
            self.since.pop(alarm, None)
        return [word for alarm in ended if (word := self.words.pop(alarm, None))]

    def lingering(self, now: float) -> list[UUID]:
        """Alarms whose words stand for longer than a healthy dispatch needs."""
        return [alarm for alarm, since in self.since.items() if now - since >= LINGERS_S]

    def in_inbox(self, inbox: str) -> Iterator[Word]:
        """What somebody who begins to listen here must be told."""
        return (word for word in self.words.values() if inbox in word.inboxes)


def word(body: Mapping[str, Any], division: str, at: datetime, name: str | None, address: str | None) -> Word:
    """What is told of an alarm (contracts.events.AlarmRaised): to nobody, of a canary or what only a thing has."""
    kind = AlarmKind(body["kind"])
    rings = FAMILY[kind] is not Family.DEVICE and not body.get("canary", False)
    d = {
        "alarm": body["alarm"],
        "device": body["device"],
        "kind": kind,
        "priority": int(FIRST_PRIORITY[kind]),
        "drill": body.get("drill", False),
        "division": division,
        "elder": body["elder"],
        "name_masked": name_hint(name),
        "place": address or "",
        "at": stamp(at),
    }
    return Word(UUID(body["alarm"]), at, desks_over(division) if rings else (), d)


def taken_in(type_: str, d: Mapping[str, Any]) -> list[UUID]:
    """The alarms that an inbox's event says an incident has taken in."""
    return [UUID(alarm) for alarm in d.get("alarms", ())] if type_.startswith("incident.") else []


def key_of(alarm: UUID) -> str:
    """`k` of the state frame."""
    return f"alarm/{alarm}"
