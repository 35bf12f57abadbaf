"""What the desk decides in the rules' stead, on a real database: rows, locks, presses and the log agree."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts.commands import CommandName
from shared.runtime.database import Database
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import STREET, Desk, rows_are_what_the_log_tells

COUPLE = ("elder:E-1", "elder:E-2")


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with an empty county."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    yield Desk(*pools)
    for pool in pools:
        await pool.close()


async def pressed_twice(desk: Desk) -> tuple[str, str]:
    """Husband and wife have each pressed: two incidents, oldest first."""
    for n, subject in enumerate(COUPLE, 1):
        await desk.press(subject, seq=n)
        desk.clock.advance(1)
    rows = await desk.rows("SELECT id FROM dispatch.incident ORDER BY opened_at")
    return rows[0]["id"], rows[1]["id"]


async def incident(desk: Desk, name: str) -> Any:
    """One incident's row."""
    return (await desk.rows("SELECT * FROM dispatch.incident WHERE id = $1", name))[0]


async def offer_of(desk: Desk, name: str, responder: str) -> str:
    """The newest offer to somebody for an incident."""
    found = await desk.one(
        "SELECT id FROM dispatch.offer WHERE incident_id = $1 AND responder_id = $2 ORDER BY sent_at DESC LIMIT 1",
        name, responder,
    )  # fmt: skip
    return str(found)


async def who_goes(desk: Desk, name: str) -> list[tuple[str, str, str]]:
    """Responder, role and state of those going."""
    rows = await desk.rows(
        "SELECT responder_id, role, state FROM dispatch.assignment WHERE incident_id = $1 "
        "AND state IN ('accepted', 'en_route', 'arrived', 'in_service') ORDER BY role DESC",
        name,
    )
    return [tuple(row) for row in rows]


async def test_a_press_after_a_merge_reaches_the_survivor(desk: Desk) -> None:
    """His incident goes on as hers; when he presses again it is hers that rings, more urgent, and one more press."""
    await desk.people(8)
    his, hers = await pressed_twice(desk)
    merged = await desk.say("merge", his, "desk1", into=hers, reason="同一次跌倒，两人都按了")
    assert (merged.status, merged.body["incident"]) == (200, hers)
    ended = await incident(desk, his)
    assert (ended["state"], ended["merged_into"]) == ("merged", hers)
    assert await desk.one("SELECT count(*) FROM dispatch.deadline WHERE incident_id = $1", his) == 0
    await desk.press(COUPLE[0], seq=3)
    await desk.press(COUPLE[1], seq=4)
    row = await incident(desk, hers)
    assert (row["presses"], list(row["also"])) == (4, ["person/elder:E-1"])
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 2
    moved = await desk.rows("SELECT body->>'incident' AS i FROM log.event WHERE tag = 'alarm.moved'")
    assert [row["i"] for row in moved] == [hers]
    assert await desk.one("SELECT text FROM dispatch.note WHERE incident_id = $1", hers) == "同一次跌倒，两人都按了"
    await rows_are_what_the_log_tells(desk)


async def test_whoever_was_coming_for_the_merged_one_goes_on(desk: Desk) -> None:
    """The nurse on her way to his door is on her way to theirs; nobody is rung again for it."""
    await desk.people(4, "nurse")
    his, hers = await pressed_twice(desk)
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", his))
    await desk.say("accept_offer", await offer_of(desk, his, "nurse-1"), "nurse-1")
    await desk.say("depart", job, "nurse-1")
    assert (await desk.say("merge", his, "desk1", into=hers)).status == 200
    assert await who_goes(desk, his) == []
    assert await who_goes(desk, hers) == [("nurse-1", "first", "en_route")]
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", hers))
    assert (await desk.say("arrive", job, "nurse-1")).status == 200
    await rows_are_what_the_log_tells(desk)


async def test_merging_both_ways_at_once_and_pressing_meanwhile_loses_nothing(desk: Desk) -> None:
    """Two seats merge crosswise while both press: one merge wins, every press is counted, nobody waits for a lock."""
    await desk.people(8)
    his, hers = await pressed_twice(desk)
    answers = await asyncio.gather(
        desk.say("merge", his, "desk1", into=hers), desk.say("merge", hers, "desk2", into=his),
        desk.say("call", his, "desk1", callee="elder", result="no_answer"),
        desk.press(COUPLE[0], seq=3),
    )  # fmt: skip
    assert sorted(a.status for a in answers[:2] if a) == [200, 409]
    await desk.follow()
    live = await desk.rows("SELECT id, presses FROM dispatch.incident WHERE state <> 'merged'")
    assert [row["presses"] for row in live] == [3]
    await rows_are_what_the_log_tells(desk)


