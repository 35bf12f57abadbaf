"""Somebody is always on duty: the last seat cannot leave, and one that says nothing is missed."""

from tests.story.town import COUNTY, HASH, Town

CITY = """
INSERT INTO gateway.account (id, username, password_hash, name, role, division)
VALUES ('city', 'city', $1, '市里值班', 'supervisor', '3607') RETURNING 1
"""


async def test_the_last_seat_tries_to_leave(town: Town) -> None:
    """Refused with a code the screen puts into words; it hands over, with the incident it holds."""
    one, two = await town.console("desk1"), await town.console("desk2")
    button = await town.button("B-1")
    button.press()
    row = await one.sees("incident.opened", kind="sos")
    assert (await one.act("/seats/confirm")).json()["mine"]["account"] == "desk1"
    assert (await one.act(f"/incidents/{row['incident']}/claim", ver=row["ver"])).status_code == 200
    refused = await one.act("/seats/leave")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_seat")
    await two.act("/seats/confirm")
    handed = await one.act("/seats/hand-over", {"to": "desk2", "note": "李建国家属在路上"})
    assert handed.json()["mine"] is None
    told = await two.sees("duty.handed_over", from_name="陈值班", note="李建国家属在路上")
    assert told["incidents"] == [row["incident"]]
    await two.sees("incident.updated", incident=row["incident"], holder="刘值班")
    assert (await two.act("/seats/leave")).status_code == 409


async def test_a_seat_falls_asleep_and_the_city_takes_over(town: Town) -> None:
    """还在值守吗 after 25 minutes; after 30 the city is rung for the county; one word and it need not any more."""
    await town.value(CITY, HASH)
    desk, city = await town.console("desk1"), await town.console("city")
    await desk.act("/seats/confirm")
    await town.wait(20 * 60)
    await city.act("/seats/confirm")
    await town.wait(5 * 60 + 1)
    await desk.sees("duty.ask", division=COUNTY)
    await town.wait(5 * 60)
    rung = await city.sees("duty.uncovered", division=COUNTY)
    assert (rung["covered_by"], rung["on_duty"]) == ("3607", 0)
    await desk.act("/seats/confirm")
    await city.sees("duty.updated", division=COUNTY, on_duty=1, covered_by=None)
