"""The winner drops out: the button says 正在换人, then who comes instead."""

from tests.story.town import Town, until


async def test_winner_drops_out(town: Town) -> None:
    """First Wang, then Li."""
    button = await town.button("B-1")
    desk, wang, li = [await town.console(name) for name in ("desk1", "wang", "li")]
    button.press()
    offer = await wang.sees("job.offered")
    await wang.act(f"/offers/{offer['offer']}/accept")
    await button.told("accepted", who="王护士")
    await li.sees("offer.closed", why="taken", who="王护士")
    gave_back = await wang.act(f"/offers/{offer['offer']}/decline", {"reason": "unwell"})
    assert gave_back.status_code == 200, gave_back.text
    await button.told("accepted", say="正在换人")
    await desk.sees("incident.updated", rung=1)
    await until(lambda: len(li.offers) == 2, "Li was not asked again")
    assert (await li.act(f"/offers/{li.offers[-1]}/accept")).status_code == 200
    assert (await button.told("accepted", who="李护理员"))["say"].startswith("李护理员")
