"""A console: keeps its socket, follows its inboxes without a hole, says what it has shown."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import aiohttp
import orjson
from aiohttp import ClientWebSocketResponse, WSMsgType

from shared.runtime.clock import Clock, stopwatch
from simulators.door import Door
from simulators.inbox import Frame, Inbox

SUBPROTOCOL = "yinling.v1"
LOST = (OSError, TimeoutError, aiohttp.ClientError)
RINGING = frozenset({"incident.opened", "job.offered"})
LONGEST_WAIT_S = 15.0
SEEN_EVERY_S, SILENT_S = 0.05, 25.0
OPENS_WITHIN = aiohttp.ClientTimeout(connect=5)
CLOSES_WITHIN = aiohttp.ClientWSTimeout(ws_close=1)
ENDED = frozenset({4401, 4403, 4410})
"""Close codes after which the session must be begun again."""

Show = Callable[[Inbox, Frame], None]
"""Given each event once, in order, and each part of a snapshot."""
Told = Callable[[Frame], None]
"""Given each state frame."""


class Console:
    """One person's open screen."""

    def __init__(
        self, door: Door, addresses: Sequence[str], clock: Clock, draw: Random, show: Show,
        told: Told = lambda _: None,
    ) -> None:  # fmt: skip
        """Prepare; `addresses` are the WebSocket's at each gateway, of which any will do."""
        self.door = door
        self.inboxes: dict[str, Inbox] = {}
        self.live = asyncio.Event()
        self._addresses = draw.sample(addresses, len(addresses)) if len(addresses) > 1 else list(addresses)
        self._clock = clock
        self._draw = draw
        self._show = show
        self._told = told
        self._socket: ClientWebSocketResponse | None = None
        self._heard_at = 0.0
        self._drawn: dict[str, list[str]] = {}
        self._drew = asyncio.Event()

    async def stay(self) -> None:
        """Log in and stay connected until cancelled."""
        failures = 0
        while True:
            try:
                if await self._ready():
                    await self._visit()
            except LOST:
                failures = 0 if self.live.is_set() else failures + 1
                self._addresses.append(self._addresses.pop(0))
            self.live.clear()
            await self._clock.sleep(self._draw.uniform(0, min(LONGEST_WAIT_S, 0.5 * 2**failures)))

    async def _ready(self) -> bool:
        if not self.door.token and not await self.door.log_in():
            return False
        for inbox in self.door.account["inboxes"]:
            self.inboxes.setdefault(inbox, Inbox(inbox))
        return True

    async def _visit(self) -> None:
        async with (
            aiohttp.ClientSession(timeout=OPENS_WITHIN) as line,
            line.ws_connect(
                self._addresses[0], protocols=[SUBPROTOCOL], compress=0, max_msg_size=1 << 20, timeout=CLOSES_WITHIN
            ) as socket,
        ):
            self._socket = socket
            await self._send(self._hello())
            self._heard_at = stopwatch()
            chores = [asyncio.create_task(self._acknowledge()), asyncio.create_task(self._report_seen())]
            try:
                async for message in socket:
                    if message.type is WSMsgType.ERROR:
                        break
                    self._heard_at = stopwatch()
                    await self._take(orjson.loads(message.data))
            finally:
                for chore in chores:
                    chore.cancel()
            if socket.close_code in ENDED:
                self.door.token = ""
            raise ConnectionResetError

    def _hello(self) -> Frame:
        positions = [inbox.position() for inbox in self.inboxes.values()]
        client = {"app": "simulator", "build": "1", "device": self.door.username, "lang": "zh-CN"}
        return {"t": "hello", "v": 1, "token": self.door.token, "client": client, "inboxes": positions, "topics": []}

    async def _take(self, frame: Frame) -> None:
        match frame["t"]:
            case "ev":
                await self._event(frame)
            case "snap":
                inbox = self._inbox(frame["i"])
                inbox.reset(frame["epoch"], frame["seq"])
                self._draw_screen(inbox, frame)
            case "welcome":
                for mode in frame["inboxes"]:
                    self._inbox(mode["id"]).meet(mode["epoch"])
            case "live":
                self.live.set()
            case "state":
                self._told(frame)
            case "ping":
                await self._send({"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
            case _:
                pass

    async def _event(self, frame: Frame) -> None:
        inbox = self._inbox(frame["i"])
        ready, hole = inbox.take(frame)
        if hole:
            await self._send({"t": "sync", "i": inbox.id, "after": inbox.seq})
        for event in ready:
            self._draw_screen(inbox, event)
        if ack := inbox.ack(now=False):
            await self._send(ack)

    def _draw_screen(self, inbox: Inbox, frame: Frame) -> None:
        self.door.witness(self.door.username, "shown", seen_on_screen(inbox, frame))
        self._show(inbox, frame)
        ringing = ringing_ids(frame)
        if ringing:
            self._drawn.setdefault(inbox.id, []).extend(ringing)
            self._drew.set()

    async def _acknowledge(self) -> None:
        with contextlib.suppress(*LOST):
            while True:
                await self._clock.sleep(1)
                if self._socket is not None and stopwatch() - self._heard_at > SILENT_S:
                    await self._socket.close()
                for inbox in self.inboxes.values():
                    if ack := inbox.ack(now=True):
                        await self._send(ack)

    async def _report_seen(self) -> None:
        """Say at once what is on the screen; under load together, every 50 ms."""
        with contextlib.suppress(*LOST):
            while True:
                await self._drew.wait()
                self._drew.clear()
                drawn, self._drawn = self._drawn, {}
                for inbox, ids in drawn.items():
                    await self._send({"t": "seen", "i": inbox, "ids": ids, "ring": "ok"})
                await self._clock.sleep(SEEN_EVERY_S)

    def _inbox(self, name: str) -> Inbox:
        return self.inboxes.setdefault(name, Inbox(name))

    async def _send(self, frame: Frame) -> None:
        if self._socket is not None:
            await self._socket.send_str(orjson.dumps(frame).decode())


def ringing_ids(frame: Frame) -> list[str]:
    """Ids to report as seen: of an event that rings, or of a snapshot's offers and incidents."""
    if frame["t"] == "ev":
        return [frame["id"]] if frame["type"] in RINGING else []
    lines = [*frame["d"].get("incidents", []), *frame["d"].get("offers", [])]
    return [line["ev"] for line in lines if line.get("ev")]


def seen_on_screen(inbox: Inbox, frame: Frame) -> dict[str, Any]:
    """What a history needs to know about it."""
    place = {"inbox": inbox.id, "epoch": inbox.epoch, "seq": frame["seq"]}
    if frame["t"] == "snap":
        return {**place, "type": "snapshot", "incidents": [row["incident"] for row in frame["d"].get("incidents", [])]}
    about = {name: frame["d"].get(name) for name in ("incident", "offer", "job", "device", "ver", "why")}
    return {**place, "id": frame["id"], "type": frame["type"], **about}
