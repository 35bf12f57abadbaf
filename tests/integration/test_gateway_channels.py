"""Texts and calls at the public door: reports passed on unread, what was sent read within the scope."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest

from services.dispatch.api import Exchanges, app
from services.dispatch.flow.house import furnished
from shared.contracts.channels import REPORTS, Messages
from shared.contracts.commands import SIGNATURE, sign
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.conftest import free_port
from tests.integration.gateway_world import STREET, World, gateway, world

SECRET = "exchange-of-the-door"
MESSAGE = """
INSERT INTO dispatch.message (id, incident_id, division, channel, to_kind, to_id, template, params, drill, state,
    wanted_at, expires_at, due_at, attempts, rings, about)
VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', false, 'sent', $8, $8, $8, 1, 0, gen_random_uuid())
"""


@asynccontextmanager
async def dispatched(settings: Settings) -> AsyncIterator[World]:
    """A gateway with a real private door of dispatch behind it."""
    port, database = free_port(), Database(settings.dispatch_database, name="door", size=3)
    own = settings.model_copy(update={"dispatch_url": f"http://127.0.0.1:{port}"})
    await database.open()
    async with world(own) as it:
        door = app(furnished(database, it.clock), Wakeup(own.dispatch_database), "service", Exchanges(SECRET))
        opened = asyncio.Event()
        serving = asyncio.create_task(serve_app(door, "127.0.0.1", port, opened))
        await opened.wait()
        try:
            yield it
        finally:
            serving.cancel()
            await asyncio.wait({serving})
            await database.close()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Headers of the exchange."""
    return {SIGNATURE: sign(secret, body), "Content-Type": "application/json"}


async def sent(it: World, incident: str, to_kind: str, to: str, channel: str = "sms") -> str:
    """A message about an incident, on its way."""
    name, now = uuid7(it.clock.now()), it.clock.now()
    row = (MESSAGE, name, incident, STREET, channel, to_kind, to, "stood_down", now)
    await it.city.write(it.city.event(incident, "message.wanted", message=name), sql=(row,))
    return str(name)


async def test_a_report_passes_the_door_and_the_desk_reads_what_became_of_it(settings: Settings) -> None:
    """Names masked, no number, no words; another county's desk finds nothing, a helper may not look."""
    async with dispatched(settings) as it:
        await it.city.open("I-1")
        to = [("responder", "R1"), ("contact", "E1/1"), ("elder", "E1"), ("seat", STREET), ("responder", "gone")]
        ids = [await sent(it, "I-1", kind, name) for kind, name in to]
        body = orjson.dumps({"id": ids[0], "status": "delivered"})
        answer = await it.http.post(REPORTS, content=body, headers=signed(body))
        assert (answer.status_code, answer.json()) == (200, {"say": None})
        read = await it.get("/incidents/I-1/messages", await it.log_in("desk"))
        items = {str(m.id): m for m in Messages.model_validate(read.json()).items}
        assert [items[name].state for name in ids] == ["delivered", "sent", "sent", "sent", "sent"]
        assert [items[name].name_masked for name in ids] == ["王*士", "李*军", "李*国", "文武坝镇", ""]
        assert "1390000000" not in read.text
        assert (await it.get("/incidents/I-1/messages", await it.log_in("elsewhere"))).status_code == 404
        assert (await it.get("/incidents/I-1/messages", await it.log_in("wang"))).status_code == 403


@pytest.mark.parametrize("wrong", ["signature", "none", "size", "id"])
async def test_what_is_not_the_exchange_is_refused(settings: Settings, wrong: str) -> None:
    """A forged or missing signature 401, a body that is too large 413, an unknown message 404; nothing changes."""
    async with dispatched(settings) as it:
        await it.city.open("I-1")
        name = await sent(it, "I-1", "responder", "R1")
        body = orjson.dumps({"id": name, "status": "delivered"})
        status, given, headers = {
            "signature": (401, body, signed(body, "guessed")),
            "none": (401, body, {}),
            "size": (413, b" " * 70_000 + body, signed(body)),
            "id": (404, other := orjson.dumps({"id": "0" * 32, "status": "delivered"}), signed(other)),
        }[wrong]
        answer = await it.http.post(REPORTS, content=given, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert await it.city.database.pool.fetchval("SELECT state FROM dispatch.message") == "sent"


async def test_guessing_the_secret_is_slow(settings: Settings) -> None:
    """After twenty wrong tries in a second an address waits; the next second it is heard again."""
    async with dispatched(settings) as it:
        for _ in range(20):
            assert (await it.http.post(REPORTS, content=b"{}", headers=signed(b"{}", "guess"))).status_code == 401
        slowed = await it.http.post(REPORTS, content=b"{}", headers=signed(b"{}", "guess"))
        assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")
        it.clock.advance(1)
        assert (await it.http.post(REPORTS, content=b"{}", headers=signed(b"{}", "guess"))).status_code == 401


async def test_while_dispatch_is_away_an_exchange_is_told_to_come_again(settings: Settings) -> None:
    """503, so that it repeats its report."""
    own = settings.model_copy(update={"dispatch_url": f"http://127.0.0.1:{free_port()}"})
    async with world(settings) as it, gateway(own.model_copy(update={"gateway_port": (port := free_port())}), it.clock):
        answer = await it.http.post(f"http://127.0.0.1:{port}{REPORTS}", content=b"{}", headers=signed(b"{}"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


async def test_a_duty_telephone_is_set_by_a_supervisor(settings: Settings) -> None:
    """The desk may read it, the city's supervisor sets it, nonsense is refused by its field."""
    async with world(settings) as it:
        it.answers.append({"status": 200, "body": {"division": STREET}})
        desk, city = await it.log_in("desk"), await it.log_in("city")
        path = f"/api/v1/divisions/{STREET}/duty-phone"
        keyed = {"Idempotency-Key": "k1"}
        mine = {"Authorization": f"Bearer {desk}", **keyed}
        assert (await it.http.put(path, json={"phone": "0797-1234567"}, headers=mine)).status_code == 403
        theirs = {"Authorization": f"Bearer {city}", **keyed}
        odd = await it.http.put(path, json={"phone": "call me"}, headers=theirs)
        assert (odd.status_code, odd.json()["field"]) == (422, "phone")
        done = await it.http.put(path, json={"phone": "0797-1234567"}, headers=theirs)
        assert (done.status_code, it.commands[-1].name, it.commands[-1].target) == (200, "set_duty_phone", STREET)
        assert (await it.get(f"/divisions/{STREET}/duty-phone", desk)).json() == {"phone": None}
        assert (await it.get(f"/divisions/{STREET}/duty-phone", await it.log_in("elsewhere"))).status_code == 404
