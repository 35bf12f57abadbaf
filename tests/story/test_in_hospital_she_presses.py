"""She is in hospital, and her button is pressed at home: the desk rings all the same, her family is left in peace."""

from tests.story.newcomers import put
from tests.story.town import Town

FAMILY = "SELECT count(*) FROM dispatch.message WHERE channel = 'family'"


async def test_in_hospital_she_presses(town: Town) -> None:
    """The desk speaks first, nobody is sent to an empty home, no message to her daughter; back home all is as ever."""
    button, desk, wang = await town.button("B-1"), await town.console("desk1"), await town.console("wang")
    away = await put(desk, "/elders/E-1/status", {"status": "hospital", "source": "女儿来电"})
    assert away.status_code == 200, away.text
    button.press()
    row = await desk.sees("incident.opened", kind="sos", priority=1)
    assert row["held_until"] is not None
    call = {"callee": "elder", "result": "answered", "cleared": True}
    calmed = await desk.act(f"/incidents/{row['incident']}/call", call)
    assert calmed.status_code == 200, calmed.text
    await town.wait(61)
    await town.becomes("SELECT count(*) FROM dispatch.deadline WHERE kind = 'ladder'", 1)
    assert (wang.offers, await town.value(FAMILY)) == ([], 0)
    closing = {"outcome": "false_press", "evidence": "heard", "evidence_by": "女儿"}
    closed = await desk.act(f"/incidents/{row['incident']}/close", closing, ver=calmed.json()["row"]["ver"] + 99)
    assert closed.status_code == 200, closed.text
    home = await put(desk, "/elders/E-1/status", {"status": "home", "source": "出院"})
    assert home.json()["status"] == "home"
    button.press()
    await town.becomes("SELECT count(*) FROM dispatch.incident", 2)
    again = (await wang.sees("job.offered", incident=await town.value(NEWEST)))["offer"]
    await wang.act(f"/offers/{again}/accept")
    await town.wait(11)
    await town.becomes(f"SELECT ({FAMILY}) > 0", wanted=True)


NEWEST = "SELECT id FROM dispatch.incident ORDER BY opened_at DESC, id DESC LIMIT 1"
