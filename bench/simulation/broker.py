"""The devices' way: a broker that keeps what it has confirmed, sessions that outlive their workers, bad radio.

At QoS 1 an alarm lies in every worker's session until that worker acknowledges it, and comes again after a while, after
a reconnection, or for no reason. What goes down to a device may be lost, come twice, or come late.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from random import Random

from bench.simulation.loop import IN_THE_OPEN, PROCESS, Process

ACK_WAIT_S = 10.0

Heard = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Radio:
    """How bad the air is: shares of messages that are lost and that come twice, and the longest delay in seconds."""

    lost: float = 0.0
    twice: float = 0.0
    late_s: float = 0.05


@dataclass(frozen=True, slots=True)
class Message:
    """What a worker takes, as the services' own consumer hands it out."""

    topic: str
    payload: bytes
    number: int
    retained: bool = False


class Mailbox:
    """A worker's connection, with the manners of `shared.runtime.mqtt.Consumer`."""

    def __init__(self, broker: "Broker", session: str) -> None:
        """Connect under a session's name, in the process that asks."""
        self.process = PROCESS.get()
        self.session = session
        self._broker = broker
        self._arrived: deque[Message] = deque()
        self._wake = asyncio.Event()

    def put(self, message: Message) -> None:
        """Something came."""
        self._arrived.append(message)
        self._wake.set()

    async def take(self, at_most: int = 200) -> list[Message]:
        """Everything that has arrived; waits for the first."""
        while not self._arrived:
            self._wake.clear()
            await self._wake.wait()
        return self.arrived(at_most)

    def arrived(self, at_most: int) -> list[Message]:
        """What has arrived and was not taken."""
        return [self._arrived.popleft() for _ in range(min(at_most, len(self._arrived)))]

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """They are safe with us."""
        if not self.process.dead:
            self._broker.acknowledged(self, [message.number for message in messages])

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:  # noqa: ARG002
        """At most once."""
        return not self.process.dead and self._broker.down(topic, payload)

    async def publish(self, topic: str, payload: bytes) -> bool:
        """At least as far as the broker."""
        return self.send(topic, payload)


class Broker:
    """One broker with persistent sessions."""

    def __init__(self, draw: Random, radio: Radio) -> None:
        """Nobody is connected."""
        self.radio = radio
        self.away = False
        self.devices: dict[str, Heard] = {}
        self._draw = draw
        self._numbers = count(1)
        self._kept: dict[str, dict[int, tuple[str, bytes]]] = {}
        self._boxes: dict[str, Mailbox] = {}

    def session(self, name: str) -> Mailbox:
        """A worker connects; what its session holds comes again."""
        box = self._boxes[name] = Mailbox(self, name)
        for number in self._kept.setdefault(name, {}):
            self._give(name, number)
        return box

    def up(self, topic: str, payload: bytes) -> None:
        """A device publishes: it may be lost, late, or come twice."""
        for after_s in self._flights():
            self._later(after_s, self._received, topic, payload)

    def down(self, topic: str, payload: bytes) -> bool:
        """To a device; False while we are away."""
        if self.away:
            return False
        for after_s in self._flights():
            self._later(after_s, self._reach, topic.split("/")[3], payload)
        return True

    def acknowledged(self, box: Mailbox, numbers: Iterable[int]) -> None:
        """Forget them, if this connection still stands."""
        if not self.away and self._boxes.get(box.session) is box:
            for number in numbers:
                self._kept[box.session].pop(number, None)

    def lose(self, process: Process) -> None:
        """A worker is gone; its session stays."""
        for name, box in list(self._boxes.items()):
            if box.process is process:
                del self._boxes[name]

    def come_back(self) -> None:
        """Everybody connects again."""
        self.away = False
        for name, kept in self._kept.items():
            for number in kept:
                self._give(name, number)

    def _flights(self) -> list[float]:
        if self._draw.random() < self.radio.lost:
            return []
        many = 2 if self._draw.random() < self.radio.twice else 1
        return [self._draw.uniform(0.001, self.radio.late_s) for _ in range(many)]

    def _received(self, topic: str, payload: bytes) -> None:
        if self.away:
            return
        for name, kept in self._kept.items():
            number = next(self._numbers)
            kept[number] = (topic, payload)
            self._give(name, number)

    def _give(self, name: str, number: int) -> None:
        self._later(self._draw.uniform(0.0005, 0.02), self._delivered, name, number)

    def _delivered(self, name: str, number: int) -> None:
        if self.away or number not in self._kept[name] or name not in self._boxes:
            return
        self._boxes[name].put(Message(*self._kept[name][number], number))
        self._later(ACK_WAIT_S, self._delivered, name, number)

    def _reach(self, device: str, payload: bytes) -> None:
        if not self.away and device in self.devices:
            self.devices[device](payload)

    def _later(self, after_s: float, work: Callable[..., None], *args: object) -> None:
        asyncio.get_running_loop().call_later(after_s, work, *args, context=IN_THE_OPEN)
