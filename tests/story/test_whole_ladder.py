"""Nobody answers, nobody takes it: village, street, county and city are rung, one after the other, and never an end."""

from tests.story.newcomers import seat
from tests.story.town import COUNTY, STREET, VILLAGE, Town

LEVELS = "SELECT array_agg(body ->> 'level' ORDER BY stream_seq) FROM log.event WHERE tag = 'incident.escalated'"
STEPS = ((46, 1, "community"), (15, 2, "county"), (121, 3, "city"), (301, 4, "city"))


async def test_up_the_whole_ladder(town: Town) -> None:
    """Each seat has the row from the start; each step names who is rung; the button is never told that it is over."""
    for who, division in (("village", VILLAGE), ("street", STREET), ("city", "3607")):
        await seat(town, who, who, division)
    button = await town.button("B-1")
    screens = [await town.console(name) for name in ("village", "street", "desk1", "city")]
    button.press()
    for screen in screens:
        await screen.sees("incident.opened", rung=0)
    for seconds, rung, level in STEPS:
        await town.wait(seconds)
        for screen in screens:
            row = await screen.sees("incident.updated", rung=rung)
            assert row["state"] == "open"
        assert (await town.value(LEVELS))[-1] == level
    assert "closed" not in button.stages
    assert await town.value("SELECT count(*) FROM dispatch.deadline") > 0


async def test_a_seat_of_another_street_is_not_rung(town: Town) -> None:
    """The ladder goes up, not sideways."""
    other = f"{COUNTY}101"
    await town.value("INSERT INTO dispatch.division VALUES ($1, '别镇', $2)", other, COUNTY)
    await seat(town, "sideways", "别", other)
    button, desk, sideways = await town.button("B-1"), await town.console("desk1"), await town.console("sideways")
    button.press()
    await desk.sees("incident.opened")
    await town.wait(200)
    await desk.sees("incident.updated", rung=1)
    assert sideways.frames == []