async def test_what_was_merged_can_be_taken_out_again(desk: Desk) -> None:
    """Two events after all: his is open again, people are asked for it, and his button is told of it."""
    await desk.people(8)
    his, hers = await pressed_twice(desk)
    await desk.say("merge", his, "desk1", into=hers)
    apart = await desk.say("split", hers, "desk1", incident=his)
    assert (apart.status, apart.body["incident"]) == (200, his)
    row = await incident(desk, his)
    assert (row["state"], row["merged_into"], row["receipt_say"]) == ("reopened", None, "已重新受理，正在找人")
    assert list((await incident(desk, hers))["also"]) == []
    await desk.press(COUPLE[0], seq=3)
    assert (await incident(desk, his))["presses"] == 2
    again = await desk.say("split", hers, "desk1", incident=his)
    assert (again.status, again.body["code"]) == (422, "not_merged_here")
    await rows_are_what_the_log_tells(desk)


async def test_what_is_answered_elsewhere_by_now_is_not_taken_out(desk: Desk) -> None:
    """The survivor was closed and he has pressed since: that one goes on, and no matter is answered twice."""
    await desk.people(8)
    his, hers = await pressed_twice(desk)
    await desk.say("merge", his, "desk1", into=hers)
    closing = {"outcome": "genuine", "evidence": "seen", "evidence_by": "王护士"}
    assert (await desk.say("close", hers, "desk1", **closing)).status == 200
    await desk.press(COUPLE[0], seq=3)
    third = await desk.one("SELECT id FROM dispatch.incident WHERE state = 'open'")
    assert (await incident(desk, third))["linked_to"] == hers
    apart = await desk.say("split", hers, "desk1", incident=his)
    assert (apart.status, apart.body) == (409, {"code": "already_open", "params": {"incident": third}})


async def test_a_second_elder_in_need_gets_an_incident_of_her_own(desk: Desk) -> None:
    """The one who came finds two on the floor: the desk splits, both are answered, each with its own people."""
    await desk.people(8)
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H-1', $1, 'x', 25.6, 115.79)", STREET
    )
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-9', 'H-1', $1, '张秀英')", STREET
    )
    await desk.press()
    first = await desk.one("SELECT id FROM dispatch.incident")
    apart = await desk.say("split", first, "desk1", elder="E-9", kind="fall", reason="老伴也倒在地上")
    assert apart.status == 200, apart.body
    row = await incident(desk, apart.body["incident"])
    assert (row["subject"], row["linked_to"], row["kind"], row["priority"]) == ("elder:E-9", first, "fall", 1)
    assert await desk.one("SELECT count(*) FROM dispatch.offer WHERE incident_id = $1", row["id"]) > 0
    twice = await desk.say("split", first, "desk1", elder="E-9", kind="fall")
    assert (twice.status, twice.body["code"], twice.body["params"]["incident"]) == (409, "already_open", row["id"])
    nobody = await desk.say("split", first, "desk1", elder="E-404", kind="fall")
    assert (nobody.status, nobody.body["params"]["field"]) == (422, "elder")
    await rows_are_what_the_log_tells(desk)


async def visited(desk: Desk) -> tuple[str, str]:
    """Pressed, visited and closed; the incident and its job."""
    await desk.people(6)
    await desk.press()
    name, job = await desk.one("SELECT id FROM dispatch.incident"), str(await desk.one("SELECT id FROM dispatch.job"))
    await desk.say("accept_offer", await offer_of(desk, name, "caregiver-0"), "caregiver-0")
    for step in ("arrive", "start", "complete"):
        assert (await desk.say(step, job, "caregiver-0")).status == 200
    closing = {"outcome": "genuine", "evidence": "none", "evidence_by": ""}
    assert (await desk.say("close", name, "desk1", **closing)).status == 200
    return name, job


async def test_closed_too_early_is_opened_again(desk: Desk) -> None:
    """Within half an hour at a touch: people are asked anew, the slot is won anew, fresh evidence is needed."""
    name, job = await visited(desk)
    assert (await desk.say("reopen", name, "desk1")).status == 200
    assert (await incident(desk, name))["state"] == "reopened"
    again = await desk.say("reopen", name, "desk1")
    assert (again.status, again.body["code"]) == (409, "wrong_state")
    closing = {"outcome": "genuine", "evidence": "none", "evidence_by": ""}
    unseen = await desk.say("close", name, "desk1", **closing)
    assert (unseen.status, unseen.body["code"]) == (422, "evidence_required")
    for responder in ("caregiver-0", "caregiver-1"):
        assert (await desk.say("order_person", name, "desk1", responder=responder)).status == 200, responder
    goes = [(responder, role) for responder, role, _ in await who_goes(desk, name)]
    assert goes == [("caregiver-0", "first"), ("caregiver-1", "backup")]
    for step in ("arrive", "start", "complete"):
        assert (await desk.say(step, job, "caregiver-0")).status == 200
    await rows_are_what_the_log_tells(desk)


