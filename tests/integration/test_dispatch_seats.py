"""Seats, modes and drills on a real database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.domain.facts import Fact
from services.dispatch.domain.modes import after
from services.dispatch.domain.seats import Post, evolve
from services.dispatch.flow import commands, waits
from services.dispatch.store import modes as mode_store
from services.dispatch.store import seats as store
from services.dispatch.store.waits import waiting
from shared.contracts import mass
from shared.contracts.commands import Actor, Answer, Command, CommandName
from tests.integration.test_dispatch_flow import Desk, desk

__all__ = ["desk"]

COUNTY, TOWN = "360733", "360733100"
ROLES = {"liu": ("desk", TOWN), "chen": ("desk", TOWN), "zhou": ("desk", COUNTY), "wu": ("supervisor", "3607")}


class Office(Desk):
    """Desks of a town, its county and its city."""

    async def sit(self, name: CommandName, who: str, target: str = "", **args: Any) -> Answer:
        """Somebody at a desk does something."""
        role, division = ROLES[who]
        actor = Actor(account=who, name=f"{who}老师", role=role, division=division)
        key = f"k{next(self.keys)}"
        command = Command(name=name, target=target or who, actor=actor, key=key, args=args)
        return await commands.execute(self.house, command)

    async def passes(self, minutes: float) -> None:
        """Let time pass, minute by minute, and do what is due."""
        for _ in range(round(minutes)):
            self.clock.advance(60)
            for what, at in await waiting(self.owner.pool, 50):  # type: ignore[arg-type]
                if at <= self.clock.now():
                    await waits.overdue(self.house, what)

    async def tags(self, stream: str) -> list[str]:
        """What the log tells of a stream."""
        name, _, of = stream.partition("/")
        rows = await self.rows(
            "SELECT tag FROM log.event WHERE stream = $1 AND stream_id = $2 ORDER BY stream_seq", name, of
        )
        return [row["tag"] for row in rows]

    async def post(self, division: str = TOWN) -> Any:
        """A post's row."""
        return (await self.rows("SELECT * FROM dispatch.post WHERE division = $1", division))[0]


@pytest.fixture
async def office(desk: Desk) -> Office:
    """The same service, seen from the desks."""
    desk.__class__ = Office
    assert isinstance(desk, Office)
    for code in ("36", "3607", COUNTY, TOWN):
        await desk.owner.pool.execute("INSERT INTO dispatch.division VALUES ($1, $1, NULL)", code)
    return desk


async def test_a_seat_that_says_nothing_is_asked_then_missed_and_the_level_above_is_rung(office: Office) -> None:
    """还在值守吗 after 25 min; after 30 the county answers for the town; one word, and it need not any more."""
    await office.sit("confirm_duty", "liu")
    await office.sit("confirm_duty", "zhou")
    await office.passes(20)
    await office.sit("confirm_duty", "zhou")
    await office.passes(9)
    assert await office.tags(f"duty/{TOWN}") == ["seat.confirmed", "seat.asked"]
    await office.passes(2)
    assert (await office.post())["covered_by"] == COUNTY
    assert (await office.tags(f"duty/{TOWN}"))[2:] == ["seat.lapsed", "post.uncovered", "message.wanted"]
    rung = (await office.rows("SELECT channel, to_kind, to_id, division, template FROM dispatch.message"))[0]
    assert tuple(rung) == ("voice", "seat", COUNTY, TOWN, "duty_uncovered")
    await office.sit("confirm_duty", "liu")
    post = await office.post()
    assert (post["covered_by"], post["uncovered_since"]) == (None, None)
    await rows_are_what_the_log_tells(office, [TOWN, COUNTY])


