"""The one who goes has accepted, and her telephone dies: within a minute others are asked, the button is told."""

from tests.story.town import Town, until

FIRST = "SELECT responder_id FROM dispatch.assignment WHERE role = 'first' AND ended_at IS NULL"
LOST = "SELECT count(*) FROM dispatch.assignment WHERE lost_at IS NOT NULL"


async def test_winners_phone_dies(town: Town) -> None:
    """Wang's console goes dark after her yes; Li is asked again and goes, with Wang behind her."""
    button = await town.button("B-1")
    desk, wang, li = [await town.console(name) for name in ("desk1", "wang", "li")]
    button.press()
    offer = await wang.sees("job.offered")
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await li.sees("offer.closed", why="taken")
    before = len(li.offers)
    await wang.close()
    await town.wait(31)
    await town.becomes(LOST, 1)
    await town.wait(46)
    await button.told("accepted", say="正在换人")
    await desk.sees("incident.updated", rung=1)
    await until(lambda: len(li.offers) > before, "Li was not asked again")
    assert (await li.act(f"/offers/{li.offers[-1]}/accept")).status_code == 200
    await town.becomes(FIRST, "li")
    await button.told("accepted", who="李护理员")


async def test_a_phone_that_is_back_in_time_changes_nothing(town: Town) -> None:
    """A tunnel is no reason to send somebody else."""
    button, wang, li = await town.button("B-1"), await town.console("wang"), await town.console("li")
    button.press()
    offer = await wang.sees("job.offered")
    await wang.act(f"/offers/{offer['offer']}/accept")
    await li.sees("offer.closed", why="taken")
    before = len(li.offers)
    await wang.close()
    await town.wait(31)
    await town.becomes(LOST, 1)
    await town.show(wang)
    await town.becomes(LOST, 0)
    await town.wait(50)
    await wang.act(f"/jobs/{offer['job']}/depart")
    await town.becomes(FIRST, "wang")
    assert (len(li.offers), "正在换人" in str(button.receipts)) == (before, False)
