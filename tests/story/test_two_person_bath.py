"""A bath takes two: both are booked for the same hour, both come, and it is over when both have ended it."""

from datetime import timedelta

from tests.story.town import Town

PRICE = """
INSERT INTO dispatch.price VALUES (gen_random_uuid(), 'bath', '36', '2026-01-01', NULL, 12000, 500, 0, 'story', $1)
RETURNING 1
"""
SKILL = "INSERT INTO dispatch.skill (responder_id, division, skill) VALUES ($1, '360733100', 'bath') RETURNING 1"


async def test_a_bath_for_two_pairs_of_hands(town: Town) -> None:
    """Only those who have learnt it are asked; neither takes the other's place, and one alone does not end it."""
    await town.value(PRICE, town.clock.now())
    for who in ("li", "zhao"):
        await town.value(SKILL, who)
    desk = await town.console("desk1")
    hands = [await town.console(who) for who in ("li", "zhao")]
    nurse = await town.console("wang")
    first = town.clock.now() + timedelta(hours=1)
    wish = {"elder": "E-1", "service": "bath", "window_from": first.isoformat(),
            "window_to": (first + timedelta(hours=1)).isoformat()}  # fmt: skip
    order = (await desk.act("/orders", wish)).json()["line"]["order"]
    await town.wait(46)
    await town.becomes("SELECT state FROM dispatch.service_order", "scheduled")
    await town.becomes("SELECT count(*)::int FROM dispatch.booking", 2)
    await town.wait(40 * 60)

    jobs = []
    for one in hands:
        offer = await one.sees("job.offered", kind="order")
        assert (await one.act(f"/offers/{offer['offer']}/accept")).status_code == 200
        jobs.append(offer["job"])
    assert nurse.offers == []
    assert jobs[0] == jobs[1]
    await town.becomes("SELECT array_agg(role ORDER BY role)::text FROM dispatch.assignment", "{first,second}")
    for one in hands:
        for step in ("depart", "arrive", "start"):
            assert (await one.act(f"/jobs/{jobs[0]}/{step}")).status_code == 200
    await town.wait(55 * 60)

    assert (await hands[0].act(f"/jobs/{jobs[0]}/complete")).status_code == 200
    await town.becomes("SELECT state FROM dispatch.service_order", "dispatched")
    assert (await hands[1].act(f"/jobs/{jobs[0]}/complete")).status_code == 200
    await town.becomes("SELECT state FROM dispatch.service_order", "fulfilled")
    line = (await desk.read(f"/orders/{order}"))["line"]
    assert {p["id"] for p in line["people"]} == {"li", "zhao"}
    assert line["verified"] is False