async def test_a_supervisor_asks_a_seat_now(office: Office) -> None:
    """查岗: by a supervisor above, once until she answers; a silence is missed when it would have been anyway."""
    await office.sit("confirm_duty", "liu")
    assert (await office.sit("ask_duty", "zhou", "liu")).status == 404, "a desk does not ask"
    assert (await office.sit("ask_duty", "wu", "chen")).status == 404, "nobody is asked who is off duty"
    await office.passes(3)
    asked = await office.sit("ask_duty", "wu", "liu")
    assert asked.status == 200
    assert (await office.sit("ask_duty", "wu", "liu")).body["code"] == "asked"
    await office.sit("confirm_duty", "liu")
    assert (await office.sit("ask_duty", "wu", "liu")).status == 200
    await office.passes(31)
    told = await office.tags(f"duty/{TOWN}")
    assert told[:6] == [
        "seat.confirmed", "seat.asked", "seat.confirmed", "seat.asked", "seat.lapsed", "post.uncovered",
    ]  # fmt: skip
    assert set(told[6:]) == {"message.wanted"}, "nobody sits above: every level's telephone"
    await rows_are_what_the_log_tells(office, [TOWN])


async def test_nobody_anywhere_is_rung_again_and_again(office: Office) -> None:
    """Every five minutes, until somebody says that she is there."""
    await office.sit("confirm_duty", "liu")
    await office.passes(46)
    assert (await office.tags(f"duty/{TOWN}")).count("post.rung") == 3
    assert (await office.post())["covered_by"] is None
    await office.sit("confirm_duty", "wu")
    await office.passes(5)
    assert (await office.post())["covered_by"] == "3607"
    rung = (await office.tags(f"duty/{TOWN}")).count("post.rung")
    await office.passes(20)
    assert (await office.tags(f"duty/{TOWN}")).count("post.rung") == rung


async def test_the_last_seat_cannot_leave(office: Office) -> None:
    """Refused in words; with a second one there, or by handing over, it can."""
    await office.sit("confirm_duty", "liu")
    refused = await office.sit("leave_duty", "liu")
    assert (refused.status, refused.body["code"]) == (409, "last_seat")
    await office.sit("confirm_duty", "chen")
    assert (await office.sit("leave_duty", "liu")).status == 200
    assert (await office.sit("leave_duty", "liu")).body["code"] == "not_on_duty"
    assert (await office.sit("leave_duty", "chen")).body["code"] == "last_seat"


async def test_handing_over_gives_the_incidents_and_the_words(office: Office) -> None:
    """Whoever takes over holds what the other held; the note stays out of the log."""
    await office.press()
    incident = str(await office.one("SELECT id FROM dispatch.incident"))
    await office.sit("confirm_duty", "liu")
    await office.sit("claim", "liu", incident)
    missing = await office.sit("hand_over", "liu", to="chen", note="李奶奶已两次误报")
    assert (missing.status, missing.body) == (422, {"code": "not_on_duty", "params": {"field": "to"}})
    await office.sit("confirm_duty", "chen")
    done = await office.sit("hand_over", "liu", to="chen", note="李奶奶已两次误报")
    assert done.body["incidents"] == [incident]
    row = (await office.rows("SELECT taken_by, taken_name FROM dispatch.incident"))[0]
    assert tuple(row) == ("chen", "chen老师")
    note = (await office.rows("SELECT * FROM dispatch.hand_over"))[0]
    assert (note["from_name"], note["to_name"], note["note"]) == ("liu老师", "chen老师", "李奶奶已两次误报")
    assert await office.one("SELECT count(*) FROM log.event WHERE body::text LIKE '%误报%'") == 0
    await rows_are_what_the_log_tells(office, [TOWN])


async def test_a_town_closes_for_the_night_by_handing_over_to_the_county(office: Office) -> None:
    """The county answers for it and nobody is rung; to somebody below or beside nobody can hand over."""
    await office.sit("confirm_duty", "liu")
    await office.sit("confirm_duty", "zhou")
    assert (await office.sit("hand_over", "zhou", to="liu", note="x")).body["code"] == "not_above"
    assert (await office.sit("hand_over", "liu", to="liu", note="x")).body["code"] == "to_yourself"
    assert (await office.sit("hand_over", "liu", to="zhou", note="夜间由县里值守")).status == 200
    post = await office.post()
    assert (post["covered_by"], post["uncovered_since"]) == (COUNTY, None)
    await office.passes(20)
    assert "post.uncovered" not in await office.tags(f"duty/{TOWN}")
    await rows_are_what_the_log_tells(office, [TOWN, COUNTY])


