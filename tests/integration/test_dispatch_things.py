"""Dispatch on a real database: faults, repairs, outages, canaries."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.dispatch.registry import rosters
from tests.integration.test_dispatch_flow import Desk, desk, rows_are_what_the_log_tells

__all__ = ["desk"]

OUTAGE = UUID(int=9)
Happening = tuple[str, str, dict[str, Any]]


def fault(kind: str, n: int = 1, *, protects: bool = False, outage: UUID | None = None) -> Happening:
    """`device.fault` of the n-th device."""
    body = {
        "fault": str(UUID(int=n)), "device": f"B-{n}", "kind": kind, "subject": "elder:E-1", "county": "360733",
        "home": "H-1", "elder": "E-1", "protects": protects, "since": "2026-11-22T09:00:00Z",
        "outage": str(outage) if outage else None,
    }  # fmt: skip
    return f"device/B-{n}", "device.fault", body


def mended(kind: str, n: int = 1) -> Happening:
    """`device.mended` of the n-th device."""
    body = {"fault": str(UUID(int=n)), "device": f"B-{n}", "kind": kind, "subject": "elder:E-1"}
    return f"device/B-{n}", "device.mended", body


def outage(step: str, area: str, devices: int) -> Happening:
    """`device.outage` and what becomes of it."""
    body = {
        "outage": str(OUTAGE), "area": area, "devices": devices, "elders": devices, "since": "2026-11-22T09:00:00Z"
    }  # fmt: skip
    return f"outage/{OUTAGE}", f"device.{step}", body


async def home(desk: Desk) -> None:
    """Her home, at a known place."""
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon)"
        " VALUES ('H-1', '360733100001', '红旗路', 25.6, 115.79)"
    )


async def test_faults_of_one_person_are_one_case_at_her_home_until_all_are_mended(desk: Desk) -> None:
    """The button's alarm joins what we concluded ourselves."""
    await home(desk)
    await desk.people(3)
    await desk.happens(fault("offline", 2, protects=True), fault("low_batt", 1))
    await desk.press(kind="low_batt")
    row = (await desk.rows("SELECT * FROM dispatch.incident"))[0]
    assert (row["kind"], row["family"], row["presses"], row["protects"]) == ("offline", "device", 2, True)
    assert (row["lat"], sorted(row["faults"])) == (25.6, ["B-1/low_batt", "B-2/offline"])
    offer, responder = (await desk.offers("sent"))[0]
    await desk.say("accept_offer", str(offer), responder)
    await desk.happens(mended("offline", 2))
    assert await desk.one("SELECT state FROM dispatch.incident") == "taken"
    await desk.happens(mended("low_batt", 1))
    assert await desk.one("SELECT outcome FROM dispatch.incident") == "mended"
    assert await desk.one("SELECT end_reason FROM dispatch.assignment") == "mended"
    assert await desk.one("SELECT count(*) FROM dispatch.deadline") == 0
    await rows_are_what_the_log_tells(desk)


async def test_a_fault_and_its_repair_in_one_breath_leave_nobody_asked(desk: Desk) -> None:
    """Flickering is written down, and told to the one who was asked."""
    await desk.people(3)
    await desk.happens(fault("offline", protects=True), mended("offline"), fault("tamper"), mended("tamper"))
    states = [r["state"] for r in await desk.rows("SELECT state FROM dispatch.incident")]
    assert states == ["closed", "closed"]
    assert await desk.offers("sent") == []
    await desk.happens(mended("offline"))
    await rows_are_what_the_log_tells(desk)


async def test_the_night_is_a_deadline_in_the_database(desk: Desk) -> None:
    """It is ten in the evening here: nobody until eight, however often the timers look."""
    desk.clock.advance(4 * 3600)
    await desk.people(3)
    await desk.happens(fault("low_batt"))
    due = await desk.rows("SELECT kind, due_at FROM dispatch.deadline")
    assert [(d["kind"], d["due_at"]) for d in due] == [("morning", desk.clock.now() + timedelta(hours=10))]
    assert await desk.one("SELECT asks_at FROM dispatch.incident") == due[0]["due_at"]
    await desk.wait(9 * 3600)
    assert await desk.offers() == []
    await desk.wait(3600)
    assert len(await desk.offers("sent")) == 1
    assert await desk.one("SELECT asks_at FROM dispatch.incident") is None
    await rows_are_what_the_log_tells(desk)


