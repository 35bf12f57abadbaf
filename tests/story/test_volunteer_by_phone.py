"""A neighbour has no smartphone: the desk writes down what she says on the telephone, from yes to done."""

from tests.story.newcomers import helper
from tests.story.town import Town

BY_PHONE = "SELECT count(*) FROM log.event WHERE (body ->> 'by_phone')::boolean AND body ->> 'seat' = 'desk1'"


async def test_volunteer_by_phone(town: Town) -> None:
    """电话代录 at every step, with the seat that wrote it; the button hears who comes as if she had tapped herself."""
    await helper(town, "zhou", "周阿姨", "volunteer", far=0.0002, phone_only=True)
    button, desk = await town.button("B-1"), await town.console("desk1")
    button.press("fall")
    row = await desk.sees("incident.opened", kind="fall")
    view = await desk.read(f"/incidents/{row['incident']}")
    assert "zhou" in {offer["responder"] for offer in view["offers"]}
    path = f"/jobs/{row['job']}/act-for"
    for act, state in (("accept", "open"), ("depart", "open"), ("arrive", "on_scene"), ("start", "with_elder"),
                       ("complete", "resolved")):  # fmt: skip
        done = await desk.act(path, {"responder": "zhou", "act": act})
        assert done.status_code == 200, (act, done.text)
        await town.becomes("SELECT state FROM dispatch.incident", state)
    told = await button.told("accepted")
    assert told["who"] == "周志愿者"
    await button.told("arrived")
    assert await town.value(BY_PHONE) >= 5
    stranger = await desk.act(path, {"responder": "nobody", "act": "accept"})
    assert stranger.status_code in (404, 409, 422)