async def rows_are_what_the_log_tells(office: Office, divisions: Sequence[str]) -> None:
    """Replay every post and compare with its rows."""
    for division in divisions:
        rows = await office.rows(
            "SELECT tag, body, recorded_at, actor FROM log.event WHERE stream = 'duty' AND stream_id = $1"
            " ORDER BY stream_seq",
            division,
        )
        told = Post(division)
        for r in rows:
            told = evolve(told, Fact(r["tag"], r["body"], r["recorded_at"], r["actor"]))
        async with office.owner.transaction() as connection:
            kept = await store.load(connection, division)
        assert replace(told, seats=dict(told.seats)) == kept


async def switch(
    office: Office, who: str = "zhou", *, war: bool = True, hours: float | None = 24, **more: Any
) -> Answer:
    """Somebody switches the county."""
    until = office.clock.now() + timedelta(hours=hours) if hours is not None else None
    given = mass.ModeChange(**{"war": war, "reason": "暴雨红色预警", "until": until, **more})
    return await office.sit("set_mode", who, COUNTY, **given.model_dump(mode="json"))


async def test_war_is_switched_by_somebody_for_a_reason_and_ends_by_itself(office: Office) -> None:
    """Every change is kept with who and why; when its time is over it is peace again."""
    assert (await switch(office)).status == 200
    assert await office.one("SELECT war FROM dispatch.mode WHERE division = $1", COUNTY) is True
    await office.passes(1)
    await switch(office, hours=1, reason="改为一小时")
    await office.passes(61)
    assert await office.one("SELECT war FROM dispatch.mode WHERE division = $1", COUNTY) is False
    rows = await office.rows("SELECT war, by_name, reason FROM dispatch.mode_change ORDER BY at, id")
    assert [tuple(row) for row in rows] == [
        (True, "zhou老师", "暴雨红色预警"), (True, "zhou老师", "改为一小时"), (False, "", "到期自动恢复平时模式"),
    ]  # fmt: skip
    last = (await office.rows("SELECT * FROM log.event WHERE stream = 'mode' ORDER BY stream_seq DESC LIMIT 1"))[0]
    told = after(Fact(last["tag"], last["body"], last["recorded_at"], last["actor"]))
    async with office.owner.transaction() as connection:
        assert await mode_store.load(connection, COUNTY) == told


async def test_war_is_switched_back(office: Office) -> None:
    """Peace needs a reason and no end; nothing is due any more."""
    await switch(office)
    assert (await switch(office, war=False, hours=None)).status == 200
    assert await office.one("SELECT count(*) FROM dispatch.house_wait") == 0


async def test_war_without_reason_or_end_or_beyond_the_division_is_refused(office: Office) -> None:
    """The field is named; nothing is changed."""
    answers = [
        await switch(office, reason=" "),
        await switch(office, hours=None),
        await switch(office, hours=-1),
        await switch(office, hours=24 * 8),
        await switch(office, "liu"),
    ]
    assert [(a.status, a.body["code"]) for a in answers] == [
        (422, "reason_required"), (422, "until_required"), (422, "until_out_of_range"), (422, "until_out_of_range"),
        (404, "not_found"),
    ]  # fmt: skip
    assert await office.one("SELECT count(*) FROM dispatch.mode_change") == 0


async def test_a_drill_is_a_case_marked_as_one_and_teaches_nothing(office: Office) -> None:
    """A real press opens its own incident beside it; answers in a drill count for nobody."""
    await office.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H', $1, '滨河路', 25.6, 115.79)", TOWN
    )
    await office.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-1', 'H', $1, '李老师')", TOWN
    )
    await office.people(3)
    given = mass.NewDrill(elder="E-1", people=("caregiver-0",))
    opened = await office.sit("open_drill", "zhou", "E-1", **given.model_dump(mode="json"))
    assert opened.status == 200
    before = await office.rows("SELECT id, accepts, refusals FROM dispatch.responder ORDER BY id")
    offer, responder = (await office.offers("sent"))[0]
    await office.say("decline_offer", str(offer), responder, reason="busy")
    assert await office.rows("SELECT id, accepts, refusals FROM dispatch.responder ORDER BY id") == before
    await office.press()
    rows = await office.rows("SELECT drill, presses FROM dispatch.incident ORDER BY opened_at, id")
    assert [tuple(row) for row in rows] == [(True, 1), (False, 1)]
    assert await office.one("SELECT people FROM dispatch.drill") == ["caregiver-0"]
    nobody = given.model_copy(update={"elder": "E-9"})
    assert (await office.sit("open_drill", "zhou", "E-9", **nobody.model_dump(mode="json"))).status == 404


