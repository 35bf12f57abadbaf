"""The second worker gathers what the first has stored before it, and waits for nothing once it is alone."""

import asyncio
from typing import Any, cast

import pytest

from services.devices.flow.alarms import AlarmFlow
from services.devices.intake import alarms
from shared.runtime.clock import SystemClock
from shared.runtime.mqtt import Consumer, Delivery

GATHER_S = 0.2


class OverError(Exception):
    """Nothing more arrives."""


class Broker:
    """Brings one message at a time, and one more to whoever waits."""

    def __init__(self, batches: int) -> None:
        """So many times."""
        self.left = batches
        self.acknowledged: list[int] = []

    async def take(self, _: int) -> list[Delivery]:
        """One message."""
        if not self.left:
            raise OverError
        self.left -= 1
        return self.arrived(1)

    def arrived(self, _: int) -> list[Delivery]:
        """One more."""
        return [cast("Delivery", object())]

    def acknowledge(self, deliveries: list[Delivery]) -> None:
        """Count them."""
        self.acknowledged.append(len(deliveries))


class Store:
    """Says of each batch whether all of it was known."""

    def __init__(self, known: list[bool]) -> None:
        """In this order."""
        self.copying = False
        self._known = iter(known)

    async def keep(self, _: list[Any]) -> None:
        """Store."""
        self.copying = next(self._known)

    async def close(self) -> None:
        """Nothing is open."""


async def gathered(
    monkeypatch: pytest.MonkeyPatch, known: list[bool], gather_s: float
) -> tuple[list[float], list[int]]:
    """How long was waited, and how many messages each batch had."""
    waited: list[float] = []

    async def woken(_: asyncio.Event, seconds: float) -> bool:
        waited.append(seconds)
        return False

    monkeypatch.setattr(alarms, "woken", woken)
    monkeypatch.setattr(alarms, "_reading", lambda delivery, _: delivery)
    broker, store = Broker(len(known)), Store(known)
    with pytest.raises(OverError):
        await alarms.follow(cast("Consumer", broker), cast("AlarmFlow", store), SystemClock(), gather_s)
    return waited, broker.acknowledged


async def test_copies_are_gathered_until_something_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """After copies it waits for more of them; after what only it has brought it does not."""
    waited, batches = await gathered(monkeypatch, [True, True, False, False, True], GATHER_S)
    assert (waited, batches) == ([GATHER_S, GATHER_S], [1, 2, 2, 1, 1])


async def test_the_first_worker_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many copies the other has stored before it."""
    assert await gathered(monkeypatch, [True, True, True], 0.0) == ([], [1, 1, 1])
