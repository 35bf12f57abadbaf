"""A TCP proxy that misbehaves when told to: late, slow, cut, shut, or silent with every connection still open."""

import asyncio
import contextlib
from socket import socket

from shared.runtime.clock import Clock

PIECE = 1 << 16
GONE = (OSError, asyncio.IncompleteReadError)
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """In front of one address, on a port of its own; `latency_s` and `bytes_per_s` may change at any time."""

    def __init__(self, host: str, port: int, clock: Clock) -> None:
        """Pass everything on to this address, once started."""
        self.host, self.port = "127.0.0.1", 0
        self.latency_s = 0.0
        self.bytes_per_s = 0.0
        self.shut = False
        self._to = (host, port)
        self._clock = clock
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    def __len__(self) -> int:
        """How many connections stand, both ends counted as one."""
        return len(self._open) // 2

    async def start(self, at: socket | None = None) -> None:
        """Listen, on a loopback port or where this socket listens already."""
        if at is None:
            self._server = await asyncio.start_server(self._accept, self.host, 0, backlog=4096)
        else:
            self._server = await asyncio.start_server(self._accept, sock=at)
        self.host, self.port = self._server.sockets[0].getsockname()

    async def stop(self) -> None:
        """Hang up and listen no more."""
        if self._server is not None:
            self._server.close()
        self.cut()
        self.release()
        for serving in self._serving:
            serving.cancel()
        if self._serving:
            await asyncio.wait(self._serving)

    def cut(self) -> None:
        """End every connection as a broken line does."""
        for writer in self._open:
            writer.transport.abort()

    def shut_down(self) -> None:
        """End every connection and accept none."""
        self.shut = True
        self.cut()

    def open_up(self) -> None:
        """Accept again."""
        self.shut = False

    def slow(self, latency_s: float, bytes_per_s: float) -> None:
        """So late, and so slow; 0 is as fast as it goes."""
        self.latency_s, self.bytes_per_s = latency_s, bytes_per_s

    def stall(self) -> None:
        """Half-open: connections stand and are accepted, and nothing gets through in either direction."""
        self._flowing.clear()

    def release(self) -> None:
        """Let through what has waited and all that follows."""
        self._flowing.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.shut:
                return
            there, back = await asyncio.open_connection(*self._to)
        except OSError:
            return
        else:
            await self._join((reader, writer), (there, back))
        finally:
            writer.transport.abort()

    async def _join(self, one: Ends, other: Ends) -> None:
        self._open |= {one[1], other[1]}
        pumps = [asyncio.create_task(pump) for pump in (self._pump(one[0], other[1]), self._pump(other[0], one[1]))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.wait(pumps)
            self._open -= {one[1], other[1]}
            other[1].transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(*GONE):
            while data := await source.read(PIECE):
                await self._flowing.wait()
                if wait_s := self.latency_s + (len(data) / self.bytes_per_s if self.bytes_per_s else 0):
                    await self._clock.sleep(wait_s)
                target.write(data)
                await target.drain()
