"""Binding: a thing that somebody has seen becomes a device, and what was pressed before rings late, not never."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from services.devices.domain.foreign import Discovered
from services.devices.domain.quarantine import Why, stray
from services.devices.flow.alarms import AlarmFlow
from services.devices.flow.commands import execute
from services.devices.flow.house import House
from services.devices.outbox import Receipts, Spoken
from services.devices.store import bindings
from services.devices.store.keys import Keys, Sealer
from services.devices.store.quarantine import set_aside
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.clock import Clock, FakeClock
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker, Consumer
from tests.brokers import CLOCK, Book, bind, book, register
from tests.conftest import TestDatabase

__all__ = ["book"]
CORD = "zigbee2mqtt/cord"
TOWN = "360733100"


class AsksTheRegistry:
    """A broker that asks about every device need not be told: the embedded one."""

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """It will ask."""

    async def withdraw(self, device: str) -> None:
        """It will ask."""

    async def settle(self, device: str) -> None:
        """Nothing stands."""


@asynccontextmanager
async def house(database: TestDatabase, clock: Clock = CLOCK) -> AsyncIterator[House]:
    """The parts behind the commands, without a broker to talk to."""
    pool = Database(database.url("devices"), name="test")
    await pool.open()
    consumer = Consumer(Broker("127.0.0.1", 1, "devices", ""), "test", [])
    sealer = Sealer("")
    keys = Keys(pool, sealer)
    flow = AlarmFlow(pool, clock, Wakeup(database.url("devices")), Receipts(consumer, keys, clock), keys, "devices:1")
    try:
        yield House(pool, clock, AsksTheRegistry(), sealer, Spoken(consumer), flow)
    finally:
        await flow.close()
        await pool.close()


async def command(it: House, name: CommandName, target: str, scope: str = "360733", **args: Any) -> Answer:
    """What the gateway would send for an installer of this division."""
    actor = Actor(account="a-1", name="安装", role="installer", division=scope)
    key = orjson.dumps([name, target, args]).decode()
    return await execute(it, Command(name=name, target=target, actor=actor, key=key, args=args))


async def pressed(it: House, topic: str = CORD, payload: bytes = b'{"action":"emergency","battery":70}') -> str:
    """A press that nobody has bound; the entry's id."""
    await set_aside(it.database, stray(topic, payload, Why.UNBOUND, "360733"), it.clock.now(), "devices:1")
    found = await it.database.pool.fetchval("SELECT id FROM devices.quarantine WHERE topic = $1", topic)
    return str(found)


NEW: dict[str, Any] = {
    "new": {"id": "Z-9", "kind": "button", "model": "cord"},
    "division": TOWN,
    "home": "H-9",
    "elder": "E-9",
}


