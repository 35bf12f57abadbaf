"""She has dementia and has left the house: many look for her, the police at once, and it ends when she is seen."""

from tests.story.town import Town

GOING = "SELECT count(*) FROM dispatch.assignment WHERE ended_at IS NULL"


async def test_search_ends_when_she_is_seen(town: Town) -> None:
    """Three are kept searching together; saying done without having her is refused; who finds her ends it for all."""
    await town.value("UPDATE dispatch.elder SET dementia = true WHERE id = 'E-1'")
    button, desk = await town.button("B-1"), await town.console("desk1")
    people = [await town.console(name) for name in ("wang", "li", "zhao")]
    button.press("fence_exit")
    row = await desk.sees("incident.opened", kind="fence_exit", priority=1)
    assert row["handoffs"]["110"].get("made_at") is None
    offers = [await person.sees("job.offered") for person in people]
    for person, offer in zip(people, offers, strict=True):
        assert (await person.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await town.becomes(GOING, 3)
    job = offers[0]["job"]
    for person in people:
        assert (await person.act(f"/jobs/{job}/arrive")).status_code == 200
    early = await people[0].act(f"/jobs/{job}/complete")
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    closing = {"outcome": "genuine", "evidence": "none", "evidence_by": ""}
    seen = await desk.sees("incident.updated", state="on_scene")
    refused = await desk.act(f"/incidents/{row['incident']}/close", closing, ver=seen["ver"] + 99)
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence_required")
    assert (await people[2].act(f"/jobs/{job}/start")).status_code == 200
    await desk.sees("incident.updated", state="with_elder")
    await town.becomes(GOING, 1)
    for person in people[:2]:
        await person.sees("job.updated", my_state="stood_down")
    assert (await people[2].act(f"/jobs/{job}/complete")).status_code == 200
    await desk.sees("incident.updated", state="resolved")
