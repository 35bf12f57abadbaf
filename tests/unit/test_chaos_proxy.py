"""The proxy of the proof breaks lines as lines break."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bench.proofs.chaos_proxy import Ends, Proxy
from shared.runtime.clock import SystemClock, stopwatch

CLOCK = SystemClock()


class Line(Proxy):
    """A proxy whose callers hang up in the end."""

    def __init__(self, port: int) -> None:
        """Nobody has called."""
        super().__init__("127.0.0.1", port, CLOCK)
        self.callers: list[asyncio.StreamWriter] = []

    async def dial(self) -> Ends:
        """A connection through the proxy."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.callers.append(writer)
        return reader, writer


@asynccontextmanager
async def echoing() -> AsyncIterator[Line]:
    """A proxy in front of somebody who says everything back."""
    ended: list[asyncio.Event] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(over := asyncio.Event())
        with suppress(ConnectionError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.transport.abort()
        over.set()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        line = Line(server.sockets[0].getsockname()[1])
        await line.start()
        try:
            yield line
        finally:
            await line.stop()
            for caller in line.callers:
                caller.close()
                with suppress(ConnectionError):
                    await caller.wait_closed()
            for over in ended:
                await over.wait()


async def said_back(ends: Ends, word: bytes) -> bytes:
    """Say a word and wait for it to come back; what comes instead, empty when the line has ended."""
    reader, writer = ends
    writer.write(word)
    return await asyncio.wait_for(reader.read(len(word)), 5)


async def test_an_honest_proxy_passes_everything_on() -> None:
    """Both ways, and counts who is connected."""
    async with echoing() as proxy:
        ends = await proxy.dial()
        assert await said_back(ends, b"press") == b"press"
        assert len(proxy) == 1


async def test_a_cut_ends_every_connection_and_a_shut_line_takes_none() -> None:
    """Whoever comes back after it is let in again."""
    async with echoing() as proxy:
        ends = await proxy.dial()
        assert await said_back(ends, b"1") == b"1"
        proxy.shut = True
        proxy.cut()
        with pytest.raises(ConnectionError):
            await _spoken_out(ends)
        with pytest.raises(ConnectionError):
            await _spoken_out(await proxy.dial())
        proxy.shut = False
        again = await proxy.dial()
        assert await said_back(again, b"2") == b"2"


async def _spoken_out(ends: Ends) -> None:
    if await said_back(ends, b"x") == b"":
        raise ConnectionResetError


async def test_a_silent_line_stands_and_says_nothing_until_it_is_let_go() -> None:
    """New ones are accepted meanwhile, and what waited arrives in the end."""
    async with echoing() as proxy:
        ends = await proxy.dial()
        assert await said_back(ends, b"1") == b"1"
        proxy.stall()
        waiting = asyncio.create_task(said_back(ends, b"2"))
        other = await proxy.dial()
        waiting_too = asyncio.create_task(said_back(other, b"3"))
        done, _ = await asyncio.wait({waiting, waiting_too}, timeout=0.3)
        assert not done
        assert not ends[1].transport.is_closing()
        proxy.release()
        assert (await waiting, await waiting_too) == (b"2", b"3")


async def test_a_slow_line_takes_its_time() -> None:
    """A thousand bytes there and back at ten thousand a second, a tenth of a second late each way."""
    async with echoing() as proxy:
        ends = await proxy.dial()
        assert await said_back(ends, b"1") == b"1"
        proxy.latency_s, proxy.bytes_per_s = 0.1, 10_000
        begun = stopwatch()
        assert await said_back(ends, b"x" * 1000)
        assert stopwatch() - begun >= 0.38
