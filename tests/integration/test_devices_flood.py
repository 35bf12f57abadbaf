"""One device at a thousand a second."""

from tests.brokers import register
from tests.conftest import TestDatabase
from tests.doorstep import doorstep


async def test_a_flood_is_folded_counted_and_answered(database: TestDatabase) -> None:
    """The first twenty ring; the rest are stored as one a batch, each hears recorded, the neighbour is untouched."""
    await register(database, "B-1", "B-2")
    async with doorstep(database) as step:
        told = await step.flow.keep([step.reading("B-1", seq) for seq in range(1, 21)])
        assert len(told) == 20
        more = [step.reading("B-1", seq) for seq in range(21, 121)]
        told = await step.flow.keep([*more, step.reading("B-2", 1)])
        assert {t.eid for t in told} == {f"B-1:1:{seq}" for seq in range(21, 121)} | {"B-2:1:1"}
        raised = await step.bodies("alarm.raised")
        assert sorted(body["device"] for body in raised) == ["B-1"] * 21 + ["B-2"]
        [folded] = [body for body in raised if "folded" in body]
        assert (folded["eid"], folded["folded"]) == ("B-1:1:120", 99)
        assert "flood" in folded["flags"]
        copies = await step.owner.fetchval("SELECT sum(copies) FROM devices.raw_event WHERE device_id = 'B-1'")
        assert copies == 120


async def test_a_flood_rings_once_a_second(database: TestDatabase) -> None:
    """Between the rings what comes is stored quietly; the next second it rings again."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        for batch in range(6):
            await step.flow.keep([step.reading("B-1", batch * 30 + n) for n in range(1, 31)])
            step.clock.advance(0.4)
        rings = [body for body in await step.bodies("alarm.raised") if "flood" in body["flags"]]
        quiet = await step.bodies("alarm.folded")
        assert (len(rings), len(quiet)) == (2, 4)
        assert await step.owner.fetchval("SELECT count(*) FROM devices.guard") == 20 + 2


async def test_a_fall_in_the_middle_of_a_flood_rings(database: TestDatabase) -> None:
    """Each kind of alarm rings for itself."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.flow.keep([step.reading("B-1", seq) for seq in range(1, 60)])
        await step.flow.keep([step.reading("B-1", 60), step.reading("B-1", 61, kind="fall")])
        assert (await step.bodies("alarm.raised"))[-1]["kind"] == "fall"
