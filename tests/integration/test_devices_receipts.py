"""The button hears how far help has come: dispatch's events become receipts."""

import pytest

from services.devices.domain.told import Told
from services.devices.outbox import Receipts
from shared.contracts.device import DeviceReceipt
from shared.runtime.settings import Settings
from tests.brokers import (
    Book,
    RunningBroker,
    alarm,
    book,
    broker,
    device,
    nats_broker,
    press,
    receipts,
    register,
    tell,
    until,
    up,
    worker,
)
from tests.conftest import TestDatabase

__all__ = ["book", "broker", "nats_broker"]
INCIDENT = "I-2026-000001"


async def placed(database: TestDatabase, book: Book, tag: str, name: str) -> None:
    """Dispatch says which incident the device's alarm belongs to."""
    row = await book.row("SELECT id, eid FROM devices.raw_event WHERE device_id = $1", name)
    await tell(database, tag, incident=INCIDENT, alarm=str(row["id"]), device=name, eid=row["eid"])


async def test_the_button_hears_seen_accepted_arrived_closed(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """With both workers running; revisions rise and `rx` stays."""
    await register(database, "B-1")
    broker.admit("B-1")
    mine = broker.settings(settings)
    async with worker(mine, 1), worker(mine, 2), device(broker, "B-1") as button:
        await button.publish(up("B-1"), alarm("B-1"))
        recorded, _ = await receipts(button, 2)
        await placed(database, book, "incident.opened", "B-1")
        heard = []
        for stage, more in (
            ("seen", {}), ("accepted", {"who": "王护士", "eta_s": 420, "say": "王护士七分钟到"}),
            ("accepted", {"say": "正在换人"}), ("arrived", {}), ("closed", {}),
        ):  # fmt: skip
            await tell(database, "receipt.changed", incident=INCIDENT, stage=stage, **more)
            heard += await receipts(button)
        await until(lambda: book.count("devices.receipt", "sent_rev = rev AND rev = 6"))
    assert [item["stage"] for item in heard] == ["seen", "accepted", "accepted", "arrived", "closed"]
    assert [item["rev"] for item in heard] == [2, 3, 4, 5, 6]
    assert heard[1] == {**heard[1], "who": "王护士", "eta_s": 420, "say": "王护士七分钟到", "incident": INCIDENT}
    assert {item["rx"] for item in heard} == {recorded["rx"]}
    assert all(DeviceReceipt.model_validate(item) for item in heard)


async def test_a_stage_never_goes_back_and_nothing_is_said_twice(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Late and repeated news make no revision."""
    await register(database, "B-1")
    async with worker(nats_broker.settings(settings)), device(nats_broker, "B-1") as button:
        await press(button, "B-1")
        await placed(database, book, "incident.opened", "B-1")
        for stage in ("accepted", "seen", "accepted", "recorded", "arrived"):
            await tell(database, "receipt.changed", incident=INCIDENT, stage=stage)
        await until(lambda: book.count("devices.receipt", "stage = 4 AND sent_rev = rev"))
        last = (await book.row("SELECT rev FROM devices.receipt"))["rev"]
    assert last in {2, 3}


async def test_an_alarm_that_joins_is_told_the_latest_and_a_repeat_too(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """The second device of the incident, and a device that asks again."""
    await register(database, "B-1", "P-1")
    async with (
        worker(nats_broker.settings(settings)),
        device(nats_broker, "B-1") as button,
        device(nats_broker, "P-1") as pendant,
    ):
        await press(button, "B-1")
        await placed(database, book, "incident.opened", "B-1")
        await tell(database, "receipt.changed", incident=INCIDENT, stage="accepted", who="李师傅", eta_s=600)
        await receipts(button)
        await press(pendant, "P-1")
        await placed(database, book, "alarm.joined", "P-1")
        [joined] = await receipts(pendant)
        repeated = await press(button, "B-1")
    assert (joined["stage"], joined["who"], joined["rev"]) == ("accepted", "李师傅", 2)
    assert (repeated["stage"], repeated["incident"], repeated["rev"]) == ("accepted", INCIDENT, 2)


async def test_news_before_any_alarm_reaches_the_alarm_that_joins(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """An incident opened by telephone has no device until one joins."""
    await register(database, "B-1")
    async with worker(nats_broker.settings(settings)), device(nats_broker, "B-1") as button:
        await tell(database, "incident.opened", incident=INCIDENT, alarm=None, device=None, eid=None)
        await tell(database, "receipt.changed", incident=INCIDENT, stage="arrived")
        await press(button, "B-1")
        await placed(database, book, "alarm.joined", "B-1")
        [heard] = await receipts(button)
    assert heard["stage"] == "arrived"


async def test_a_receipt_left_unsent_by_a_killed_worker_is_sent_by_the_next(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Committed and not published: the sweep finds it."""
    await register(database, "B-1")

    async def nothing(_: Receipts, told: list[Told]) -> list[Told]:
        return told[:0]

    async with worker(nats_broker.settings(settings)):
        async with device(nats_broker, "B-1") as button:
            await press(button, "B-1")
        with monkeypatch.context() as patch:
            patch.setattr(Receipts, "deliver", nothing)
            await placed(database, book, "incident.opened", "B-1")
            await tell(database, "receipt.changed", incident=INCIDENT, stage="seen")
            await until(lambda: book.count("devices.receipt", "stage = 2 AND sent_rev < rev"))
    async with worker(nats_broker.settings(settings), 2), device(nats_broker, "B-1") as button:
        [heard] = await receipts(button)
    assert heard["stage"] == "seen"
