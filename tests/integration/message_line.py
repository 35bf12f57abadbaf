"""A dispatch with telephones: real HTTP, and the demo's exchange at the other end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import httpx
import orjson
import pytest

from services.dispatch import api
from services.dispatch.api import Exchanges
from services.dispatch.channels import channels
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.messages import wanted
from services.dispatch.outbox import LANES, Sender
from services.dispatch.store import messages as store
from shared.contracts.commands import SIGNATURE, sign
from shared.runtime.clock import woken
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from simulators.exchange import Exchange, Item
from tests.conftest import TestDatabase, free_port
from tests.integration.test_dispatch_flow import HOME, STREET, Desk

SECRET = "exchange-secret-of-the-test"
PATIENCE_S = 10


@dataclass
class Line:
    """A dispatch with telephones."""

    desk: Desk
    sender: Sender
    exchange: Exchange
    http: httpx.AsyncClient
    reports: str

    async def want(
        self, channel: str, to: tuple[str, str], template: str, offer: UUID | None = None, for_s: int = 300,
        **params: Any,
    ) -> UUID:  # fmt: skip
        """Let the one open case want a message, as the domain does."""
        now = self.desk.clock.now()
        case = (await self.desk.rows("SELECT id, division, drill FROM dispatch.incident"))[0]
        body = {
            "message": uuid7(now), "incident": case["id"], "channel": channel, "to_kind": to[0], "to": to[1],
            "template": template, "offer": str(offer) if offer else None, "params": params,
            "expires_at": now + timedelta(seconds=for_s),
        }  # fmt: skip
        it = wanted(Fact("message.wanted", body, now, "test"), case["division"], drill=case["drill"])
        async with self.desk.house.database.transaction() as connection:
            await store.want(connection, [it])
        return it.id

    async def send(self, seconds: float = 0) -> int:
        """Let time pass and send what is due; answers how many were tried."""
        self.desk.clock.advance(seconds)
        return await self.sender.step()

    def keep(self) -> asyncio.Task[None]:
        """Let the sender run by itself."""
        wakes = [asyncio.Event() for _ in LANES]
        return asyncio.create_task(self.sender.run(wakes))

    async def row(self, message: UUID) -> Any:
        """What is known of a message."""
        return (await self.desk.rows("SELECT * FROM dispatch.message WHERE id = $1", message))[0]

    async def until(self, message: UUID, state: str) -> Any:
        """Wait until a message is in a state; time as the machine counts it."""
        async with asyncio.timeout(PATIENCE_S):
            while (row := await self.row(message))["state"] != state:
                await woken(asyncio.Event(), 0.01)
        return row

    def rings(self, number: str) -> Item:
        """The newest thing on somebody's phone."""
        return self.exchange.phones[number].items[-1]

    async def report(self, message: UUID, secret: str = SECRET, **what: Any) -> httpx.Response:
        """Tell the platform what became of a message, as an exchange does."""
        body = orjson.dumps({"id": str(message), **what})
        return await self.http.post(self.reports, content=body, headers={SIGNATURE: sign(secret, body)})


@pytest.fixture
async def line(desk: Desk, database: TestDatabase, settings: Settings) -> AsyncIterator[Line]:
    """An exchange and a dispatch that know each other, and an elder with a daughter."""
    ports = free_port(), free_port()
    there = f"http://127.0.0.1:{ports[0]}"
    push = f"json://127.0.0.1:{ports[0]}/push/{{id}}"
    known = {"channel_sms": f"{there}/sms", "channel_voice": f"{there}/calls", "channel_push": push}
    mine = Settings(**{**settings.model_dump(), **known, "channel_secret": SECRET})
    await _household(desk)
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http, aiohttp.ClientSession() as out:
        exchange = Exchange(desk.clock, SECRET, f"http://127.0.0.1:{ports[1]}/reports", http)
        sender = Sender(desk.house.database, desk.clock, channels(mine, out), "zh-CN", lambda: None)
        door = api.app(desk.house, Wakeup(database.url("dispatch")), "service", Exchanges(SECRET))
        opened = [asyncio.Event(), asyncio.Event()]
        serving = [
            asyncio.create_task(serve_app(app, "127.0.0.1", port, event))
            for app, port, event in zip((exchange.app(), door), ports, opened, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in opened))
        try:
            yield Line(desk, sender, exchange, http, f"http://127.0.0.1:{ports[1]}/reports")
        finally:
            await exchange.close()
            for task in serving:
                task.cancel()
            await asyncio.wait(serving)


async def _household(desk: Desk) -> None:
    await desk.owner.pool.execute("INSERT INTO dispatch.division VALUES ($1, '文武坝镇', NULL)", STREET)
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, door_code, lat, lon)"
        " VALUES ('H-1', $1, '红旗路3栋101', '2580#', $2, $3)", STREET, *HOME,
    )  # fmt: skip
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name, phone)"
        " VALUES ('E-1', 'H-1', $1, '李建国', '138-0000 0001')", STREET,
    )  # fmt: skip
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.contact (elder_id, division, ord, name, relation, phone)"
        " VALUES ('E-1', $1, 1, '李红', '女儿', '13900000009')", STREET,
    )  # fmt: skip


async def asked(line: Line, people: int = 1, **more: Any) -> list[tuple[UUID, str]]:
    """Open a case of E-1 with so many asked, each with a telephone of their own; answers their offers."""
    await line.desk.people(people)
    await line.desk.owner.pool.execute(
        "UPDATE dispatch.responder SET phone = '1370000000' || right(id, 1), name = '王' || right(id, 1)"
    )
    await line.desk.press(home="H-1", elder="E-1", **more)
    offers = await line.desk.offers()
    assert len(offers) >= people
    return offers
