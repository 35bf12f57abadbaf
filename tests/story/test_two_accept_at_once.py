"""Two accept at once: one goes, the other is the backup, the third is told who won."""

import asyncio

from tests.story.town import Town


async def test_two_accept_at_once(town: Town) -> None:
    """Three people tap in the same moment."""
    button = await town.button("B-1")
    people = [await town.console(name) for name in ("wang", "li", "zhao")]
    button.press()
    offers = [await person.sees("job.offered") for person in people]
    answers = await asyncio.gather(
        *(p.act(f"/offers/{o['offer']}/accept") for p, o in zip(people, offers, strict=True))
    )
    won = [a.json()["mine"]["role"] for a in answers if a.status_code == 200]
    lost = [a.json() for a in answers if a.status_code != 200]
    assert sorted(won) in (["backup", "first"], ["first"])
    assert {a["code"] for a in lost} == {"offer_taken"}
    first = await town.value("SELECT responder_name FROM dispatch.assignment WHERE role = 'first'")
    assert all(a["params"]["who"].startswith(first[0]) for a in lost)
    await button.told("accepted", who=lost[0]["params"]["who"])
