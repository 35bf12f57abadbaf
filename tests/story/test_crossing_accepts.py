"""Two say yes while the first one's yes is being told: the second is kept behind her, the third hears who goes."""

from tests.story.town import Town

ROLES = "SELECT jsonb_object_agg(responder_id, role)::text FROM dispatch.assignment WHERE ended_at IS NULL"


async def test_a_yes_that_crosses_is_kept(town: Town) -> None:
    """Wang, the nearest, accepts; Li's and Zhao's cards close; both tap before they have seen it."""
    button = await town.button("B-1")
    people = {name: await town.console(name) for name in ("wang", "li", "zhao")}
    button.press("fall")
    offers = {name: (await person.sees("job.offered"))["offer"] for name, person in people.items()}

    async def yes(name: str) -> tuple[int, str | None]:
        answer = await people[name].act(f"/offers/{offers[name]}/accept")
        return answer.status_code, answer.json().get("params", {}).get("who")

    assert await yes("wang") == (200, None)
    await people["li"].sees("offer.closed", why="taken", who="王护士")
    assert await yes("li") == (200, None)
    assert await yes("zhao") == (409, "王护士")
    assert await yes("wang") == (200, None)
    await town.becomes(ROLES, '{"li": "backup", "wang": "first"}')
    await button.told("accepted", who="王护士")


async def test_a_yes_that_comes_too_late_is_told_who_goes(town: Town) -> None:
    """Ten seconds after the card has closed nobody is kept any more."""
    button, wang, li = await town.button("B-1"), await town.console("wang"), await town.console("li")
    button.press()
    first, second = [(await person.sees("job.offered"))["offer"] for person in (wang, li)]
    await wang.act(f"/offers/{first}/accept")
    await li.sees("offer.closed", why="taken")
    await town.wait(11)
    late = await li.act(f"/offers/{second}/accept")
    assert (late.status_code, late.json()["code"], late.json()["params"]["who"]) == (409, "offer_taken", "王护士")
