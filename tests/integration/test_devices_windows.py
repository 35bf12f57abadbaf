"""Testing a button on purpose, and what the numbers of its alarms tell."""

from datetime import timedelta

from tests.brokers import register
from tests.conftest import TestDatabase
from tests.doorstep import Doorstep, doorstep


async def open_window(step: Doorstep, device: str, minutes: int = 10) -> None:
    """As a desk would."""
    now = step.clock.now()
    await step.owner.execute(
        "INSERT INTO devices.test_window (device_id, opened_at, until_at, opened_by) VALUES ($1, $2, $3, 'desk1')",
        device, now, now + timedelta(minutes=minutes),
    )  # fmt: skip


async def test_two_presses_in_a_window_are_tests_and_the_third_is_real(database: TestDatabase) -> None:
    """She hears 测试成功 twice and nobody is rung; whoever presses three times wants help."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await open_window(step, "B-1")
        said = [(await step.press("B-1", seq)).say for seq in (1, 2, 3)]
        assert said == ["测试成功", "测试成功", None]
        assert await step.tags() == ["device.tested", "device.tested", "alarm.raised"]
        assert await step.owner.fetchval("SELECT presses FROM devices.test_window") == 3
        assert await step.owner.fetchval("SELECT count(*) FROM devices.guard") == 1
        assert await step.owner.fetchval("SELECT tested_at FROM devices.pressed") == step.clock.now()


async def test_a_press_outside_the_window_is_real(database: TestDatabase) -> None:
    """Also of another device while one is tested, and a second after the window has closed."""
    await register(database, "B-1", "B-2")
    async with doorstep(database) as step:
        await open_window(step, "B-1")
        await step.press("B-2", 1)
        step.clock.advance(600)
        assert (await step.press("B-1", 1)).say is None
        assert await step.tags() == ["alarm.raised", "alarm.raised"]


async def test_a_fall_in_a_window_is_a_fall(database: TestDatabase) -> None:
    """Who tests a button may fall over the carpet."""
    await register(database, "W-1")
    async with doorstep(database) as step:
        await open_window(step, "W-1")
        await step.press("W-1", 1, kind="fall")
        assert await step.tags() == ["alarm.raised"]


async def test_a_repeated_test_press_counts_once(database: TestDatabase) -> None:
    """The device repeats until it is answered; that is one press."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await open_window(step, "B-1")
        told = [await step.press("B-1", 1, attempt=n) for n in (1, 2, 3)]
        assert [t.say for t in told] == ["测试成功"] * 3
        assert await step.owner.fetchval("SELECT presses FROM devices.test_window") == 1


async def test_three_presses_at_one_instant_are_counted_too(database: TestDatabase) -> None:
    """They may lie in one batch."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await open_window(step, "B-1")
        await step.flow.keep([step.reading("B-1", seq) for seq in (1, 2, 3)])
        assert sorted(await step.tags()) == ["alarm.raised", "device.tested", "device.tested"]


async def test_a_devices_own_test_rings_nobody(database: TestDatabase) -> None:
    """It is noted as its silent test, not as a press."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        assert (await step.press("B-1", 1, kind="test")).say == "测试成功"
        [body] = await step.bodies("device.tested")
        assert body["how"] == "self"
        row = await step.owner.fetchrow("SELECT pressed_at, self_tested_at FROM devices.pressed")
        assert row is not None
        assert (row["pressed_at"], row["self_tested_at"]) == (None, step.clock.now())


async def test_a_gap_in_the_numbers_is_reported_and_rings(database: TestDatabase) -> None:
    """Two numbers never came; the alarm that shows it says so."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        for seq in (4, 5, 8):
            await step.press("B-1", seq)
        raised = await step.bodies("alarm.raised")
        assert [body.get("missing") for body in raised] == [None, None, 2]
        assert [body["flags"] for body in raised] == [[], [], ["sequence_gap"]]


async def test_numbers_that_follow_in_one_batch_are_no_gap(database: TestDatabase) -> None:
    """A link that was cut for a while delivers them together; a new boot counts anew."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.press("B-1", 1)
        await step.flow.keep([step.reading("B-1", seq) for seq in (2, 3, 4)])
        await step.press("B-1", 9, boot=2)
        assert all(body["flags"] == [] for body in await step.bodies("alarm.raised"))


async def test_a_replayed_number_is_logged_and_not_rung(database: TestDatabase) -> None:
    """Somebody plays an old press again; it is told the latest stage, and the log knows."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.press("B-1", 1)
        step.clock.advance(3600)
        told = await step.press("B-1", 1)
        assert (told.eid, told.rev) == ("B-1:1:1", 1)
        assert await step.tags() == ["alarm.raised", "alarm.replayed"]
        assert await step.owner.fetchval("SELECT copies FROM devices.raw_event") == 2


async def test_the_first_press_after_a_move_is_to_be_confirmed(database: TestDatabase) -> None:
    """A new placement that nobody has ticked off is flagged, so that the desk asks for the address."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.owner.execute(
            "INSERT INTO devices.placement (device_id, division, home_id, from_at, placed_by)"
            " VALUES ('B-1', '360733100', 'H-B-1', $1, 'installer')", step.clock.now(),
        )  # fmt: skip
        await step.press("B-1", 1)
        await step.owner.execute("UPDATE devices.placement SET confirmed_at = $1", step.clock.now())
        await step.press("B-1", 2)
        assert [body["flags"] for body in await step.bodies("alarm.raised")] == [["unconfirmed"], []]


async def test_a_canary_says_so_in_the_log(database: TestDatabase) -> None:
    """What it opens is in no figure."""
    await register(database, "CANARY-1", home="", elder="")
    async with doorstep(database) as step:
        await step.owner.execute("UPDATE devices.device SET kind = 'canary'")
        await step.press("CANARY-1", 1)
        [body] = await step.bodies("alarm.raised")
        assert body["canary"] is True
