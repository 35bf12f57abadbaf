"""Mosquitto: its dynamic-security plugin keeps the list, and is told over its control topic, without a restart.

Changing a password and deleting a client end that client's connection at once. A client is tied to its client id, and
its role holds its own topics and nothing else.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import orjson

from services.devices.authority import AuthorityAwayError
from services.devices.authority.denials import NAMELESS, Denials
from services.devices.domain.permissions import Grant, grant_of
from shared.runtime.clock import Clock, woken
from shared.runtime.database import Database
from shared.runtime.logging import why
from shared.runtime.mqtt import AWAY, Broker, Link

logger = logging.getLogger(__name__)

CONTROL = "$CONTROL/dynamic-security/v1"
RESPONSES = f"{CONTROL}/response"
NOTICES = "$SYS/broker/log/N"
REFUSED = re.compile(r"(?:\d+: )?Client (?P<client>\S+)(?: \[\S*\])? disconnected[,:] not authori[sz]ed\.?")
WITHIN_S = 0.7
"""A decision waits for the broker inside its transaction, which may be idle for a second."""
RETRY_S = 0.3

NO_CLIENT, NO_ROLE = "Client not found", "Role not found"

Order = dict[str, Any]


class MosquittoAuthority:
    """Back end for Mosquitto 2."""

    def __init__(self, broker: Broker, name: str, database: Database, clock: Clock) -> None:
        """Speak as this worker; `broker` is the service's own door."""
        self.ready = asyncio.Event()
        self._broker = broker
        self._name = name
        self._denials = Denials(database, clock)
        self._link: Link | None = None
        self._asked: dict[str, asyncio.Future[str]] = {}

    async def run(self) -> None:
        """Hold the line to the plugin until cancelled."""
        while True:
            try:
                async with Link(self._broker, f"authority-{self._name}") as link:
                    await link.subscribe(RESPONSES)
                    await self._serve(link)
            except AWAY as fault:
                logger.warning("authority.broker_away", extra={"reason": why(fault)})
            await woken(asyncio.Event(), RETRY_S)

    async def watch(self) -> None:
        """Read the broker's notices until cancelled."""
        writing = asyncio.create_task(self._denials.run())
        try:
            while True:
                try:
                    async with Link(self._broker, "authority-watch") as link:
                        await link.subscribe(NOTICES, qos=0)
                        await _while_alive(link, self._noticed)
                except AWAY as fault:
                    logger.warning("authority.broker_away", extra={"reason": why(fault)})
                await woken(asyncio.Event(), RETRY_S)
        finally:
            writing.cancel()

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """Change its password, or make it known; either ends a connection under an older one."""
        role = role_of(device)
        async with _in_time():
            if await self._told({"command": "modifyClient", "username": device, "password": secret}, NO_CLIENT):
                return
            await self._told({"command": "deleteRole", "rolename": role}, NO_ROLE)
            await self._told(
                {"command": "createRole", "rolename": role, "acls": acls(grant_of(county, device, prefix))}
            )
            await self._told({"command": "createClient", "password": secret, **client(device, role)})

    async def settle(self, device: str) -> None:
        """Nothing: the new password ended the connection under the old one."""

    async def withdraw(self, device: str) -> None:
        """Forget it; that ends its connection."""
        async with _in_time():
            await self._told({"command": "deleteClient", "username": device}, NO_CLIENT)
            await self._told({"command": "deleteRole", "rolename": role_of(device)}, NO_ROLE)

    async def _told(self, order: Order, missing: str = "") -> bool:
        """Give an order; False if the plugin answers `missing`, AuthorityAwayError on any other refusal."""
        if self._link is None:
            raise AuthorityAwayError("not connected")
        mark = uuid4().hex
        answered = self._asked[mark] = asyncio.get_running_loop().create_future()
        try:
            await self._link.publish(CONTROL, orjson.dumps({"commands": [{**order, "correlationData": mark}]}))
            error = await answered
        finally:
            del self._asked[mark]
        if error and error != missing:
            raise AuthorityAwayError(f"{order['command']}: {error}")
        return not error

    async def _serve(self, link: Link) -> None:
        self._link = link
        self.ready.set()
        try:
            await _while_alive(link, self._answered)
        finally:
            self._link = None

    def _answered(self, payload: bytes) -> None:
        for answer in orjson.loads(payload).get("responses", []):
            waiting = self._asked.get(answer.get("correlationData", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("error", ""))

    def _noticed(self, payload: bytes) -> None:
        client = refused_client(payload.decode("utf-8", "replace"))
        if client is not None:
            self._denials.note(client, "nameless" if client == NAMELESS else "not_authorised")


def refused_client(notice: str) -> str | None:
    """Who was refused, if this notice of Mosquitto says so; older versions do not know whom, and say `<unknown>`."""
    found = REFUSED.fullmatch(notice)
    return found["client"] if found else None


def role_of(device: str) -> str:
    """Name of a device's role."""
    return f"device:{device}"


def client(device: str, role: str) -> Order:
    """A client as the plugin keeps it, without its password; the client id is tied to the name."""
    return {"username": device, "clientid": device, "roles": [{"rolename": role}]}


def acls(allowed: Grant) -> list[Order]:
    """A grant as the plugin keeps it."""
    return [
        *(acl("publishClientSend", topic) for topic in allowed.publish),
        *(acl("publishClientReceive", topic) for topic in allowed.subscribe),
        *(acl("subscribePattern", topic) for topic in allowed.subscribe),
    ]


def acl(kind: str, topic: str) -> Order:
    """One thing that is allowed."""
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(WITHIN_S):
            yield
    except AWAY as fault:
        raise AuthorityAwayError(str(fault) or type(fault).__name__) from fault


async def _while_alive(link: Link, heard: Callable[[bytes], None]) -> None:
    """Hand over each payload until the connection ends."""
    lost = asyncio.create_task(link.lost())
    lost.add_done_callback(lambda _: link.arrivals.wake())
    try:
        while not lost.done():
            for delivery in await link.arrivals.take(100):
                heard(delivery.payload)
    finally:
        lost.cancel()
