"""A device's MQTT 3.1.1 in a hundred lines, so that a thousand of them cost the measured machine little.

Only what a device needs: connect with a clean session, one subscription, publish and receive at QoS 1.
"""

import asyncio
from collections.abc import Callable
from typing import cast

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ = 0x10, 0x20, 0x30, 0x40, 0x82, 0x90, 0xC0
QOS1, USER_PASSWORD_CLEAN = 0x02, 0xC2
KEEPALIVE_S = 0
"""No keep-alive: a measurement is short."""

Heard = Callable[[str, bytes], None]


class MqttRefusedError(ConnectionError):
    """The broker did not accept the connection or the subscription."""


class MqttDevice(asyncio.Protocol):
    """One connection; `heard` is called with topic and payload of what arrives."""

    def __init__(self, heard: Heard) -> None:
        """Wait to be connected."""
        self._heard = heard
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answers: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self._pubacks: dict[int, asyncio.Future[None]] = {}
        self._packet = 0
        self.closed = asyncio.Event()

    async def sign_in(self, client_id: str, user: str, secret: str, topic: str) -> None:
        """Connect with a clean session and subscribe to one topic; MqttRefusedError if not allowed."""
        body = _text("MQTT") + bytes([4, USER_PASSWORD_CLEAN]) + KEEPALIVE_S.to_bytes(2, "big")
        self._write(CONNECT, body + _text(client_id) + _text(user) + _text(secret))
        await self._expect(CONNACK, 1)
        self._write(SUBSCRIBE, self._next_packet().to_bytes(2, "big") + _text(topic) + b"\x01")
        await self._expect(SUBACK, 2)

    def publish(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        """Send at QoS 1; the future ends with the PUBACK."""
        packet = self._next_packet()
        done = asyncio.get_running_loop().create_future()
        self._pubacks[packet] = done
        self._write(PUBLISH | QOS1, _text(topic) + packet.to_bytes(2, "big") + payload)
        return done

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
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
        async with asyncio.timeout(30):
            kind, body = await self._answers.get()
        if kind != wanted or body[code_at] >= (0x80 if kind == SUBACK else 1):
            raise MqttRefusedError

    def _next_packet(self) -> int:
        self._packet = self._packet % 0xFFFF + 1
        return self._packet

    def _write(self, kind: int, body: bytes) -> None:
        if self._transport is not None:
            self._transport.write(bytes([kind]) + _length(len(body)) + body)


async def connect(
    host: str, port: int, user: str, secret: str, topic: str, heard: Heard, client_id: str | None = None
) -> MqttDevice:
    """Connect and subscribe to a topic; a device's client id is its user name."""
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_connection(lambda: MqttDevice(heard), host, port)
    await protocol.sign_in(client_id or user, user, secret, topic)
    return protocol


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
