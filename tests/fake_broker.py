"""A broker of a hundred lines, to see the packets themselves: MQTT 3.1.1 over TCP, one client, no rules."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from tests.conftest import free_port


class Packet(IntEnum):
    """Packet types, MQTT 3.1.1 table 2.1."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


@dataclass
class Seen:
    """A packet from the client: the packet number of a PUBACK, or the topic of a PUBLISH."""

    kind: Packet
    number: int = 0
    topic: str = ""


@dataclass
class FakeBroker:
    """Takes one client after the other and writes down what it sends."""

    port: int = field(default_factory=free_port)
    seen: list[Seen] = field(default_factory=list)
    clients: int = 0
    subscribed: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _writer: asyncio.StreamWriter | None = None

    def deliver(self, topic: str, payload: bytes, number: int, *, again: bool = False) -> None:
        """Send a QoS 1 PUBLISH to the client."""
        name = topic.encode()
        body = len(name).to_bytes(2, "big") + name + number.to_bytes(2, "big") + payload
        self._send(bytes([Packet.PUBLISH << 4 | (8 if again else 0) | 2]) + _length(len(body)) + body)

    def hang_up(self) -> None:
        """Cut the connection."""
        if self._writer is not None:
            self._writer.transport.abort()
        self.subscribed.clear()

    def acknowledged(self) -> list[int]:
        """Packet numbers of the PUBACKs, in order."""
        return [item.number for item in self.seen if item.kind is Packet.PUBACK]

    def published(self) -> list[str]:
        """Topics of the client's messages, in order."""
        return [item.topic for item in self.seen if item.kind is Packet.PUBLISH]

    async def heard(self, puback_count: int, within_s: float = 5) -> None:
        """Wait for so many PUBACKs."""
        async with asyncio.timeout(within_s):
            while len(self.acknowledged()) < puback_count:
                self.news.clear()
                await self.news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        self._writer = writer
        self.clients += 1
        try:
            while True:
                head = (await reader.readexactly(1))[0]
                self._handle(Packet(head >> 4), head, await reader.readexactly(await _read_length(reader)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _handle(self, kind: Packet, head: int, body: bytes) -> None:
        match kind:
            case Packet.CONNECT:
                self._send(bytes([Packet.CONNACK << 4, 2, 0, 0]))
            case Packet.SUBSCRIBE:
                self._send(bytes([Packet.SUBACK << 4, 3]) + body[:2] + b"\x01")
                self.subscribed.set()
            case Packet.PINGREQ:
                self._send(bytes([Packet.PINGRESP << 4, 0]))
            case Packet.PUBACK:
                self.seen.append(Seen(kind, int.from_bytes(body[:2], "big")))
            case Packet.PUBLISH:
                self._published(head, body)
            case _:
                pass
        self.news.set()

    def _published(self, head: int, body: bytes) -> None:
        end = 2 + int.from_bytes(body[:2], "big")
        self.seen.append(Seen(Packet.PUBLISH, topic=body[2:end].decode()))
        if head & 6:
            self._send(bytes([Packet.PUBACK << 4, 2]) + body[end : end + 2])

    def _send(self, packet: bytes) -> None:
        if self._writer is not None:
            self._writer.write(packet)


def _length(size: int) -> bytes:
    digits = bytearray()
    while True:
        size, digit = divmod(size, 128)
        digits.append(digit | (128 if size else 0))
        if not size:
            return bytes(digits)


async def _read_length(reader: asyncio.StreamReader) -> int:
    size, shift = 0, 0
    while True:
        digit = (await reader.readexactly(1))[0]
        size |= (digit & 127) << shift
        shift += 7
        if not digit & 128:
            return size


@asynccontextmanager
async def fake_broker() -> AsyncIterator[FakeBroker]:
    """A fake broker that listens."""
    it = FakeBroker()
    server = await asyncio.start_server(it.serve, "127.0.0.1", it.port)
    try:
        yield it
    finally:
        it.hang_up()
        server.close()
