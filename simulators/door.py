"""The public door over HTTP, as one person uses it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import orjson

from shared.runtime.clock import Clock
from simulators.witness import Witness, nobody

TRIES = 40
AWAY = frozenset({502, 503, 504})
UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body of an answer; status 0 when nobody answered for a minute."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status < 400


class Door:
    """One person's session; keeps a command and repeats it, with its key, while the platform is away."""

    def __init__(
        self, client: aiohttp.ClientSession, clock: Clock, username: str, password: str, witness: Witness = nobody,
        others: Sequence[aiohttp.ClientSession] = (),
    ) -> None:  # fmt: skip
        """Share `client`, which knows the address; `others` know those of further gateways."""
        self.username = username
        self.token = ""
        self.account: dict[str, Any] = {}
        self._password = password
        self._clients = (client, *others)
        self._clock = clock
        self.witness = witness

    async def log_in(self) -> bool:
        """Get a token."""
        credentials = {"username": self.username, "password": self._password}
        reply = await self._ask("POST", "/sessions", credentials, {})
        if reply.ok:
            self.token, self.account = reply.body["token"], reply.body["account"]
        return reply.ok

    async def get(self, path: str) -> Reply:
        """Read."""
        return await self._ask("GET", path, None, self._headers())

    async def put(self, path: str, body: dict[str, Any]) -> Reply:
        """Replace."""
        return await self._ask("PUT", path, body, self._headers() | {"Idempotency-Key": str(uuid4())})

    async def act(self, path: str, body: dict[str, Any] | None = None, version: int | None = None) -> Reply:
        """Do something once, however often it must be sent."""
        headers = self._headers() | {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = str(version)
        reply = await self._ask("POST", path, body or {}, headers)
        self.witness(self.username, "acted", {"path": path, "status": reply.status, "body": reply.body})
        return reply

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> Reply:
        for attempt in range(TRIES):
            with suppress(*UNREACHED):
                async with self._clients[0].request(method, f"/api/v1{path}", json=body, headers=headers) as response:
                    if response.status not in AWAY:
                        return Reply(response.status, _body(await response.read()))
            self._clients = (*self._clients[1:], self._clients[0])
            await self._clock.sleep(min(2.0, 0.1 * 2**attempt))
        return Reply(0, {})


def _body(answer: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(answer)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {"items": content}


def door_client(address: str, connections: int = 20) -> aiohttp.ClientSession:
    """A pool to the platform that takes little of a machine on which many people are simulated."""
    return aiohttp.ClientSession(
        address, timeout=aiohttp.ClientTimeout(total=10),
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=3),
    )  # fmt: skip


def http_client(address: str, connections: int = 20) -> httpx.AsyncClient:
    """A pool to the platform, whatever proxies the environment names."""
    limits = httpx.Limits(max_connections=connections)
    return httpx.AsyncClient(base_url=address, timeout=10, limits=limits, trust_env=False)