async def test_many_silent_are_one_row_that_grows_and_ends(desk: Desk) -> None:
    """Nobody is asked to go, the faults in it open nothing, and its area and numbers follow."""
    await desk.people(3)
    await desk.happens(outage("outage", "360733100001", 40), *(fault("offline", n, outage=OUTAGE) for n in range(50)))
    await desk.happens(outage("outage_grew", "360733100", 5000))
    row = (await desk.rows("SELECT * FROM dispatch.incident"))[0]
    assert (row["kind"], row["priority"], row["division"], row["outage_id"]) == ("outage", 2, "360733100", OUTAGE)
    assert (row["outage_devices"], row["subject"]) == (5000, f"outage:{OUTAGE}")
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 1
    await desk.wait(120)
    await desk.wait(120)
    assert await desk.one("SELECT rung FROM dispatch.incident") == 2
    assert await desk.offers() == []
    await desk.happens(outage("outage_over", "360733100", 5000))
    assert await desk.one("SELECT outcome FROM dispatch.incident") == "mended"
    await desk.happens(outage("outage_grew", "360733100", 5001))
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 1
    await rows_are_what_the_log_tells(desk)


async def test_an_outage_that_somebody_has_taken_is_closed_by_a_person(desk: Desk) -> None:
    """Taken it rings no more; back again it waits for her, who needs no proof that anybody was seen."""
    await desk.happens(outage("outage", "360733100", 40))
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    assert (await desk.say("claim", incident, "desk1")).status == 200
    await desk.wait(1000)
    assert await desk.one("SELECT rung FROM dispatch.incident") == 0
    await desk.happens(outage("outage_over", "360733100", 40))
    assert await desk.one("SELECT state FROM dispatch.incident") == "resolved"
    closed = await desk.say("close", incident, "desk1", outcome="device_fault", evidence="none", evidence_by="")
    assert closed.status == 200
    await rows_are_what_the_log_tells(desk)


async def test_a_canary_is_asked_alone_each_time_anew_and_gone_after_a_minute(desk: Desk) -> None:
    """Three rounds run beside one another; nobody else hears of them, nothing is learned, no number is used."""
    await desk.people(3)
    await desk.people(1, "canary")
    for seq in range(3):
        await desk.press(subject="device:Y-1", seq=seq, canary=True)
        offer, responder = (await desk.offers())[-1]
        assert (await desk.say("accept_offer", str(offer), responder)).status == 200
        async with desk.owner.transaction() as connection:
            query = rosters.Query("360733", 1, canary=True)
            free = await rosters.around(connection, query, desk.clock.now())
        assert [c.id for c in free] == ["canary-0"]
        await desk.wait(20)
    assert {r for _, r in await desk.offers()} == {"canary-0"}
    rows = await desk.rows("SELECT id, state, outcome, presses, rung, canary FROM dispatch.incident ORDER BY opened_at")
    assert [(r["state"], r["outcome"]) for r in rows] == [("closed", "canary"), ("taken", None), ("taken", None)]
    assert all(r["id"].startswith("C-") and r["canary"] and r["presses"] == 1 and r["rung"] == 0 for r in rows)
    assert await desk.one("SELECT accepts FROM dispatch.responder WHERE id = 'canary-0'") == 2
    await desk.wait(40)
    assert await desk.one("SELECT count(*) FROM dispatch.deadline") == 0
    stages = await desk.rows("SELECT DISTINCT body->>'stage' AS s FROM log.event WHERE tag = 'receipt.changed'")
    assert {r["s"] for r in stages} == {"accepted", "closed"}
    opened = "SELECT bool_and((body->>'canary')::boolean) FROM log.event WHERE tag = 'incident.opened'"
    assert await desk.one(opened)
    await rows_are_what_the_log_tells(desk)


async def test_a_canary_does_not_come_for_people(desk: Desk) -> None:
    """Not even when nobody else is there."""
    await desk.people(1, "canary")
    await desk.press()
    assert await desk.offers() == []
    assert await desk.one("SELECT rung FROM dispatch.incident") == 1


async def test_people_do_not_come_for_a_canary(desk: Desk) -> None:
    """Not even when its own inbox is missing: nobody is woken, the watch sees that it did not come back."""
    await desk.people(3)
    await desk.press(subject="device:Y-1", canary=True)
    assert await desk.one("SELECT rung FROM dispatch.incident WHERE canary") == 0
    assert await desk.offers() == []
