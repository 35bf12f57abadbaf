"""A meal is missed: nobody took it, nobody came, and before it is forgotten somebody looks after her."""

from datetime import timedelta

from tests.story.town import Town

PRICE = """
INSERT INTO dispatch.price VALUES (gen_random_uuid(), 'meal', '36', '2026-01-01', NULL, 1500, 600, 0, 'story', $1)
RETURNING 1
"""


async def test_a_missed_meal_raises_a_welfare_check(town: Town) -> None:
    """A quarter of an hour after the window the desk has her on its list, and people near her are asked."""
    await town.value(PRICE, town.clock.now())
    desk, wang = await town.console("desk1"), await town.console("wang")
    first = town.clock.now() + timedelta(minutes=50)
    wish = {"elder": "E-1", "service": "meal", "window_from": first.isoformat(),
            "window_to": (first + timedelta(minutes=30)).isoformat()}  # fmt: skip
    order = (await desk.act("/orders", wish)).json()["line"]["order"]
    await town.wait(46)
    await town.becomes("SELECT state FROM dispatch.service_order", "scheduled")
    await town.wait(20 * 60)
    await town.becomes("SELECT state FROM dispatch.service_order", "dispatched")
    await town.wait(80 * 60)
    row = await desk.sees("incident.opened", kind="welfare")
    assert (row["priority"], row["name_masked"]) == (3, "李*国")
    missed = await desk.read(f"/orders/{order}")
    assert (missed["line"]["state"], missed["line"]["ended_why"]) == ("missed", "helper_absent")
    assert missed["charged_cents"] == 0
    asked = await wang.sees("job.offered", kind="welfare")
    assert (await wang.act(f"/offers/{asked['offer']}/accept")).status_code == 200
    for step in ("depart", "arrive", "start", "complete"):
        assert (await wang.act(f"/jobs/{asked['job']}/{step}")).status_code == 200
    await desk.sees("incident.updated", kind="welfare", state="resolved")
