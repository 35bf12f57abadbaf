"""How an elder is, what a division lays down, who falls silent on the way: on a real database."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import orjson
import pytest

from services.dispatch.domain.policy import SHIPPED, to_data
from services.dispatch.flow import commands
from services.dispatch.flow.policies import holding
from services.dispatch.flow.waits import overdue
from services.dispatch.store import waits
from shared.contracts import policies
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.database import Database
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import HOME, STREET, Desk, rows_are_what_the_log_tells

VILLAGE = "360733100001"


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """A county with one elder and her two contacts."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    owner = pools[1].pool
    for code, name in (("3607", "赣州市"), ("360733", "会昌县"), (STREET, "文武坝镇"), (VILLAGE, "红旗居委会")):
        await owner.execute("INSERT INTO dispatch.division VALUES ($1, $2)", code, name)
    await owner.execute(
        "INSERT INTO dispatch.home VALUES ('H-1', $1, '红旗路1号', 1, false, NULL, NULL, $2, $3)", VILLAGE, *HOME
    )
    await owner.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name, born, break_in) "
        "VALUES ('E-1', 'H-1', $1, '李建国', 1956, true)", VILLAGE,
    )  # fmt: skip
    for n, key in ((1, False), (2, True)):
        await owner.execute(
            "INSERT INTO dispatch.contact VALUES ('E-1', $1, $2, '李红', '女儿', '13900000001', $3)", VILLAGE, n, key
        )
    yield Desk(*pools)
    for one in pools:
        await one.close()


async def supervises(desk: Desk, name: CommandName, target: str, role: str = "supervisor", **args: Any) -> Answer:
    """A command from a supervisor of the county."""
    actor = Actor(account="city", name="督导", role=role, division="360733")
    match = args.pop("if_match", None)
    key = f"s{next(desk.keys)}"
    return await commands.execute(
        desk.house, Command(name=name, target=target, actor=actor, key=key, if_match=match, args=args)
    )


def policy(**changes: Any) -> dict[str, Any]:
    """The shipped policy in JSON, changed."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(to_data(SHIPPED)))
    return {**{k: v for k, v in plain.items() if k not in ("version", "mode", "call_in")}, **changes}


async def press_at_home(desk: Desk, **more: Any) -> str:
    """She presses; answers the incident."""
    await desk.press(home="H-1", elder="E-1", loc=None, **more)
    return str(await desk.one("SELECT id FROM dispatch.incident ORDER BY opened_at DESC LIMIT 1"))


async def test_a_policy_with_a_hole_is_refused_in_words_and_loses_nothing(desk: Desk) -> None:
    """What was laid down before still holds; a desk may look, a supervisor may lay down, within the division."""
    bad = policy()
    bad["rules"]["1"]["ladder"] = []
    refused = await supervises(desk, "set_policy", STREET, policy=bad, reason="试")
    assert (refused.status, refused.body["code"]) == (422, "policy_hole")
    hole = refused.body["params"]["holes"][0]
    assert (refused.body["params"]["field"], bool(hole["zh"])) == ("rules.1.ladder", True)
    assert (await supervises(desk, "check_policy", "360733", policy=bad)).body["holes"][0] == hole
    nonsense = await supervises(desk, "set_policy", STREET, policy={"rules": 3}, reason="试")
    assert (nonsense.status, nonsense.body["params"]["field"]) == (422, "policy")
    by_desk = await supervises(desk, "set_policy", STREET, role="desk", policy=policy(), reason="试")
    assert by_desk.status == 403
    elsewhere = await supervises(desk, "set_policy", "3607", policy=policy(), reason="试")
    assert elsewhere.status == 404
    assert (await holding(desk.house, VILLAGE))["laid_down_for"] is None


async def test_the_nearest_policy_holds_and_is_kept_in_the_incident(desk: Desk) -> None:
    """Street before county, newest before older; an open incident keeps what it was opened with."""
    assert (await supervises(desk, "set_policy", "360733", policy=policy(voice_s=20), reason="县")).status == 200
    first = await press_at_home(desk)
    assert (await supervises(desk, "set_policy", STREET, policy=policy(voice_s=40), reason="镇")).status == 200
    again = policy(voice_s=50)
    assert (await supervises(desk, "set_policy", STREET, if_match=0, policy=again, reason="镇")).status == 412
    assert (await supervises(desk, "set_policy", STREET, if_match=1, policy=again, reason="镇")).status == 200
    await desk.press(subject="elder:E-2", seq=2)
    read = "SELECT (policy->>'voice_s')::int FROM dispatch.incident WHERE id = $1"
    assert await desk.one(read, first) == 20
    assert await desk.one("SELECT (policy->>'voice_s')::int FROM dispatch.incident WHERE id <> $1", first) == 50
    held = await holding(desk.house, VILLAGE)
    assert (held["laid_down_for"], held["version"], held["holds"]["voice_s"]) == (STREET, 2, 50)
    assert [v["version"] for v in (await holding(desk.house, STREET))["history"]] == [2, 1]


async def test_in_war_the_reach_is_wider(desk: Desk) -> None:
    """What the switch lays over the policy is in the incident's own copy."""
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.mode (division, war, reason, by_account, by_name, at) "
        "VALUES ('360733', true, '台风', 'a', 'a', $1)", desk.clock.now(),
    )  # fmt: skip
    incident = await press_at_home(desk)
    kept = await desk.one("SELECT policy FROM dispatch.incident WHERE id = $1", incident)
    assert kept["mode"] == "war"
    assert kept["rules"]["1"]["reach"][0] == SHIPPED.rule(1).reach[0] * SHIPPED.war.reach_times
    assert (await holding(desk.house, STREET))["policy"]["mode"] == "peace"


