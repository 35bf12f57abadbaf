"""Thousands of open consoles, in a process of their own.

`python -m bench.crowd` reads its order as one JSON line on standard input, opens a socket for each token, and says how
many are live and how long that took. The next line brings the instant of each alarm by device; then it prints one JSON
line an alarm: device, and after how many seconds each console was shown it.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson
import uvloop

from shared.runtime.clock import stopwatch
from simulators.console import SUBPROTOCOL

AT_ONCE = 30
OPENED = '"type":"incident.opened"'
PING = '{"t":"ping"'


class Crowd:
    """Every console's arrivals, by device."""

    def __init__(self, address: str) -> None:
        """Nobody is there yet."""
        self.arrivals: dict[str, list[float]] = {}
        self.live = 0
        self._address = address
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._let_in = asyncio.Event()

    async def stay(self, line: aiohttp.ClientSession, token: str, opened: asyncio.Event) -> None:
        """One console, until it is cancelled or closed."""
        async with self._turn:
            socket = await line.ws_connect(self._address, protocols=[SUBPROTOCOL], compress=0, max_msg_size=1 << 20)
            client = {"app": "simulator", "build": "1", "device": "crowd", "lang": "zh-CN"}
            hello = {"t": "hello", "v": 1, "token": token, "client": client, "inboxes": [], "topics": []}
            await socket.send_str(orjson.dumps(hello).decode())
            while not opened.is_set():
                message = await socket.receive()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                if message.data.startswith('{"t":"live"'):
                    opened.set()
                    self.live += 1
        async for message in socket:
            await self._take(socket, message.data)

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        if OPENED in text:
            self.arrivals.setdefault(orjson.loads(text)["d"]["device"], []).append(stopwatch())
        elif text.startswith(PING):
            pong = {"t": "pong", "n": orjson.loads(text)["n"], "vis": "visible", "audio": "running"}
            await socket.send_str(orjson.dumps(pong).decode())


async def run(order: dict[str, Any]) -> None:
    """Carry out one order."""
    crowd, begun = Crowd(order["ws"]), stopwatch()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as line:
        live = [asyncio.Event() for _ in order["tokens"]]
        staying = [
            asyncio.create_task(crowd.stay(line, token, opened))
            for token, opened in zip(order["tokens"], live, strict=True)
        ]
        await _opened(live, staying)
        _say({"live": crowd.live, "took_s": round(stopwatch() - begun, 1)})
        due = json.loads(await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline))
        for device, at in due.items():
            _say({"device": device, "after": [round(one - at, 4) for one in crowd.arrivals.get(device, [])]})
        for task in staying:
            task.cancel()


async def _opened(live: Sequence[asyncio.Event], staying: Sequence[asyncio.Task[None]]) -> None:
    """Return when each is live or has been sent away."""
    waiting = [asyncio.create_task(one.wait()) for one in live]
    for wait, task in zip(waiting, staying, strict=True):
        await asyncio.wait({wait, task}, return_when=asyncio.FIRST_COMPLETED)
        wait.cancel()


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
