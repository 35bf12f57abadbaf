"""One press over a real broker: a row, an event, a guard and a receipt, whatever the device says."""

import asyncpg
import orjson
import pytest

from shared.contracts.events import AlarmRaised
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, RunningBroker, broker, device, receipts, register, until, worker
from tests.conftest import TestDatabase

__all__ = ["broker"]


def alarm(name: str, seq: int = 1, **more: object) -> bytes:
    """An alarm as a good device writes it."""
    content = {"v": 1, "eid": f"{name}:1:{seq}", "kind": "sos", "boot": 1, "seq": seq}
    return orjson.dumps({**content, "ts": int(CLOCK.now().timestamp() * 1000), "attempt": 1, **more})


@pytest.fixture
async def rows(database: TestDatabase):  # noqa: ANN201
    """A look into the database as the service sees it."""
    connection = await asyncpg.connect(database.url("devices"))
    yield connection
    await connection.close()


async def test_a_press_is_stored_logged_guarded_and_receipted(
    broker: RunningBroker, settings: Settings, database: TestDatabase, rows: asyncpg.Connection
) -> None:
    """The registry says whose it is; the receipt carries the event id."""
    await register(database, "B-1")
    broker.admit("B-1")
    async with worker(broker.settings(settings)), device(broker, "B-1") as button:
        await button.publish("yl/v1/360733/B-1/up/alarm", alarm("B-1", loc={"lat": 28.6, "lon": 115.8}))
        [receipt] = await receipts(button)
    assert receipt["eid"] == "B-1:1:1"
    assert (receipt["stage"], receipt["rev"]) == ("recorded", 1)
    event = await rows.fetchrow("SELECT *, body::text AS json FROM log.event WHERE tag = 'alarm.raised'")
    raised = AlarmRaised.model_validate_json(event["json"])
    assert (raised.subject, raised.home, raised.elder) == ("elder:E-B-1", "H-B-1", "E-B-1")
    assert (raised.cls, raised.flags, event["division"]) == ("own", (), "360733100")
    assert (event["stream"], event["stream_id"]) == ("device", "B-1")
    assert await rows.fetchval("SELECT count(*) FROM devices.guard WHERE alarm_id = $1", raised.alarm) == 1