async def test_an_elder_in_hospital_presses(desk: Desk) -> None:
    """The desk has it at once, people go after half a minute, her family gets no message."""
    await desk.people(3)
    assert (await desk.say("set_elder_status", "E-1", "desk1", status="hospital", source="女儿来电")).status == 200
    incident = await press_at_home(desk)
    assert await desk.offers() == []
    assert await desk.one("SELECT quiet FROM dispatch.incident WHERE id = $1", incident)
    await desk.wait(30)
    assert len(await desk.offers()) == 3
    assert await desk.one("SELECT count(*) FROM dispatch.message WHERE channel = 'family'") == 0
    until = (desk.clock.now()).isoformat()
    past = await desk.say("set_elder_status", "E-1", "desk1", status="hospital", source="x", until=until)
    assert (past.status, past.body["params"]["field"]) == (422, "until")
    assert (await desk.say("set_elder_status", "E-1", "desk1", status="home", source="出院")).status == 200
    assert (await supervises(desk, "set_elder_status", "E-404", status="home", source="x")).status == 404
    tags = await desk.rows("SELECT body FROM log.event WHERE tag = 'elder.status_set'")
    assert len(tags) == 2
    assert "女儿" not in str([t["body"] for t in tags])


async def test_a_temporary_address_wins_until_it_ends(desk: Desk) -> None:
    """Help goes to her daughter's while she stays there, and home again afterwards."""
    until = desk.clock.now().replace(hour=23).isoformat()
    moved = await desk.say(
        "set_temporary_address", "E-1", "desk1", address="女儿家", lat=25.7, lon=115.8, until=until
    )  # fmt: skip
    assert moved.status == 200
    incident = await press_at_home(desk)
    read = "SELECT lat FROM dispatch.incident WHERE id = $1"
    assert await desk.one(read, incident) == 25.7
    await desk.say("close", incident, "desk1", outcome="genuine", evidence="seen", evidence_by="陈")
    desk.clock.advance(24 * 3600)
    assert await desk.one(read, await press_at_home(desk, seq=2)) == HOME[0]


async def test_a_plan_for_false_presses_lasts_seven_days_at_most(desk: Desk) -> None:
    """Longer is refused; it delays, and a call that reaches nobody sends people."""
    await desk.people(3)
    now = desk.clock.now()
    long = await desk.say("set_plan", "E-1", "desk1", until=now.replace(day=30).isoformat())
    assert (long.status, long.body["code"]) == (422, "plan_too_long")
    assert (await desk.say("set_plan", "E-1", "desk1", until=now.replace(day=29, hour=9).isoformat())).status == 200
    incident = await press_at_home(desk)
    assert await desk.offers() == []
    assert (await desk.say("call", incident, "desk1", callee="elder", result="no_answer")).status == 200
    assert len(await desk.offers()) == 3


async def test_no_access_calls_the_keyholder_and_then_prompts_for_the_police(desk: Desk) -> None:
    """With the recorded permission to break in; what the desk did with 110 is in the log."""
    await desk.people(3)
    incident = await press_at_home(desk)
    offer, responder = (await desk.offers())[0]
    await desk.say("accept_offer", str(offer), responder)
    job = str(await desk.one("SELECT id FROM dispatch.job"))
    for step in ("arrive", "no_access"):
        assert (await desk.say(step, job, responder)).status == 200
    wanted = "SELECT array_agg(DISTINCT to_id) FROM dispatch.message WHERE template = 'keyholder'"
    assert await desk.one(wanted) == ["E-1/2"]
    await desk.wait(61)
    prompted = await desk.one("SELECT handoffs->'110' FROM dispatch.incident")
    assert (prompted["why"], prompted["break_in"], prompted["area"]) == ("no_access", True, "0797")
    assert (await desk.say("handoff", incident, "desk1", service="911", result="connected")).status == 422
    made = await desk.say("handoff", incident, "desk1", service="110", result="connected", ref="JQ-7")
    assert made.status == 200
    assert (await desk.one("SELECT handoffs->'110'->>'ref' FROM dispatch.incident")) == "JQ-7"
    await rows_are_what_the_log_tells(desk)


