"""Nobody opens: those with a key are called in their order, then the police, with what she has signed."""

from tests.story.newcomers import told
from tests.story.town import VILLAGE, Town

KEYS = "INSERT INTO dispatch.contact VALUES ('E-1', $1, 2, '李军', '儿子', '13900000002', true)"
SIGNED = "UPDATE dispatch.elder SET break_in = true WHERE id = 'E-1'"


async def test_no_access(town: Town) -> None:
    """Two keyholders a minute apart, then 110 with her permission to open by force; inside, it goes on as ever."""
    await town.value(KEYS, VILLAGE)
    await town.value(SIGNED)
    button, desk, wang = await town.button("B-1"), await town.console("desk1"), await town.console("wang")
    button.press()
    offer = await wang.sees("job.offered")
    job = offer["job"]
    await wang.act(f"/offers/{offer['offer']}/accept")
    for step in ("depart", "arrive", "no-access"):
        assert (await wang.act(f"/jobs/{job}/{step}")).status_code == 200
    await desk.sees("incident.updated", job_state="no_access")
    assert await told(town, "keyholder") == ["sms E-1/1", "voice E-1/1"]
    await town.wait(61)
    await town.becomes("SELECT count(*) FROM dispatch.message WHERE template = 'keyholder'", 4)
    assert (await told(town, "keyholder"))[2:] == ["sms E-1/2", "voice E-1/2"]
    await town.wait(61)
    await town.becomes("SELECT handoffs -> '110' ->> 'break_in' FROM dispatch.incident", "true")
    shown = await desk.sees("incident.updated", job_state="no_access", rung=await town.value(RUNG))
    assert shown["handoffs"]["110"].get("made_at") is None
    path = f"/incidents/{shown['incident']}/handoff"
    rung = await desk.act(path, {"service": "110", "result": "connected", "ref": "会昌-17"})
    assert rung.json()["row"]["handoffs"]["110"]["ref"] == "会昌-17"
    assert (await wang.act(f"/jobs/{job}/start")).status_code == 200
    await desk.sees("incident.updated", state="with_elder", job_state="in_service")


RUNG = "SELECT rung FROM dispatch.incident"
