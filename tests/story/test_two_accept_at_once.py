"""Several accept at once: the two who are there soonest go, one first and one behind; the third is told who goes."""

import asyncio

from tests.story.town import Town

GOING = "state IN ('accepted', 'en_route')"


async def test_two_accept_at_once(town: Town) -> None:
    """Three people tap in the same moment."""
    button = await town.button("B-1")
    people = [await town.console(name) for name in ("wang", "li", "zhao")]
    button.press()
    offers = [await person.sees("job.offered") for person in people]
    answers = await asyncio.gather(
        *(p.act(f"/offers/{o['offer']}/accept") for p, o in zip(people, offers, strict=True))
    )
    lost = [a.json() for a in answers if a.status_code != 200]
    assert {a["code"] for a in lost} <= {"offer_taken"}
    roles = await town.value(f"SELECT array_agg(role ORDER BY role) FROM dispatch.assignment WHERE {GOING}")
    assert roles in (["backup", "first"], ["first"])
    turned = await town.value("SELECT count(*) FROM dispatch.assignment WHERE end_reason = 'sooner'")
    assert len(roles) + len(lost) + turned == 3
    first = await town.value(f"SELECT responder_name FROM dispatch.assignment WHERE role = 'first' AND {GOING}")
    who = await town.value("SELECT receipt_who FROM dispatch.incident")
    assert who.startswith(first[0])
    await button.told("accepted", who=who)