async def test_the_console_of_who_comes_falls_silent(desk: Desk) -> None:
    """As the gateway reports it: within a minute another is asked; when it is back in time nobody is."""
    await desk.people(4)
    await press_at_home(desk)
    offer, responder = (await desk.offers())[0]
    await desk.say("accept_offer", str(offer), responder)
    await desk.say("depart", str(await desk.one("SELECT id FROM dispatch.job")), responder)
    silent = {"responder": responder, "reachable": False}
    await desk.happens((f"screen/{responder}", "screen.reachable", silent))
    assert await desk.one("SELECT lost_at IS NOT NULL FROM dispatch.assignment")
    assert not await desk.one("SELECT reachable FROM dispatch.responder WHERE id = $1", responder)
    await desk.wait(46)
    assert await desk.one("SELECT role FROM dispatch.assignment") == "backup"
    assert await desk.one("SELECT count(*) FROM dispatch.offer WHERE state = 'sent'") > 0
    await desk.happens((f"screen/{responder}", "screen.reachable", {**silent, "reachable": True}))
    assert await desk.one("SELECT lost_at FROM dispatch.assignment") is None
    await rows_are_what_the_log_tells(desk)


async def test_she_is_called_back_within_a_day(desk: Desk) -> None:
    """The desk's list, rung once when it is late, over when she was reached; nobody answered leaves it open."""
    await desk.people(2)
    incident = await press_at_home(desk)
    offer, responder = (await desk.offers())[0]
    await desk.say("accept_offer", str(offer), responder)
    job = str(await desk.one("SELECT id FROM dispatch.job"))
    for step in ("start", "complete"):
        await desk.say(step, job, responder)
    await desk.say("close", incident, "desk1", outcome="genuine", evidence="none", evidence_by="")
    async with desk.owner.transaction() as connection:
        (name, due_at), *_ = await waits.waiting(connection, 5)
    assert (name, (due_at - desk.clock.now()).total_seconds()) == (("call_back", incident), 24 * 3600)
    tried = await desk.say("make_call_back", incident, "desk1", result="no_answer", note="")
    assert tried.status == 200
    desk.clock.advance(24 * 3600 + 1)
    await overdue(desk.house, name)
    await overdue(desk.house, name)
    late = "SELECT count(*) FROM log.event WHERE tag = 'call_back.overdue'"
    assert await desk.one(late) == 1
    assert (await desk.say("make_call_back", incident, "desk1", result="well", note="血压正常")).status == 200
    assert (await desk.say("make_call_back", incident, "desk1", result="well", note="")).status == 404
    assert await desk.one("SELECT made_at IS NOT NULL FROM dispatch.call_back")
    assert await desk.one("SELECT count(*) FROM dispatch.house_wait") == 0
    await rows_are_what_the_log_tells(desk)


def test_what_the_wire_says_is_what_the_domain_reads() -> None:
    """Every field of a policy can be laid down over HTTP; what it leaves out is the shipped value."""
    sent = policies.Policy.model_validate(policy()).model_dump(mode="json")
    ours = asdict(SHIPPED)
    assert set(sent) == set(ours) - {"version", "mode", "call_in"}
    assert sent == policy()
    assert policies.Policy.model_validate({"rules": policy()["rules"]}).model_dump(mode="json") == policy()


async def test_when_every_seat_is_busy_neighbours_are_asked_at_once(desk: Desk) -> None:
    """One seat on duty over the village: free, it speaks with her first; busy with another, nobody waits for it."""
    await desk.people(1)
    await desk.people(1, "volunteer")
    now = desk.clock.now()
    await desk.owner.pool.execute("INSERT INTO dispatch.post (division) VALUES ('360733')")
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.seat (account, division, name, since, confirmed_at) "
        "VALUES ('desk1', '360733', '陈', $1, $1)", now,
    )  # fmt: skip
    first = await press_at_home(desk)
    eager = "SELECT eager FROM dispatch.incident WHERE id = $1"
    assert await desk.one(eager, first) is False
    assert (await desk.say("claim", first, "desk1")).status == 200
    await desk.press(subject="elder:E-2", seq=2)
    assert await desk.one("SELECT eager FROM dispatch.incident WHERE id <> $1", first) is True
