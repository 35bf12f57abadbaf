"""The consoles' way: a socket whose frames keep their order, arrive late, and are lost with the connection."""

import asyncio
from collections import deque
from random import Random
from typing import Any

from starlette.websockets import WebSocketDisconnect

from bench.simulation.loop import IN_THE_OPEN, PROCESS
from services.gateway.push.protocol import STRAIGHT

SHORT, LONG = 126, 127


class Pipe:
    """One direction: in order, each some time after it was sent; `None` is the end."""

    def __init__(self, draw: Random, late_s: float) -> None:
        """Open."""
        self.closed = False
        self._draw = draw
        self._late_s = late_s
        self._last = 0.0
        self._arrived: deque[str | None] = deque()
        self._wake = asyncio.Event()

    def put(self, text: str | None) -> None:
        """Send; nothing comes out of a pipe that is closed."""
        loop = asyncio.get_running_loop()
        self._last = max(self._last, loop.time() + self._draw.uniform(0.0005, self._late_s))
        loop.call_at(self._last, self._arrive, text, context=IN_THE_OPEN)

    def _arrive(self, text: str | None) -> None:
        if not self.closed:
            self._arrived.append(text)
            self._wake.set()

    def cut(self) -> None:
        """What is under way is lost."""
        self.closed = True
        self._arrived.append(None)
        self._wake.set()

    async def get(self) -> str | None:
        """The next, or None at the end, again and again."""
        while not self._arrived:
            self._wake.clear()
            await self._wake.wait()
        return self._arrived.popleft() if self._arrived[0] is not None else None


class Socket:
    """Both ends of one connection: the gateway's as Starlette's WebSocket, the console's as `get` and `put`."""

    def __init__(self, draw: Random, late_s: float) -> None:
        """Connected. Half of them offer the gateway the straight way past its queue, as uvicorn does."""
        self.up, self.down = Pipe(draw, late_s), Pipe(draw, late_s)
        self.process = PROCESS.get()
        straight = {STRAIGHT: self._straight} if draw.random() < 0.5 else {}
        self.scope: dict[str, Any] = {"subprotocols": [], "extensions": straight}
        self.headers: dict[str, str] = {}
        self._ended = False

    async def accept(self, _: str | None) -> None:
        """Shake hands."""

    async def receive(self) -> dict[str, Any]:
        """What the console sent."""
        text = await self.up.get()
        if text is None:
            raise WebSocketDisconnect
        return {"type": "websocket.receive", "text": text}

    async def send_text(self, text: str) -> None:
        """To the console."""
        if self._ended or self.down.closed:
            raise WebSocketDisconnect
        if not self.process.dead:
            self.down.put(text)

    async def close(self, code: int = 1000, reason: str = "") -> None:  # noqa: ARG002
        """Say goodbye behind everything that was sent."""
        if not self._ended and not self.process.dead:
            self._ended = True
            self.down.put(None)

    def cut(self) -> None:
        """The line breaks."""
        self.up.cut()
        self.down.cut()

    def _straight(self, frames: bytes) -> bool:
        if self._ended or self.down.closed or self.process.dead:
            return False
        for payload in _payloads(frames):
            self.down.put(payload.decode())
        return True


def _payloads(frames: bytes) -> list[bytes]:
    """What unmasked text frames carry (RFC 6455, 5.2)."""
    found: list[bytes] = []
    while frames:
        size, at = frames[1], 2
        if size >= SHORT:
            at = 4 if size == SHORT else 10
            size = int.from_bytes(frames[2:at], "big")
        found.append(frames[at : at + size])
        frames = frames[at + size :]
    return found
