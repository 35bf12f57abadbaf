"""Who was refused at the broker's door: counted for the desk, and bounded."""

from collections.abc import Sequence

import pytest

from services.devices.authority.denials import Denials
from services.devices.store import denials as kept
from shared.runtime.database import Database
from shared.runtime.mqtt import AWAY, Link, session
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, COUNTY, Book, RunningBroker, book, nats_broker, until, worker
from tests.house import decisions

__all__ = ["book", "nats_broker"]


async def test_denials_are_counted_and_bounded(settings: Settings, book: Book) -> None:
    """A stranger who invents names fills no table; what is no name at all is not kept."""
    mine = Database(settings.devices_database, name="denials")
    await mine.open()
    try:
        it = Denials(mine, CLOCK)
        for name in [*(f"B-{number}" for number in range(700)), "a b", "x" * 65, "", "B-1", "B-1"]:
            it.note(name, "unknown_device")
        await it.flush()
        await it.flush()
        it.note("B-699", "wrong_secret")
        await it.flush()
    finally:
        await mine.close()
    assert await book.count("devices.denial") == kept.MOST_STRANGERS
    assert await book.count("devices.denial", "device = 'B-699' AND why = 'wrong_secret' AND count = 1") == 1
    assert await book.count("devices.denial", "device !~ '^B-'") == 0


async def test_refusals_of_a_known_device_are_its_countys(
    nats_broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """A wrong secret, another's name: each reason is counted for the desk of that county."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        made = await them.registered("B-1")
        for _ in range(3):
            with pytest.raises(AWAY):
                async with session(nats_broker.address("B-1", "guess")):
                    pytest.fail("must not be let in")
        with pytest.raises(AWAY):
            async with Link(nats_broker.address("B-1", made["secret"]), "devices-1"):
                pytest.fail("must not be let in")

        async def counted() -> Sequence[tuple[object, ...]]:
            rows = await book.connection.fetch("SELECT device, why, county, count FROM devices.denial ORDER BY why")
            return [tuple(row) for row in rows]

        wanted = [("B-1", "client_id", COUNTY, 1), ("B-1", "wrong_secret", COUNTY, 3)]
        assert await until(counted, lambda found: found == wanted) == wanted
