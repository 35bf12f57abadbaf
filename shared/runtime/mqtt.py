"""MQTT 3.1.1: the only place that knows aiomqtt and the paho client below it.

aiomqtt acknowledges on arrival and drops when its queue is full, so its queue is not used: paho hands every message
to us, and the PUBACK leaves when the reader says that the message is safe. What may be unacknowledged is bounded by
the broker's in-flight window, never by a local limit.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import aiomqtt
from paho.mqtt.client import MQTT_ERR_SUCCESS, MQTTMessage
from paho.mqtt.reasoncodes import ReasonCode

from shared.runtime.clock import stopwatch, woken
from shared.runtime.logging import why

logger = logging.getLogger(__name__)

AWAY = (aiomqtt.MqttError, OSError, TimeoutError)
"""What is raised while the broker is away or refuses: nothing was sent, try again."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
KEEPALIVE_S = 15
ANSWER_WITHIN_S = 5.0
MOST_UNCONFIRMED = 5000
REFUSED = 0x80


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are to it.

    With `ca` (certificates of who may sign, PEM) the connection is encrypted and the broker must be who it says;
    `cert` and `key` are our own, where it wants to see one.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@lru_cache(maxsize=256)
def encryption(ca: Path | None, cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """None without `ca`. Read once for all connections: thousands may come back within seconds."""
    if ca is None:
        return None
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if cert is not None:
        context.load_cert_chain(cert, key)
    return context


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """A message as it arrived. `retained` means: kept by the broker from earlier, not happening now."""

    topic: str
    payload: bytes = field(repr=False)
    retained: bool
    again: bool
    link: "Link" = field(repr=False)
    packet: int = field(repr=False)

    def same(self, other: "Delivery") -> bool:
        """Whether the broker gave out the same message twice."""
        return self.topic == other.topic and self.payload == other.payload


class Arrivals:
    """What has arrived and was not taken yet; outlives the connection that brought it."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[Delivery] = deque()
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, delivery: Delivery) -> None:
        """Add one and wake the reader."""
        self._waiting.append(delivery)
        self._wake.set()

    def wake(self) -> None:
        """Let the reader look, though nothing came."""
        self._wake.set()

    async def take(self, at_most: int) -> list[Delivery]:
        """Everything that has arrived, oldest first; waits for the first. Empty after `wake`."""
        if not self._waiting:
            self._wake.clear()
            await self._wake.wait()
        return self.arrived(at_most)

    def arrived(self, at_most: int) -> list[Delivery]:
        """What has arrived, oldest first, without waiting."""
        return [self._waiting.popleft() for _ in range(min(at_most, len(self._waiting)))]


class Link:
    """One connection: `async with Link(...)`. A new connection is a new Link.

    With `manual` a QoS 1 message is acknowledged by `acknowledge`, only by the link that delivered it, since after
    a reconnect the same packet number may be another message.
    """

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        *,
        clean: bool = True,
        manual: bool = False,
        arrivals: Arrivals | None = None,
        will: tuple[str, bytes] | None = None,
        keepalive_s: int = KEEPALIVE_S,
    ) -> None:
        """Describe the connection; nothing connects yet."""
        self.arrivals = Arrivals() if arrivals is None else arrivals
        self._held: dict[int, Delivery] = {}
        self._manual = manual
        self._client = aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=client_id,
            clean_session=clean,
            keepalive=keepalive_s,
            will=aiomqtt.Will(*will, qos=1) if will else None,
            max_inflight_messages=200,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
            timeout=ANSWER_WITHIN_S,
            tls_context=encryption(broker.ca, broker.cert, broker.key),
            logger=logging.getLogger("mqtt"),
        )
        self._client.pending_calls_threshold = MOST_UNCONFIRMED
        self._paho = self._client._client  # noqa: SLF001  aiomqtt has no manual acknowledgement
        self._paho.manual_ack_set(manual)
        self._paho.on_message = self._arrived

    async def __aenter__(self) -> Self:
        """Connect; raises one of AWAY."""
        try:
            await self._client.__aenter__()
        except BaseException:
            self._paho.disconnect()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect; a connection that is lost already is no fault."""
        with contextlib.suppress(*AWAY):
            await self._client.__aexit__(kind, fault, trace)
        if self._ended.done() and not self._ended.cancelled():
            self._ended.exception()
        self.arrivals.wake()

    @property
    def _ended(self) -> "asyncio.Future[None]":
        return self._client._disconnected  # noqa: SLF001  the one sign of a loss that needs no message iterator

    @property
    def alive(self) -> bool:
        """Whether the connection stands as far as we know."""
        return self._paho.is_connected()

    async def lost(self) -> None:
        """Return when the connection has ended."""
        await asyncio.wait({self._ended})

    async def subscribe(self, *topics: str, qos: int = 1) -> None:
        """Subscribe; raises one of AWAY when the broker refuses one."""
        codes: Sequence[int | ReasonCode] = await self._client.subscribe([(topic, qos) for topic in topics])
        for topic, code in zip(topics, codes, strict=True):
            if (code if isinstance(code, int) else int(code.value)) >= REFUSED:
                message = f"the broker refuses {topic}"
                raise aiomqtt.MqttError(message)

    async def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Publish and, with QoS 1, wait for the PUBACK; raises one of AWAY."""
        await self._client.publish(topic, payload, qos, retain)

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Publish without waiting; False when it could not be handed to the connection."""
        if not self.alive or len(self._paho._out_messages) >= MOST_UNCONFIRMED:  # noqa: SLF001
            return False
        try:
            return self._paho.publish(topic, payload, qos).rc == MQTT_ERR_SUCCESS
        except ValueError:
            logger.warning("mqtt.unpublishable", extra={"root": topic.partition("/")[0]})
            return False

    def acknowledge(self, delivery: Delivery) -> None:
        """Send the PUBACK; nothing happens if another link delivered it or this one is gone."""
        if delivery.link is self and self._held.pop(delivery.packet, None) is not None and self.alive:
            self._paho.ack(delivery.packet, 1)

    async def messages(self) -> AsyncIterator[Delivery]:
        """Everything that arrives until the connection ends; for tests and simulators."""
        while self.alive or self.arrivals:
            for delivery in await self.arrivals.take(MOST_UNCONFIRMED):
                yield delivery

    def _arrived(self, _: object, __: object, message: MQTTMessage) -> None:
        """Never raise: that would cut the connection, and the message would come again for ever."""
        topic = message._topic.decode("utf-8", "replace")  # noqa: SLF001  .topic raises on bad UTF-8
        delivery = Delivery(topic, bytes(message.payload), message.retain, message.dup, self, message.mid)
        if self._manual and message.qos:
            held = self._held.get(message.mid)
            if message.dup and held is not None and held.same(delivery):
                return
            self._held[message.mid] = delivery
        self.arrivals.put(delivery)


class Consumer:
    """A persistent session under a fixed client id, connected again for ever."""

    def __init__(self, broker: Broker, client_id: str, topics: Sequence[str]) -> None:
        """Describe the session; `run` connects."""
        self.connected = asyncio.Event()
        self.arrivals = Arrivals()
        self._broker = broker
        self._client_id = client_id
        self._topics = tuple(topics)
        self._link: Link | None = None
        self._lost_at: float | None = None

    async def run(self) -> None:
        """Hold the session until cancelled."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._hold()
                pause = FIRST_PAUSE_S
            except AWAY as fault:
                logger.warning("mqtt.away", extra={"client": self._client_id, "reason": why(fault)})
                pause = min(pause * 2, LONGEST_PAUSE_S)
            await woken(asyncio.Event(), pause)

    async def _hold(self) -> None:
        link = Link(self._broker, self._client_id, clean=False, manual=True, arrivals=self.arrivals)
        async with link:
            await link.subscribe(*self._topics)
            self._link = link
            self.connected.set()
            logger.info("mqtt.connected", extra={"client": self._client_id})
            try:
                await link.lost()
                logger.warning("mqtt.lost", extra={"client": self._client_id})
            finally:
                self._link = None
                self._lost_at = stopwatch()
                self.connected.clear()

    def heard_within(self, seconds: float) -> bool:
        """Whether the broker is there, or was so many seconds ago."""
        return self._link is not None or (self._lost_at is not None and stopwatch() - self._lost_at < seconds)

    async def take(self, at_most: int = 200) -> list[Delivery]:
        """Everything that has arrived since the last call, oldest first."""
        return await self.arrivals.take(at_most)

    def arrived(self, at_most: int) -> list[Delivery]:
        """The same without waiting; it may be nothing."""
        return self.arrivals.arrived(at_most)

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Send the PUBACKs, in this order."""
        for delivery in deliveries:
            delivery.link.acknowledge(delivery)

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Publish without waiting for the PUBACK; False while the broker is away."""
        return self._link is not None and self._link.send(topic, payload, qos=qos)

    async def publish(self, topic: str, payload: bytes) -> bool:
        """Publish at QoS 1 and tell whether the broker confirmed."""
        if self._link is None:
            return False
        try:
            await self._link.publish(topic, payload)
        except (*AWAY, ValueError):
            return False
        return True


@asynccontextmanager
async def session(
    broker: Broker, *, topics: Sequence[str] = (), will: tuple[str, bytes] | None = None, keepalive_s: int = 45
) -> AsyncIterator[Link]:
    """Connect as a device: client id is the user name, clean session, acknowledged on arrival."""
    async with Link(broker, broker.user, will=will, keepalive_s=keepalive_s) as link:
        if topics:
            await link.subscribe(*topics)
        yield link
