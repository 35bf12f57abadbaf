"""The embedded broker: the registry itself is the list, so that only connections that stand have to be ended.

That takes two questions on the broker's system account, by a user who may ask nothing else.
"""

import asyncio
from typing import Any

import nats
import orjson
from nats.aio.client import Client

from services.devices.authority import AuthorityAwayError
from services.devices.authority.callout import Callout
from services.devices.authority.denials import Denials
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.settings import Settings

WARDEN = "warden"
LIST = "$SYS.REQ.SERVER.PING.CONNZ"
KICK = "$SYS.REQ.SERVER.{server}.KICK"
WITHIN_S = 1.0


class EmbeddedAuthority:
    """Back end for nats-server."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        """Answer the broker from this database."""
        self._settings = settings
        self._denials = Denials(database, clock)
        self._callout = Callout(settings, database, clock, self._denials)
        self.ready = self._callout.ready

    async def run(self) -> None:
        """Answer the broker until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._callout.run())
            tasks.create_task(self._denials.run())

    async def watch(self) -> None:
        """Nothing: each refusal is our own answer, and counted where it was given."""
        await asyncio.Event().wait()

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """Nothing: the registry will say it once it is committed."""

    async def settle(self, device: str) -> None:
        """End its connection; it may come back under its new secret."""
        await self._end(device)

    async def withdraw(self, device: str) -> None:
        """End its connection; the registry lets it in no more."""
        await self._end(device)

    async def _end(self, device: str) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                connection = await self._connected()
                try:
                    await _kick(connection, device)
                finally:
                    await connection.close()
        except (OSError, TimeoutError, nats.errors.Error) as fault:
            raise AuthorityAwayError(str(fault) or type(fault).__name__) from fault

    async def _connected(self) -> Client:
        return await nats.connect(
            self._settings.nats_url,
            user=WARDEN,
            password=self._settings.nats_password.get_secret_value(),
            name="yinling-warden",
            inbox_prefix=f"_INBOX.{WARDEN}".encode(),
            allow_reconnect=False,
            connect_timeout=WITHIN_S,
        )


async def _kick(connection: Client, device: str) -> None:
    answer = await connection.request(LIST, orjson.dumps({"mqtt_client": device}), timeout=WITHIN_S)
    listed: dict[str, Any] = orjson.loads(answer.data)
    for one in listed["data"]["connections"]:
        subject = KICK.format(server=listed["server"]["id"])
        await connection.request(subject, orjson.dumps({"cid": one["cid"]}), timeout=WITHIN_S)