async def test_later_a_reason_is_asked_for_and_a_live_one_comes_first(desk: Desk) -> None:
    """After half an hour it needs a reason; if she has pressed again since, that is the one to go on with."""
    name, _ = await visited(desk)
    desk.clock.advance(31 * 60)
    silent = await desk.say("reopen", name, "desk1")
    assert (silent.status, silent.body["code"]) == (422, "reason_required")
    await desk.press(seq=2)
    live = await desk.one("SELECT id FROM dispatch.incident WHERE state = 'open'")
    taken = await desk.say("reopen", name, "desk1", reason="女儿说没人来过")
    assert (taken.status, taken.body) == (409, {"code": "already_open", "params": {"incident": live}})


async def test_somebody_named_is_asked_or_sent(desk: Desk) -> None:
    """Off duty and far away: the desk knows why. She is asked and answers; or she is sent and may give it back."""
    await desk.people(3)
    await desk.people(2, "nurse")
    await desk.owner.pool.execute("UPDATE dispatch.responder SET on_duty = false WHERE kind = 'nurse'")
    await desk.press()
    name = await desk.one("SELECT id FROM dispatch.incident")
    assert (await desk.say("offer_person", name, "desk1", responder="nurse-0")).status == 200
    asked = await desk.rows("SELECT state, how FROM dispatch.offer WHERE responder_id = 'nurse-0'")
    assert [tuple(row) for row in asked] == [("sent", "offered")]
    sent = await desk.say("order_person", name, "desk1", responder="nurse-1", reason="她认识老人")
    assert sent.status == 200
    assert await who_goes(desk, name) == [("nurse-1", "first", "accepted")]
    learned = await desk.one("SELECT accepts FROM dispatch.responder WHERE id = 'nurse-1'")
    assert learned == await desk.one("SELECT accepts FROM dispatch.responder WHERE id = 'caregiver-2'")
    offer = await offer_of(desk, name, "nurse-1")
    assert (await desk.say("decline_offer", offer, "nurse-1", reason="unwell")).status == 200
    assert await who_goes(desk, name) == []
    await rows_are_what_the_log_tells(desk)


@pytest.mark.parametrize(
    ("sql", "code", "status"),
    [
        ("UPDATE dispatch.responder SET blocked_at = now() WHERE id = 'nurse-0'", "barred", 409),
        ("UPDATE dispatch.responder SET retired_at = now() WHERE id = 'nurse-0'", "unknown_responder", 422),
        ("UPDATE dispatch.incident SET kind = 'gas'", "not_inside", 409),
    ],
)
async def test_some_are_never_sent_whoever_wants_it(desk: Desk, sql: str, code: str, status: int) -> None:
    """Blocked, gone, or where nobody may go inside: refused in words, and nothing is changed."""
    await desk.people(2, "nurse")
    await desk.press()
    await desk.owner.pool.execute(sql)
    name = await desk.one("SELECT id FROM dispatch.incident")
    commands: tuple[CommandName, ...] = ("order_person", "offer_person")
    for command in commands:
        answer = await desk.say(command, name, "desk1", responder="nurse-0")
        assert (answer.status, answer.body["code"], answer.body["params"]["field"]) == (status, code, "responder")
    assert await who_goes(desk, name) == []


async def test_nobody_is_sent_to_two_doors(desk: Desk) -> None:
    """Under way to him she can't be sent to her; the desk is told so."""
    await desk.people(2)
    his, hers = await pressed_twice(desk)
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", his))
    assert (await desk.say("order_person", his, "desk1", responder="caregiver-0")).status == 200
    await desk.say("depart", job, "caregiver-0")
    twice = await desk.say("order_person", hers, "desk1", responder="caregiver-0")
    assert (twice.status, twice.body["code"]) == (409, "already_under_way")


