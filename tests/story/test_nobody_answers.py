"""Nobody answers: one more is asked, the neighbours too, and the desk is rung louder, then every seat, without end."""

from tests.story.town import Town


async def test_nobody_answers(town: Town) -> None:
    """Silence is never an end."""
    button = await town.button("B-1")
    desk, sun = await town.console("desk1"), await town.console("sun")
    button.press()
    await desk.sees("incident.opened", rung=0)
    await town.wait(31)
    await sun.sees("job.offered")
    await town.wait(15)
    await desk.sees("incident.updated", rung=1)
    await town.wait(15)
    await desk.sees("incident.updated", rung=2)
    await town.wait(120)
    await desk.sees("incident.updated", rung=3, state="open")
    await town.wait(300)
    await desk.sees("incident.updated", rung=4, state="open")
    assert button.stages.count("closed") == 0
    assert await town.value("SELECT count(*) FROM dispatch.deadline") > 0
