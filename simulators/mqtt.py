"""A device's MQTT 3.1.1 in a hundred lines, as small as a button's own.

Only what a device needs: a clean session, a subscription, a last will, publishing and receiving. A thousand of these in
one process cost little, so that a measurement measures the platform; and the platform is spoken to by a client that
shares no code with it.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import cast
from zlib import crc32

from shared.runtime.clock import Clock

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ = 0x10, 0x20, 0x30, 0x40, 0x82, 0x90, 0xC0
DISCONNECT = 0xE0
RETAIN, QOS1, USER_PASSWORD_CLEAN, WILL_AT_QOS1 = 0x01, 0x02, 0xC2, 0x0C
KEEPALIVE_S, PING_EVERY_S = 45, 30.0
ANSWER_WITHIN_S, SIGNED_IN_WITHIN_S, GONE_WITHIN_S = 10.0, 30.0, 2.0

Heard = Callable[[str, bytes], None]
Topics = str | tuple[str, ...] | None
Will = tuple[str, bytes]
"""Topic and payload that the broker publishes for us when the connection ends without a goodbye."""


class RefusedError(ConnectionError):
    """The broker did not accept the connection or the subscription."""


LOST = (OSError, TimeoutError)
"""What is raised when the broker is away or refuses; connect again."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are to it; a device's client id is its user name.

    With `ca`, a file of who may sign, the connection is encrypted and the broker must be who it says. `also` are host
    and port of further ones, of which a device needs but one.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    ca: str | None = None
    also: tuple[tuple[str, int], ...] = ()

    def places(self) -> tuple[tuple[str, int], ...]:
        """Where to try, in this device's own order, so that devices are spread over the brokers."""
        every = ((self.host, self.port), *self.also)
        first = crc32(self.user.encode()) % len(every)
        return every[first:] + every[:first]


