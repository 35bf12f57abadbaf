"""Three in the morning, a press, and not a word: asked are those who are awake, and silence confirms it."""

from tests.story.newcomers import helper
from tests.story.town import Town

ASKED = "SELECT array_agg(DISTINCT responder_id ORDER BY responder_id) FROM dispatch.offer"


async def test_silent_press_at_three(town: Town) -> None:
    """120 with its area code from the start; two calls in vain confirm it; only the neighbour who said so is woken."""
    await helper(town, "qian", "钱夜猫", "volunteer", far=0.0006)
    await town.value("UPDATE dispatch.responder SET nights = true WHERE kind <> 'volunteer' OR id = 'qian'")
    await town.wait(17 * 3600)
    button, desk = await town.button("B-1"), await town.console("desk1")
    qian, sun = await town.console("qian"), await town.console("sun")
    button.press()
    row = await desk.sees("incident.opened", kind="sos", priority=1)
    assert (row["handoffs"]["120"]["area"], row["handoffs"]["120"].get("made_at")) == ("0797", None)
    for _ in range(2):
        tried = await desk.act(f"/incidents/{row['incident']}/call", {"callee": "elder", "result": "no_answer"})
        assert tried.status_code == 200, tried.text
    confirmed = await desk.sees("incident.updated", priority=1, confirmed_at=tried.json()["row"]["confirmed_at"])
    assert confirmed["confirmed_at"] is not None
    await qian.sees("job.offered")
    await town.wait(61)
    assert sun.offers == []
    assert "sun" not in await town.value(ASKED)
    refused = await desk.act(
        f"/incidents/{row['incident']}/close", {"outcome": "other", "evidence": "none"}, ver=confirmed["ver"] + 99
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence_required")
    assert "closed" not in button.stages
