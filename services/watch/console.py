"""The canary's console: logs in as anybody does, says seen to what it is offered, and goes."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

import httpx
import orjson
import websockets
from websockets.asyncio.client import ClientConnection, connect

from services.watch.probe import Reached
from shared.contracts.console import SUBPROTOCOL
from shared.runtime.clock import woken
from shared.runtime.logging import why

logger = logging.getLogger(__name__)

AGAIN_S = 1.0
ANSWER_WITHIN_S = 5.0
SILENT_S = 25.0
"""The server pings each 15 s."""

LOST = (OSError, TimeoutError, websockets.WebSocketException)
UNREACHED = (httpx.TransportError, AttributeError)
"""anyio over uvloop raises AttributeError when the peer hangs up while the connection is being made."""

Frame = dict[str, Any]


class RefusedError(Exception):
    """The gateway said no; the text is path and status."""


class Console:
    """One account's screen; `reached` is told when it is offered a job and when its yes was taken."""

    def __init__(self, gateways: Sequence[str], account: str, secret: str, reached: Callable[[Reached], None]) -> None:
        """At one of the `gateways`, which are addresses of HTTP; nothing connects yet."""
        self.live = asyncio.Event()
        self._gateways = cycle(gateway.rstrip("/") for gateway in gateways)
        self._login = {"username": account, "password": secret}
        self._reached = reached
        self._token = ""
        self._was_live = True

    async def stay(self) -> None:
        """Stay connected until cancelled, at the next gateway each time."""
        for gateway in self._gateways:
            try:
                await self._stay_at(gateway)
            except (*LOST, RefusedError) as fault:
                self._lost(f"{type(fault).__name__}: {fault}")
            finally:
                self.live.clear()
            await woken(asyncio.Event(), AGAIN_S)

    async def _stay_at(self, gateway: str) -> None:
        # without https no certificates are read, which would cost some megabytes for nothing
        encrypted = gateway.startswith("https:")
        async with httpx.AsyncClient(
            base_url=f"{gateway}/api/v1", timeout=ANSWER_WITHIN_S, trust_env=False, verify=encrypted
        ) as http:
            await self._visit(http, gateway.replace("http", "ws", 1) + "/ws")

    async def _visit(self, http: httpx.AsyncClient, address: str) -> None:
        """Log in if need be, open the socket with a ticket, and serve it until it ends."""
        if not self._token:
            self._token = (await self._post(http, "/sessions", self._login))["token"]
        ticket = (await self._post(http, "/ws-tickets"))["ticket"]
        async with connect(
            address, subprotocols=[websockets.Subprotocol(SUBPROTOCOL)], compression=None, proxy=None,
            open_timeout=ANSWER_WITHIN_S, close_timeout=1, ping_interval=None, max_size=1 << 20,
        ) as socket:  # fmt: skip
            await _say(socket, {"t": "hello", "v": 1, "token": ticket, "client": {"app": "canary"}})
            offers: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
            going = asyncio.create_task(self._go(http, socket, offers))
            try:
                while True:
                    async with asyncio.timeout(SILENT_S):
                        frame = orjson.loads(await socket.recv())
                    await self._take(socket, frame, offers)
            finally:
                going.cancel()

    async def _take(
        self, socket: ClientConnection, frame: Frame, offers: "asyncio.Queue[tuple[str, str, str]]"
    ) -> None:
        match frame["t"]:
            case "ev":
                await _say(socket, {"t": "ack", "i": frame["i"], "seq": frame["seq"]})
                if frame["type"] == "job.offered":
                    offers.put_nowait((frame["i"], frame["id"], frame["d"]["offer"]))
            case "snap":
                for offer in frame["d"].get("offers", []):
                    offers.put_nowait((frame["i"], offer["ev"], offer["offer"]))
            case "ping":
                await _say(socket, {"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
            case "live":
                self._was_live = True
                self.live.set()
            case _:
                pass

    async def _go(
        self, http: httpx.AsyncClient, socket: ClientConnection, offers: "asyncio.Queue[tuple[str, str, str]]"
    ) -> None:
        """Answer each offer, the oldest first; when the socket is lost, the next one brings what is still open."""
        while True:
            inbox, event, offer = await offers.get()
            self._reached(Reached.OFFERED)
            try:
                await _say(socket, {"t": "seen", "i": inbox, "ids": [event], "ring": "ok"})
                await self._accept(http, offer)
            except websockets.ConnectionClosed:
                return

    async def _accept(self, http: httpx.AsyncClient, offer: str) -> None:
        while True:
            try:
                await self._post(http, f"/offers/{offer}/accept", key=f"canary-{offer}")
            except RefusedError as fault:
                logger.info("canary.not_taken", extra={"offer": offer, "reason": why(fault)})
                return
            except LOST:
                await woken(asyncio.Event(), AGAIN_S)
            else:
                self._reached(Reached.ACCEPTED)
                return

    async def _post(self, http: httpx.AsyncClient, path: str, body: Frame | None = None, key: str = "") -> Frame:
        """Raise one of LOST when nobody answers or the answer is `try again`, RefusedError when it is no."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if key:
            headers["Idempotency-Key"] = key
        try:
            reply = await http.post(path, json=body or {}, headers=headers)
        except UNREACHED as fault:
            raise ConnectionError(path) from fault
        if reply.status_code == 401:
            self._token = ""
        if reply.is_server_error:
            raise ConnectionError(f"{path}: {reply.status_code}")
        if reply.is_client_error:
            raise RefusedError(f"{path}: {reply.status_code}")
        answer: Frame = reply.json()
        return answer

    def _lost(self, why: str) -> None:
        """Said once, not at every try."""
        if self._was_live:
            logger.warning("canary.gateway_away", extra={"account": self._login["username"], "reason": why})
        self._was_live = False


async def _say(socket: ClientConnection, frame: Frame) -> None:
    await socket.send(orjson.dumps(frame).decode())