class Link(asyncio.Protocol):
    """One connection; `heard` is called with topic and payload of what arrives."""

    def __init__(self, heard: Heard) -> None:
        """Wait to be connected."""
        self.closed = asyncio.Event()
        self._heard = heard
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answers: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self._pubacks: dict[int, asyncio.Future[None]] = {}
        self._packet = 0
        self._alive = asyncio.Event()

    async def sign_in(
        self, client_id: str, it: Broker, topics: Topics, will: Will | None = None, *, qos: int = 0
    ) -> None:
        """Connect with a clean session and subscribe; RefusedError if not allowed."""
        flags = USER_PASSWORD_CLEAN | (WILL_AT_QOS1 if will else 0)
        body = _text("MQTT") + bytes([4, flags]) + KEEPALIVE_S.to_bytes(2, "big") + _text(client_id)
        if will is not None:
            body += _text(will[0]) + len(will[1]).to_bytes(2, "big") + will[1]
        self._write(CONNECT, body + _text(it.user) + _text(it.password))
        await self._expect(CONNACK, 1)
        if topics is not None:
            wanted = (topics,) if isinstance(topics, str) else topics
            filters = b"".join(_text(topic) + bytes([qos]) for topic in wanted)
            self._write(SUBSCRIBE, self._next_packet().to_bytes(2, "big") + filters)
            await self._expect(SUBACK, 2)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> "asyncio.Future[None]":
        """Send at QoS 1; the future ends with the PUBACK, and is cancelled with the connection."""
        packet = self._next_packet()
        done = asyncio.get_running_loop().create_future()
        if self.closed.is_set():
            done.cancel()
            return done
        self._pubacks[packet] = done
        kind = PUBLISH | QOS1 | (RETAIN if retain else 0)
        self._write(kind, _text(topic) + packet.to_bytes(2, "big") + payload)
        return done

    def tell(self, topic: str, payload: bytes) -> None:
        """Send at QoS 0: it arrives or it does not."""
        self._write(PUBLISH, _text(topic) + payload)

    async def keep_alive(self, clock: Clock) -> None:
        """Ping for ever; hang up when nothing at all comes back."""
        while True:
            await clock.sleep(PING_EVERY_S)
            self._alive.clear()
            self._write(PINGREQ, b"")
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await self._alive.wait()
            except TimeoutError:
                self.close()

    async def lost(self) -> None:
        """Return when the connection has ended."""
        await self.closed.wait()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    async def leave(self) -> None:
        """Say goodbye, so that what was sent arrives and the last will is not read out."""
        if self._transport is not None:
            self._write(DISCONNECT, b"")
            self._transport.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GONE_WITHIN_S):
                    await self.closed.wait()
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        # uvloop's transport is one in all but inheritance.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell whoever waits."""
        self.closed.set()
        self._answers.put_nowait((0, b""))
        for waiting in self._pubacks.values():
            waiting.cancel()

    def data_received(self, data: bytes) -> None:
        """Cut the stream into packets."""
        self._alive.set()
        self._buffer += data
        while (packet := _cut(self._buffer)) is not None:
            self._take(*packet)

    def _take(self, kind: int, body: bytes) -> None:
        if kind & 0xF0 == PUBLISH:
            self._deliver(kind, body)
        elif kind == PUBACK:
            waiting = self._pubacks.pop(int.from_bytes(body[:2], "big"), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        elif kind in {CONNACK, SUBACK}:
            self._answers.put_nowait((kind, body))

    def _deliver(self, kind: int, body: bytes) -> None:
        size = int.from_bytes(body[:2], "big")
        topic, rest = body[2 : 2 + size].decode(), body[2 + size :]
        if kind & QOS1:
            self._write(PUBACK, rest[:2])
            rest = rest[2:]
        self._heard(topic, rest)

    async def _expect(self, wanted: int, code_at: int) -> None:
        # A broker to which everybody returns at once needs time; who gives up and comes again only adds to the crowd.
        async with asyncio.timeout(SIGNED_IN_WITHIN_S):
            kind, body = await self._answers.get()
        if kind != wanted or any(code >= (0x80 if kind == SUBACK else 1) for code in body[code_at:]):
            raise RefusedError

    def _next_packet(self) -> int:
        self._packet = self._packet % 0xFFFF + 1
        return self._packet

    def _write(self, kind: int, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(bytes([kind]) + _length(len(body)) + body)


async def connect(
    it: Broker, topics: Topics, heard: Heard, client_id: str | None = None, will: Will | None = None, *, qos: int = 0
) -> Link:
    """Connect and subscribe at the first broker that lets us; raises one of LOST."""
    *others, last = it.places()
    for place in others:
        with contextlib.suppress(*LOST):
            return await _connect_at(place, it, topics, heard, client_id, will, qos=qos)
    return await _connect_at(last, it, topics, heard, client_id, will, qos=qos)


async def _connect_at(
    place: tuple[str, int], it: Broker, topics: Topics, heard: Heard, client_id: str | None, will: Will | None, *,
    qos: int,
) -> Link:  # fmt: skip
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(ANSWER_WITHIN_S):
        _, link = await loop.create_connection(lambda: Link(heard), *place, ssl=_trusting(it.ca))
    try:
        await link.sign_in(client_id or it.user, it, topics, will, qos=qos)
    except BaseException:
        link.close()
        raise
    return link


@asynccontextmanager
async def session(it: Broker, topics: Topics, heard: Heard, will: Will | None = None) -> AsyncIterator[Link]:
    """Connect as a device, and say goodbye at the end; without a goodbye when something went wrong."""
    link = await connect(it, topics, heard, will=will)
    try:
        yield link
        await link.leave()
    finally:
        link.close()
        await link.lost()


@cache
def _trusting(ca: str | None) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=ca) if ca else None


def _text(value: str) -> bytes:
    encoded = value.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _length(size: int) -> bytes:
    digits = bytearray()
    while True:
        size, digit = divmod(size, 128)
        digits.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(digits)


def _cut(buffer: bytearray) -> tuple[int, bytes] | None:
    """Take one whole packet off the buffer, if there is one."""
    size, shift, at = 0, 0, 1
    while at < len(buffer):
        size |= (buffer[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not buffer[at - 1] & 0x80:
            break
    else:
        return None
    if len(buffer) < at + size:
        return None
    kind, body = buffer[0], bytes(buffer[at : at + size])
    del buffer[: at + size]
    return kind, body
