"""Everybody's telephones in a story: the demo's exchange, with the platform's texts and calls coming in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.contracts.channels import REPORTS
from shared.runtime.http import serve_app
from shared.runtime.settings import Settings
from simulators.exchange import Exchange, Item
from tests.brokers import RunningBroker
from tests.conftest import TestDatabase, free_port
from tests.story.town import Town, living, until

SECRET = "exchange-of-the-story"


@dataclass
class Telephones:
    """A town in which telephones ring."""

    town: Town
    exchange: Exchange

    async def rings(self, number: str, kind: str = "call", words: str = "") -> Item:
        """Wait for a call or a text on somebody's telephone."""

        def look() -> Item | None:
            phone = self.exchange.phones.get(number)
            found = [i for i in phone.items if i.kind == kind and words in i.text] if phone else []
            return found[-1] if found else None

        item: Item = await until(look, f"{number} got no {kind} {words}: {self.exchange.phones}")
        return item

    async def numbers(self, **numbers: str) -> None:
        """Let responders have these numbers."""
        for responder, number in numbers.items():
            await self.town.value(
                "UPDATE dispatch.responder SET phone = $2 WHERE id = $1 RETURNING id", responder, number
            )


@asynccontextmanager
async def telephoned(database: TestDatabase, broker: RunningBroker, settings: Settings) -> AsyncIterator[Telephones]:
    """A settled town with its services running and an exchange that serves it."""
    port = free_port()
    given: dict[str, Any] = {
        **settings.model_dump(), "channel_sms": f"http://127.0.0.1:{port}/sms",
        "channel_voice": f"http://127.0.0.1:{port}/calls", "channel_secret": SECRET,
    }  # fmt: skip
    reports = f"http://127.0.0.1:{settings.gateway_port}{REPORTS}"
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10) as http,
        living(database, broker, Settings(**given)) as town,
    ):
        exchange, opened = Exchange(town.clock, SECRET, reports, http), asyncio.Event()
        serving = asyncio.create_task(serve_app(exchange.app(), "127.0.0.1", port, opened))
        await opened.wait()
        try:
            yield Telephones(town, exchange)
        finally:
            await exchange.close()
            serving.cancel()
            await asyncio.wait({serving})