async def test_whoever_is_on_the_way_in_a_drill_goes_to_somebody_in_need(office: Office) -> None:
    """A drill keeps nobody from a real alarm: she is asked, and she goes."""
    await office.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H', $1, '滨河路', 25.6, 115.79)", TOWN
    )
    await office.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-1', 'H', $1, '李老师')", TOWN
    )
    await office.people(1)
    await office.sit("open_drill", "zhou", "E-1", **mass.NewDrill(elder="E-1").model_dump(mode="json"))
    await goes(office)
    await office.press()
    await goes(office)
    going = await office.rows("SELECT drill FROM dispatch.assignment WHERE state = 'en_route' ORDER BY drill")
    assert [row["drill"] for row in going] == [False, True]


async def goes(office: Office) -> None:
    """The one who was asked last sets out."""
    offer, responder = (await office.offers("sent"))[-1]
    assert (await office.say("accept_offer", str(offer), responder)).status == 200
    job = str(await office.one("SELECT job_id FROM dispatch.offer WHERE id = $1", offer))
    assert (await office.say("depart", job, responder)).status == 200


async def test_war_of_the_county_counts_in_a_town_that_has_made_peace(office: Office) -> None:
    """Those off duty are called in; what was opened in peace keeps its policy."""
    await office.people(1)
    await office.owner.pool.execute("UPDATE dispatch.responder SET on_duty = false")
    await office.press()
    assert await office.offers() == []
    for war in (True, False):
        given = mass.ModeChange(war=war, reason="演示", until=office.clock.now() + timedelta(hours=1))
        assert (await office.sit("set_mode", "liu", TOWN, **given.model_dump(mode="json"))).status == 200
    await switch(office)
    await office.press(subject="elder:E-2", seq=2)
    assert [responder for _, responder in await office.offers()] == ["caregiver-0"]
    modes = [
        row["mode"] for row in await office.rows("SELECT policy->>'mode' AS mode FROM dispatch.incident ORDER BY id")
    ]
    assert modes == ["peace", "war"]


async def test_a_desk_that_nobody_ever_sat_at_is_missed(office: Office) -> None:
    """Whoever is given an account for a desk is expected; half an hour later the county answers for it and is rung."""
    await office.sit("confirm_duty", "zhou")
    await office.happens(
        ("account/a-1", "account.made", {"account": "a-1", "role": "responder"}),
        ("account/a-2", "account.made", {"account": "a-2", "role": "desk"}),
        ("account/a-3", "account.made", {"account": "a-3", "role": "desk"}),
    )
    await office.passes(20)
    await office.sit("confirm_duty", "zhou")
    await office.passes(9)
    assert await office.tags(f"duty/{TOWN}") == ["post.expected"]
    await office.passes(2)
    assert await office.tags(f"duty/{TOWN}") == ["post.expected", "post.uncovered", "message.wanted"]
    assert (await office.post())["covered_by"] == COUNTY
    await office.sit("confirm_duty", "liu")
    assert (await office.tags(f"duty/{TOWN}"))[3:] == ["seat.confirmed", "post.covered"]
    post = await office.post()
    assert (post["covered_by"], post["expected_at"]) == (None, None)


async def test_who_sits_down_in_time_was_never_missed(office: Office) -> None:
    """The expectation ends with the first seat; more accounts change nothing."""
    await office.happens(("account/a-1", "account.made", {"account": "a-1", "role": "desk"}))
    await office.sit("confirm_duty", "liu")
    await office.happens(("account/a-2", "account.made", {"account": "a-2", "role": "desk"}))
    await office.passes(24)
    assert await office.tags(f"duty/{TOWN}") == ["post.expected", "seat.confirmed"]