async def test_somebody_else_goes_instead(desk: Desk) -> None:
    """The first one is taken off and told who goes; without a name the backup takes over, else people are asked."""
    await desk.people(5)
    await desk.press()
    name = await desk.one("SELECT id FROM dispatch.incident")
    await desk.say("order_person", name, "desk1", responder="caregiver-0")
    changed = await desk.say("reassign", name, "desk1", responder="caregiver-2", reason="电瓶车坏了")
    assert changed.status == 200
    assert await who_goes(desk, name) == [("caregiver-2", "first", "accepted")]
    told = await desk.one("SELECT reason FROM dispatch.offer WHERE responder_id = 'caregiver-0'")
    assert told == "reassigned"
    await desk.say("order_person", name, "desk1", responder="caregiver-3")
    assert (await desk.say("reassign", name, "desk1")).status == 200
    assert await who_goes(desk, name) == [("caregiver-3", "first", "accepted")]
    assert (await desk.say("reassign", name, "desk1")).status == 200
    assert await desk.one("SELECT state FROM dispatch.job") == "offering"
    nobody = await desk.say("reassign", name, "desk1")
    assert (nobody.status, nobody.body["params"]["field"]) == (422, "from")
    await rows_are_what_the_log_tells(desk)


async def test_a_whole_visit_by_telephone(desk: Desk) -> None:
    """A neighbour without a smartphone is asked, goes, arrives and ends it; the log says who wrote it down."""
    await desk.people(2, "guard")
    await desk.press()
    job, name = str(await desk.one("SELECT id FROM dispatch.job")), await desk.one("SELECT id FROM dispatch.incident")
    for act in ("accept", "depart", "arrive", "start", "complete"):
        said = await desk.say("act_for", job, "desk1", responder="guard-0", act=act)
        assert said.status == 200, (act, said.body)
    assert (await incident(desk, name))["state"] == "resolved"
    marked = await desk.rows(
        "SELECT tag, body->>'seat' AS seat, actor FROM log.event WHERE body->>'by_phone' = 'true' "
        "AND (tag LIKE 'assignment.%' OR tag = 'offer.accepted') ORDER BY stream_seq"
    )
    assert {row["seat"] for row in marked} == {"desk1"}
    assert [row["tag"] for row in marked] == [
        "offer.accepted", "assignment.made", "assignment.en_route", "assignment.arrived", "assignment.in_service",
        "assignment.completed",
    ]  # fmt: skip
    stranger = await desk.say("act_for", job, "desk1", responder="guard-9", act="accept")
    assert (stranger.status, stranger.body["code"]) == (409, "not_asked")
    await rows_are_what_the_log_tells(desk)


async def test_only_a_desk_decides_for_others(desk: Desk) -> None:
    """A responder with a session can't close, merge or speak for a colleague."""
    await desk.people(2)
    his, hers = await pressed_twice(desk)
    job = str(await desk.one("SELECT id FROM dispatch.job WHERE incident_id = $1", his))
    tries: tuple[tuple[CommandName, str, dict[str, str]], ...] = (
        ("close", his, {"outcome": "other", "evidence": "seen", "evidence_by": "x"}),
        ("act_for", job, {"responder": "caregiver-1", "act": "accept"}),
        ("order_person", his, {"responder": "caregiver-1"}),
    )
    for command, target, args in tries:
        answer = await desk.say(command, target, "caregiver-0", **args)
        assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert (await desk.say("merge", his, "caregiver-0", into=hers)).status == 404
    assert (await desk.say("reopen", his, "caregiver-0")).status == 404


async def test_she_is_somewhere_else(desk: Desk) -> None:
    """Those under way are told, and whoever is nearer to where she is now is asked and may be there sooner."""
    await desk.people(12)
    await desk.press()
    name = await desk.one("SELECT id FROM dispatch.incident")
    await desk.say("order_person", name, "desk1", responder="caregiver-0")
    moved = await desk.say("relocate", name, "desk1", lat=25.611, lon=115.79)
    assert moved.status == 200
    asked = [responder for _, responder in await desk.offers("sent")]
    assert asked
    assert all(int(responder.rsplit("-", 1)[1]) >= 9 for responder in asked)
    await rows_are_what_the_log_tells(desk)


async def test_candidates_are_ranked_with_their_reasons(desk: Desk) -> None:
    """The same order by which the rules ask, with what speaks against the others."""
    await desk.people(4)
    await desk.people(1, "nurse")
    await desk.owner.pool.execute("UPDATE dispatch.responder SET blocked_at = now() WHERE id = 'nurse-0'")
    await desk.press()
    name = await desk.one("SELECT id FROM dispatch.incident")
    found = await desk.say("list_candidates", name, "desk1")
    assert found.status == 200
    assert [one["eta_s"] for one in found.body["items"]] == sorted(one["eta_s"] for one in found.body["items"])
    assert all(one["score"]["total"] for one in found.body["items"])
    assert {"responder": "nurse-0", "name": "王0", "kind": "nurse", "why": "blocked"} in found.body["passed_over"]
    assert await desk.one("SELECT count(*) FROM dispatch.idempotency") == 0
