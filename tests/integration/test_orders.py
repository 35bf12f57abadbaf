"""Orders on a real database: placed, planned, sent, served, missed, moved, given back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.dispatch.flow import commands as flow
from services.dispatch.flow import order_work
from services.watch.checks import Checks
from shared.contracts.commands import Actor, Command
from shared.runtime.database import Database
from tests.conftest import TestDatabase
from tests.integration.order_desk import CODE, OrderDesk, furnished

HERE = {"lat": 25.6002, "lon": 115.79, "accuracy_m": 12}


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[OrderDesk]:
    """Dispatch with one elder and a catalogue."""
    async with furnished(database) as it:
        yield it


async def test_an_order_is_planned_in_a_batch_and_sent_out_in_time(desk: OrderDesk) -> None:
    """Two orders gathered for three quarters of a minute; the planned person is asked a lead before she is to begin."""
    await desk.staff("li", "wang")
    first, second = await desk.order(hours=3), await desk.order("cleaning", hours=3)
    await desk.passes(44)
    assert (await desk.read(first)).state == "placed"
    await desk.passes(2)
    plans = [await desk.read(name) for name in (first, second)]
    assert [p.state for p in plans] == ["scheduled", "scheduled"]
    start, end, other = plans[0].starts_at, plans[0].ends_at, plans[1].starts_at
    assert start is not None
    assert end is not None
    assert other is not None
    assert plans[0].people != plans[1].people or end <= other
    await desk.passes((start - desk.clock.now()).total_seconds() - 45 * 60 + 1)
    sent = await desk.read(first)
    assert (sent.state, sent.incident_id) == ("dispatched", f"{first}-1")
    asked = await desk.rows("SELECT responder_id FROM dispatch.offer WHERE incident_id = $1", f"{first}-1")
    assert [r["responder_id"] for r in asked] == list(plans[0].people)


async def test_the_watch_sees_an_order_that_nobody_works(desk: OrderDesk, database: TestDatabase) -> None:
    """Planning stands still: five seconds after the wait was over its county hears of it."""
    await desk.staff("li")
    order = await desk.order(hours=3)
    watch = Database(database.url("watch"), name="test", size=1)
    await watch.open()
    now = desk.clock.now() + timedelta(hours=1)
    assert await Checks(watch, now).look(now) == 1
    await watch.close()
    rows = await desk.owner.pool.fetch("SELECT division, body FROM log.event WHERE tag = 'watch.breach'")
    assert [(r["division"], r["body"]["check"], r["body"]["detail"]["target"]) for r in rows] == [
        ("360733", "deadline_overdue", order)
    ]


async def test_served_with_proof_closed_with_the_call(desk: OrderDesk) -> None:
    """Position on coming; the case ends with the service; a day later she is asked, and it is over."""
    await desk.staff("li")
    order = await desk.order()
    await desk.passes(3 * 3600 - 1800)
    await desk.serve(order, "li", until="arrive")
    proof = await desk.ok("prove_order", order, "li", phase="arrive", kind="position", **HERE)
    assert proof["holds"]
    assert proof["dist_m"] < 30
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    for step in ("start", "complete"):
        await desk.ok(step, job, "li")
    await desk.follow()
    served = await desk.read(order)
    assert (served.state, served.verified, served.people, served.charged_cents) == ("fulfilled", True, ("li",), 1500)
    assert await desk.one("SELECT state FROM dispatch.incident WHERE id = $1", f"{order}-1") == "closed"
    assert await desk.one("SELECT count(*) FROM dispatch.booking") == 0
    await desk.passes(24 * 3600 + 60)
    await desk.ok("call_back_order", order, result="no_answer")
    assert (await desk.read(order)).state == "fulfilled"
    await desk.ok("call_back_order", order, result="reached", rating=5, note="很满意")
    closed = await desk.read(order)
    assert (closed.state, closed.rating, closed.callback_tries) == ("closed", 5, 2)
    assert await desk.one("SELECT text FROM dispatch.order_note") == "很满意"
    assert await desk.one("SELECT count(*) FROM log.event WHERE body::text LIKE '%很满意%'") == 0
    assert await desk.one("SELECT count(*) FROM dispatch.order_wait") == 0


async def test_a_missed_meal_is_looked_after(desk: OrderDesk) -> None:
    """Nobody could be found: a quarter of an hour after the window the desk has a welfare check for her, P3."""
    order = await desk.order(hours=1)
    await desk.passes(2 * 3600 + 14 * 60)
    assert (await desk.read(order)).state == "dispatched"
    await desk.passes(120)
    missed = await desk.read(order)
    assert (missed.state, missed.ended_why, missed.charged_cents) == ("missed", "nobody_free", 0)
    check = await desk.rows("SELECT * FROM dispatch.incident WHERE kind = 'welfare'")
    assert [(c["subject"], c["priority"], c["state"]) for c in check] == [("elder:E-1", 3, "open")]
    assert await desk.one("SELECT state FROM dispatch.incident WHERE order_id = $1", order) == "closed"


async def test_who_comes_late_still_serves(desk: OrderDesk) -> None:
    """Missed while somebody is on the way: her visit goes on, and the order is served after all."""
    await desk.staff("li")
    order = await desk.order(hours=1)
    await desk.passes(1800)
    await desk.serve(order, "li", until="depart")
    await desk.passes(2 * 3600)
    assert (await desk.read(order)).state == "missed"
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    for step in ("arrive", "start", "complete"):
        await desk.ok(step, job, "li")
    await desk.follow()
    assert (await desk.read(order)).state == "fulfilled"


async def test_who_said_yes_and_never_came_is_not_waited_for_for_ever(desk: OrderDesk) -> None:
    """A day after it was missed the order is closed, nothing is charged, and nobody is on the way any more."""
    await desk.staff("li")
    order = await desk.order("cleaning", hours=1)
    await desk.passes(1800)
    await desk.serve(order, "li", until="depart")
    await desk.passes(27 * 3600)
    it = await desk.read(order)
    assert (it.state, it.ended_why, it.charged_cents) == ("closed", "helper_absent", 0)
    assert await desk.one("SELECT state FROM dispatch.incident WHERE order_id = $1", order) == "closed"
    assert await desk.one("SELECT state FROM dispatch.assignment") == "stood_down"


async def test_a_door_that_stays_shut_is_a_welfare_check(desk: OrderDesk) -> None:
    """Ten minutes at the door in vain: half of her own share, and somebody looks after her."""
    await desk.staff("li")
    order = await desk.order(hours=1)
    await desk.passes(1800)
    await desk.serve(order, "li", until="arrive")
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    await desk.ok("not_found", job, "li")
    await desk.follow()
    await desk.passes(11 * 60)
    missed = await desk.read(order)
    assert (missed.state, missed.ended_why, missed.charged_cents) == ("missed", "elder_absent", 300)
    assert await desk.one("SELECT count(*) FROM dispatch.incident WHERE kind = 'welfare'") == 1


async def test_in_hospital_nobody_is_sent_and_nobody_alarmed(desk: OrderDesk) -> None:
    """Visits follow her status."""
    await desk.staff("li")
    order = await desk.order(hours=1)
    await desk.owner.pool.execute("UPDATE dispatch.elder SET status = 'hospital' WHERE id = 'E-1'")
    await desk.passes(3 * 3600)
    assert ((await desk.read(order)).state, (await desk.read(order)).ended_why) == ("cancelled", "hospital")
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 0


async def test_a_bath_takes_two(desk: OrderDesk) -> None:
    """Both are booked and both are asked."""
    await desk.staff("li", "wang", "zhao")
    order = await desk.order("bath", hours=2)
    await desk.passes(80 * 60)
    it = await desk.read(order)
    assert (it.state, len(it.people)) == ("dispatched", 2)
    asked = await desk.rows("SELECT responder_id FROM dispatch.offer WHERE incident_id = $1", it.incident_id)
    assert {r["responder_id"] for r in asked} == set(it.people)
    assert await desk.one("SELECT hands FROM dispatch.incident WHERE id = $1", it.incident_id) == 2


async def test_both_come_and_both_end_it(desk: OrderDesk) -> None:
    """Two slots, two winners; the bath is over when both have ended it."""
    await desk.staff("li", "wang")
    order = await desk.order("bath", hours=2)
    await desk.passes(80 * 60)
    first, second = (await desk.read(order)).people
    await desk.serve(order, first, until="start")
    await desk.serve(order, second, until="start")
    roles = await desk.rows("SELECT role FROM dispatch.assignment ORDER BY accepted_at, role")
    assert {r["role"] for r in roles} == {"first", "second"}
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    await desk.ok("complete", job, first)
    await desk.follow()
    assert (await desk.read(order)).state == "dispatched"
    await desk.ok("complete", job, second)
    await desk.follow()
    it = await desk.read(order)
    assert (it.state, set(it.people)) == ("fulfilled", {"li", "wang"})


async def test_who_says_no_is_free_again_and_the_next_is_asked(desk: OrderDesk) -> None:
    """The planned person declines: her time is free, somebody else is asked, and who accepts is booked."""
    await desk.staff("li", "wang")
    order = await desk.order(hours=1)
    await desk.passes(1200)
    [planned] = (await desk.read(order)).people
    offer = await desk.one("SELECT id FROM dispatch.offer WHERE responder_id = $1", planned)
    await desk.ok("decline_offer", str(offer), planned, reason="busy")
    await desk.follow()
    assert (await desk.read(order)).people == ()
    other = "wang" if planned == "li" else "li"
    await desk.serve(order, other, until="depart")
    assert (await desk.read(order)).people == (other,)
    assert [r["responder_id"] for r in await desk.rows("SELECT responder_id FROM dispatch.booking")] == [other]


async def test_two_workers_plan_a_county_at_once(desk: OrderDesk) -> None:
    """Nobody is booked twice and nothing is planned twice; what one has planned the other leaves alone."""
    await desk.staff("li", "wang")
    names = [await desk.order("cleaning", hours=2 + n) for n in range(6)]
    desk.clock.advance(50)
    await asyncio.gather(*(order_work.plan_county(desk.house, "360733") for _ in range(4)))
    planned = [await desk.read(name) for name in names]
    assert {o.state for o in planned} <= {"scheduled", "placed"}
    assert sum(o.state == "scheduled" for o in planned) == 6
    assert await desk.one("SELECT count(*) FROM log.event WHERE tag = 'order.planned'") == 6


async def test_the_same_key_orders_once(desk: OrderDesk) -> None:
    """A line that broke, a second press of the button: one meal."""
    given = {"service": "meal", **desk.window(3)}
    actor = Actor(account="desk", name="desk", role="desk", division="360733")
    command = Command(name="place_order", target="E-1", actor=actor, key="once", args=given)
    answers = [await flow.execute(desk.house, command) for _ in range(3)]
    assert len({a.body["order"] for a in answers}) == 1
    assert await desk.one("SELECT count(*) FROM dispatch.service_order") == 1


async def test_a_dispute_is_settled_within_the_price(desk: OrderDesk) -> None:
    """Nobody pays more than was agreed, whoever decides."""
    await desk.staff("li")
    order = await desk.order(hours=1)
    await desk.passes(1800)
    await desk.serve(order, "li")
    await desk.ok("dispute_order", order, reason="too_short")
    assert await desk.refused("settle_order", order, charged_cents=1501) == ("invalid_field", "charged_cents")
    await desk.ok("settle_order", order, charged_cents=700)
    assert ((await desk.read(order)).state, (await desk.read(order)).charged_cents) == ("closed", 700)


async def test_another_time_frees_the_first(desk: OrderDesk) -> None:
    """改约 takes the booking back, tells who was asked, and keeps the price."""
    await desk.staff("li")
    order = await desk.order(hours=1)
    await desk.passes(1200)
    before = await desk.read(order)
    assert before.state == "dispatched"
    await desk.ok("reschedule_order", order, reason="elder_asks", **desk.window(5))
    assert await desk.one("SELECT count(*) FROM dispatch.booking") == 0
    assert await desk.one("SELECT state FROM dispatch.incident") == "closed"
    assert {r["state"] for r in await desk.rows("SELECT state FROM dispatch.offer")} == {"withdrawn"}
    await desk.passes(60)
    after = await desk.read(order)
    assert (after.state, after.people, after.price_id) == ("scheduled", ("li",), before.price_id)


async def test_a_provider_names_its_own_and_gives_back_what_it_cannot_do(desk: OrderDesk) -> None:
    """机构派员: only its own people, only its own orders; 退单 goes back to the desk."""
    await desk.owner.pool.execute("INSERT INTO dispatch.provider VALUES ('P-1', '360733', '安康', '1', 25.6, 115.79)")
    await desk.staff("li", "wang", "boss")
    await desk.owner.pool.execute("UPDATE dispatch.responder SET provider_id = 'P-1' WHERE id IN ('li', 'boss')")
    await desk.owner.pool.execute("UPDATE dispatch.responder SET kind = 'provider' WHERE id = 'boss'")
    order, other = await desk.order(provider="P-1"), await desk.order(hours=6)
    assert await desk.refused("assign_order", order, "boss", people=["wang"]) == ("other_provider", "people")
    assert await desk.refused("assign_order", other, "boss", people=["li"]) == ("not_found", None)
    assert await desk.refused("assign_order", order, "li", people=["li"]) == ("not_found", None)
    await desk.ok("assign_order", order, "boss", people=["li"])
    assert (await desk.read(order)).people == ("li",)
    await desk.ok("return_order", order, "boss", reason="nobody_free", note="小李病了")
    assert (await desk.read(order)).state == "returned"
    assert await desk.one("SELECT count(*) FROM dispatch.booking WHERE order_id = $1", order) == 0


async def test_nobody_is_booked_twice(desk: OrderDesk) -> None:
    """Whoever assigns by hand is told; the database itself refuses it."""
    await desk.staff("li")
    first, second = await desk.order("cleaning", hours=3), await desk.order("cleaning", hours=3)
    await desk.ok("assign_order", first, people=["li"])
    assert await desk.refused("assign_order", second, people=["li"]) == ("already_booked", "people")
    assert (await desk.read(second)).state == "placed"


async def test_others_go_on(desk: OrderDesk) -> None:
    """Handed over in the middle: the first is told, the second is asked at once, the order goes on."""
    await desk.staff("li", "wang")
    order = await desk.order("cleaning", hours=1)
    await desk.passes(1500)
    [first] = (await desk.read(order)).people
    other = "wang" if first == "li" else "li"
    await desk.serve(order, first, until="start")
    await desk.ok("hand_over_order", order, people=[other])
    await desk.follow()
    it = await desk.read(order)
    assert (it.state, it.incident_id, it.people) == ("dispatched", f"{order}-2", (other,))
    assert await desk.one("SELECT state FROM dispatch.assignment WHERE responder_id = $1", first) == "stood_down"
    await desk.serve(order, other)
    assert (await desk.read(order)).people == (other,)


async def test_proof_is_by_our_clock_and_for_those_who_are_there(desk: OrderDesk) -> None:
    """Too early, too late, somebody else, a wrong code: nothing of it counts, and nothing can be filled in."""
    await desk.staff("li", "wang")
    order = await desk.order("cleaning", hours=1)
    await desk.passes(1500)
    [who] = (await desk.read(order)).people
    code = {"kind": "home_code", "code": CODE.lower()}
    assert await desk.refused("prove_order", order, who, phase="arrive", **code) == ("not_assigned", None)
    await desk.serve(order, who, until="start")
    stranger = "wang" if who == "li" else "li"
    assert await desk.refused("prove_order", order, stranger, phase="arrive", **code) == ("not_assigned", None)
    assert not (await desk.ok("prove_order", order, who, phase="arrive", kind="home_code", code="OTHER"))["holds"]
    assert (await desk.ok("prove_order", order, who, phase="arrive", **code))["holds"]
    await desk.passes(20 * 60)
    assert await desk.refused("prove_order", order, who, phase="arrive", **code) == ("proof_too_late", None)
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    await desk.ok("complete", job, who)
    await desk.follow()
    assert await desk.refused("prove_order", order, who, phase="leave", **code) == ("proof_too_late", None)
    assert (await desk.read(order)).verified is False
    assert [r["holds"] for r in await desk.rows("SELECT holds FROM dispatch.order_proof ORDER BY holds")] == [
        False, True,
    ]  # fmt: skip
    await desk.ok("correct_order", order, field="evidence", note="离开时忘了扫码")
    assert (await desk.read(order)).verified is False


async def test_her_own_button_shows_coming_and_leaving(desk: OrderDesk) -> None:
    """A press while somebody is there; it rings all the same, since it might be her."""
    await desk.staff("li")
    order = await desk.order("cleaning", hours=1)
    await desk.passes(1500)
    await desk.serve(order, "li", until="start")
    await desk.press(elder="E-1", home="H-1")
    await desk.passes(3600)
    await desk.press(seq=2, elder="E-1", home="H-1")
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", f"{order}-1"))
    await desk.ok("complete", job, "li")
    await desk.follow()
    it = await desk.read(order)
    assert (it.proofs_arrive, it.proofs_leave, it.verified) == (("button",), ("button",), True)
    assert await desk.one("SELECT count(*) FROM dispatch.incident WHERE kind = 'sos'") == 1


async def test_price_and_proof_are_frozen(desk: OrderDesk) -> None:
    """A new price is for new orders; the service itself may not touch what was agreed or shown."""
    await desk.staff("li")
    order = await desk.order(hours=3)
    tomorrow = (desk.clock.now() + timedelta(days=1)).date()
    await desk.ok("set_price", "meal", division="360733", since=tomorrow.isoformat(), cents=2000, subsidy_permille=0)
    later = await desk.order(hours=27)
    assert ((await desk.read(order)).price_cents, (await desk.read(later)).price_cents) == (1500, 2000)
    for sql in (
        "UPDATE dispatch.service_order SET price_cents = 1, own_cents = 0, subsidy_cents = 1",
        "UPDATE dispatch.order_proof SET holds = true",
        "DELETE FROM dispatch.order_proof",
        "UPDATE dispatch.price SET cents = 1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await desk.house.database.pool.execute(sql)


async def test_a_daily_meal_places_itself(desk: OrderDesk) -> None:
    """Two weeks ahead, each day once, with the window of that day; ended, what is ahead is cancelled."""
    series = (
        await desk.ok("add_series", "E-1", service="meal", rule="FREQ=DAILY", first_day="2026-11-23", first_min=660,
                      last_min=720)
    )["series"]  # fmt: skip
    await desk.passes(1)
    days = await desk.rows("SELECT day::text, state FROM dispatch.service_order ORDER BY day")
    assert [d["day"] for d in days][:2] == ["2026-11-23", "2026-11-24"]
    assert (len(days), {d["state"] for d in days}) == (14, {"placed"})
    await desk.passes(24 * 3600)
    assert await desk.one("SELECT count(*) FROM dispatch.service_order") == 15
    gone = await desk.ok("end_series", series, reason="family_asks")
    assert gone["cancelled"] >= 13
    await desk.passes(24 * 3600)
    assert await desk.one("SELECT count(*) FROM dispatch.service_order") == 15


@pytest.mark.parametrize(
    ("command", "target", "args", "code", "field"),
    [
        ("place_order", "E-9", {"service": "meal"}, "not_found", "elder"),
        ("place_order", "E-1", {"service": "golf"}, "unknown_service", "service"),
        ("place_order", "E-1", {"service": "visit"}, "no_price", "service"),
        ("place_order", "E-1", {"service": "meal", "provider": "P-9"}, "unknown_provider", "provider"),
        ("cancel_order", "O-9", {"reason": "other"}, "not_found", None),
        ("set_price", "meal", {"division": "360733", "since": "2026-11-01", "cents": 1, "subsidy_permille": 0},
         "day_passed", "since"),
        ("add_series", "E-1", {"service": "meal", "rule": "FREQ=HOURLY", "first_day": "2026-11-23", "first_min": 1,
                               "last_min": 2}, "invalid_rule", "rule"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_in_words(
    desk: OrderDesk, command: str, target: str, args: dict[str, Any], code: str, field: str | None
) -> None:
    """Nothing is written, and the field is named."""
    given = {**desk.window(3), **args} if command == "place_order" else args
    assert await desk.refused(command, target, **given) == (code, field)
    assert await desk.one("SELECT count(*) FROM dispatch.service_order") == 0