@pytest.fixture
async def hub(database: TestDatabase) -> None:
    """A zigbee hub of the town."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#", home="H-9", elder="")


@pytest.mark.usefixtures("hub")
async def test_a_quarantined_press_becomes_a_device_and_rings(database: TestDatabase, book: Book) -> None:
    """One command: registered, bound, placed but not confirmed, settled; and it rings, flagged as late."""
    async with house(database) as it:
        entry = await pressed(it)
        answer = await command(
            it,
            "bind_address",
            "Z-9",
            address=CORD,
            adapter="zigbee2mqtt",
            meaning={},
            quarantine=entry,
            ring=True,
            **NEW,
        )
        assert (answer.status, answer.body) == (200, {"device": "Z-9", "hub": "HUB-1", "rings": 1})
    [raised] = await book.raised()
    assert (raised.device, raised.kind, raised.cls, raised.subject) == ("Z-9", "sos", "relayed", "elder:E-9")
    assert (raised.home, raised.batt, set(raised.flags)) == ("H-9", 70, {"unbound", "unconfirmed"})
    assert await book.count("devices.quarantine", "settled_at IS NULL") == 0
    assert await book.count("devices.placement", "device_id = 'Z-9' AND home_id = 'H-9' AND confirmed_at IS NULL") == 1
    tags = await book.connection.fetch("SELECT tag FROM log.event ORDER BY position")
    assert [row["tag"] for row in tags] == [
        "alarm.quarantined", "device.placed", "quarantine.settled", "device.bound", "alarm.raised",
    ]  # fmt: skip


@pytest.mark.usefixtures("hub")
async def test_an_old_press_does_not_ring(database: TestDatabase, book: Book) -> None:
    """After half an hour somebody has long been there, or a new press has come."""
    clock = FakeClock(CLOCK.now())
    async with house(database, clock) as it:
        entry = await pressed(it)
        clock.advance(31 * 60)
        answer = await command(it, "bind_address", "Z-9", address=CORD, quarantine=entry, ring=True, **NEW)
        assert answer.body["rings"] == 0
    assert await book.count("devices.raw_event") == 0
    assert await book.count("devices.quarantine", "settled_at IS NULL") == 0


@pytest.mark.usefixtures("hub")
async def test_what_nobody_can_read_rings_because_a_person_says_so(database: TestDatabase, book: Book) -> None:
    """Flagged for what it is."""
    async with house(database) as it:
        entry = await pressed(it, payload=b'{"ac')
        answer = await command(it, "bind_address", "Z-9", address=CORD, quarantine=entry, ring=True, **NEW)
        assert answer.body["rings"] == 1
    [raised] = await book.raised()
    assert raised.kind == "sos_unknown"
    assert {"unknown_kind", "unparsed", "unbound"} <= set(raised.flags)


@pytest.mark.usefixtures("hub")
async def test_a_word_that_is_called_off_does_not_ring(database: TestDatabase, book: Book) -> None:
    """Also not when it is read again."""
    async with house(database) as it:
        entry = await pressed(it, payload=b'{"action":"off"}')
        await command(
            it, "bind_address", "Z-9", address=CORD, meaning={"off": "ignore"}, quarantine=entry, ring=True, **NEW
        )
    assert await book.count("devices.raw_event") == 0
    assert await book.count("devices.binding", 'meaning = \'{"off": "ignore"}\'') == 1


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("args", "status", "code"),
    [
        ({"address": "zigbee2mqtt/old cord"}, 422, "address_space"),
        ({"address": "zigbee2mqtt/+"}, 422, "address_sign"),
        ({"address": "zigbee2mqtt/" + "x" * 200}, 422, "address_long"),
        ({"address": "nowhere/cord", "adapter": "zigbee2mqtt"}, 409, "no_hub"),
        ({"adapter": "unheard-of"}, 422, "invalid_field"),
        ({"meaning": {"single": "party"}}, 422, "invalid_field"),
        ({"meaning": {"single": "outage"}}, 422, "invalid_field"),
        ({"division": "360734"}, 404, "not_found"),
        ({"division": "x"}, 422, "invalid_field"),
        ({"new": None}, 404, "not_found"),
        ({"new": {"kind": "spoon", "model": "x"}}, 422, "invalid_field"),
        ({"quarantine": "00000000-0000-7000-8000-000000000000"}, 404, "not_found"),
        ({"quarantine": "x"}, 404, "not_found"),
        ({"hub": "HUB-7"}, 409, "no_hub"),
    ],
)
async def test_what_cannot_be_bound_is_refused_and_nothing_is_written(
    args: dict[str, Any], status: int, code: str, database: TestDatabase, book: Book
) -> None:
    """With a code that the page puts into words."""
    async with house(database) as it:
        answer = await command(it, "bind_address", "Z-9", **{"address": CORD, **NEW, **args})
    assert (answer.status, answer.body["code"]) == (status, code)
    if code.startswith("address"):
        assert "rename" in answer.body["params"]["why"]
    assert await book.count("devices.binding") + await book.count("devices.device", "id = 'Z-9'") == 0


@pytest.mark.usefixtures("hub")
async def test_an_address_has_one_device(database: TestDatabase, book: Book) -> None:
    """A second device for it is refused; the same again changes what its words mean."""
    await register(database, "Z-1", "Z-2", cls="relayed")
    async with house(database) as it:
        assert (await command(it, "bind_address", "Z-1", address=CORD)).status == 200
        assert (await command(it, "bind_address", "Z-2", address=CORD)).body["code"] == "bound_elsewhere"
        assert (await command(it, "bind_address", "HUB-1", address=CORD)).body["code"] == "not_bindable"
        await command(it, "bind_address", "Z-1", address=CORD, meaning={"single": "sos"}, division=TOWN)
    assert await book.count("devices.binding", "device_id = 'Z-1' AND meaning ? 'single'") == 1
    assert await book.count("devices.device", "id = 'Z-1' AND home_id = 'H-Z-1' AND elder_id = 'E-Z-1'") == 1
    assert await book.count("devices.placement") == 0


@pytest.mark.usefixtures("hub")
async def test_a_binding_can_be_taken_back(database: TestDatabase, book: Book) -> None:
    """Once; and only by somebody of that place."""
    await register(database, "Z-1", cls="relayed")
    await bind(database, "HUB-1", CORD, "Z-1", "zigbee2mqtt")
    async with house(database) as it:
        assert (await command(it, "unbind_address", "Z-1", "3601", address=CORD)).status == 404
        assert (await command(it, "unbind_address", "Z-1", address=CORD)).status == 200
        assert (await command(it, "unbind_address", "Z-1", address="zigbee2mqtt/other")).status == 404
    assert await book.count("devices.binding") == 0
    assert await book.count("log.event", "tag = 'device.unbound'") == 1


async def test_a_stray_press_is_settled_once_and_comes_back_when_said_again(database: TestDatabase, book: Book) -> None:
    """Whoever settles it takes it off everybody's screen."""
    async with house(database) as it:
        entry = await pressed(it)
        assert (await command(it, "settle_stray", entry, "3601")).status == 404
        assert (await command(it, "settle_stray", entry)).status == 200
        assert await book.count("devices.quarantine", "settled_at IS NOT NULL") == 1
        assert (await command(it, "settle_stray", "nothing")).status == 404
        await pressed(it)
    assert await book.count("devices.quarantine", "settled_at IS NULL") == 1
    assert await book.count("log.event", "tag = 'quarantine.settled'") == 1
    assert await book.count("log.event", "tag = 'alarm.quarantined'") == 2


@pytest.mark.usefixtures("hub")
async def test_what_tells_of_itself_waits_for_binding_until_it_is_bound(database: TestDatabase, book: Book) -> None:
    """With every word it was ever heard to have, in the county of its hub."""
    now = CLOCK.now()
    async with house(database) as it:
        for words in (("single",), ("hold", "single")):
            found = Discovered(CORD, "zigbee2mqtt", "cord", "Heiman", None, words)
            await bindings.notice(it.database, [("zigbee2mqtt/bridge/devices", found)], now)
        row = await book.row("SELECT hub_id, county, maker, words FROM devices.discovered")
        assert tuple(row) == ("HUB-1", "360733", "Heiman", ["single", "hold"])
        await command(it, "bind_address", "Z-9", address=CORD, **NEW)
        assert await book.count("devices.discovered") == 0
        await bindings.notice(it.database, [("zigbee2mqtt/bridge/devices", found)], now)
    assert await book.count("devices.discovered") == 0
