"""The desk's overrides over HTTP: who may, what is passed on, and what pops up when somebody telephones."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.cases import IncidentView
from shared.contracts.desk import CallView
from shared.runtime.log import NewEvent
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.integration.gateway_world import COUNTY, World, world

CALL = """
INSERT INTO dispatch.phone_call (id, division, call_id, number, line, direction, at, recorded_at, by_account, elders,
    responders)
VALUES ($1, $2, $3, '13900000002', '12349', 'in', $4, $4, 'desk', '{E1}', '{}')
"""


@pytest.mark.parametrize(
    ("path", "body", "name", "headers"),
    [
        ("offer", {"responder": "R2", "reason": "住隔壁"}, "offer_person", {}),
        ("order", {"responder": "R2", "reason": ""}, "order_person", {}),
        ("reassign", {"responder": None, "from": "R1", "reason": "车坏了"}, "reassign", {}),
        ("merge", {"into": "I-2", "reason": "同一次跌倒"}, "merge", {"If-Match": "3"}),
        ("split", {"incident": "I-2", "elder": None, "kind": "sos", "reason": ""}, "split", {}),
        ("reopen", {"reason": "女儿说没人来过"}, "reopen", {}),
    ],
)
async def test_an_override_is_passed_on_as_it_was_meant(
    settings: Settings, path: str, body: dict[str, Any], name: str, headers: dict[str, str]
) -> None:
    """A desk alone; with the key, the words and the version; answered with the incident as it is now."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        await it.city.open("I-1")
        foreign = await it.post(f"/incidents/I-1/{path}", wang, body, **headers)
        assert (foreign.status_code, foreign.json()["code"]) == (403, "forbidden")
        it.answers.append({"status": 200, "body": {"incident": "I-1"}})
        answer = await it.post(f"/incidents/I-1/{path}", desk, body, **headers)
        assert IncidentView.model_validate(answer.json()).row.incident == "I-1"
        [command] = it.commands
        assert (command.name, command.target, command.args) == (name, "I-1", body)
        assert command.if_match == (3 if headers else None)


async def test_what_is_wrong_is_named(settings: Settings) -> None:
    """Nothing is passed on."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        blind = await it.post("/incidents/I-1/merge", desk, {"into": "I-2"})
        assert (blind.status_code, blind.json()["field"]) == (428, "If-Match")
        nobody = await it.post("/incidents/I-1/order", desk, {})
        assert (nobody.status_code, nobody.json()["field"]) == (422, "responder")
        both = await it.post("/incidents/I-1/split", desk, {"incident": "I-2", "elder": "E1"})
        assert both.status_code == 422
        odd = await it.post(f"/jobs/{uuid4()}/act-for", desk, {"responder": "R1", "act": "fly"})
        assert (odd.status_code, odd.json()["field"]) == (422, "act")
        stranger = await it.post("/calls", desk, {"number": "13900000002", "seat": "elsewhere"})
        assert (stranger.status_code, stranger.json()["field"]) == (404, "seat")
        assert it.commands == []


async def test_everything_a_telephone_can_do_a_seat_can_write_down(settings: Settings) -> None:
    """Answers, steps and duty of somebody without a smartphone."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        await it.city.open("I-1")
        job = it.city.jobs["I-1"]
        for act in ("accept", "decline", "depart", "arrive", "start", "complete", "support", "no_access", "not_found"):
            it.answers.append({"status": 200, "body": {"job": str(job), "incident": "I-1"}})
            said = await it.post(f"/jobs/{job}/act-for", desk, {"responder": "R1", "act": act})
            assert said.status_code == 200
            assert (it.commands[-1].name, it.commands[-1].args["act"]) == ("act_for", act)
        it.answers.append({"status": 200, "body": {"on": True}})
        headers = {"Authorization": f"Bearer {desk}", "Idempotency-Key": "k-2"}
        duty = await it.http.put("/api/v1/responders/R1/duty", json={"on": True}, headers=headers)
        assert duty.json()["on"] is True
        assert (it.commands[-1].name, it.commands[-1].target) == ("set_duty_for", "R1")


async def test_an_exchange_announces_in_its_own_words(settings: Settings) -> None:
    """`from` or `number`, with the line, the seat by user name, and the exchange's own name for the call."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        call = str(uuid4())
        for words in ({"from": "13900000002"}, {"number": "13900000002"}):
            it.answers.append({"status": 200, "body": {"call": call}})
            given = {**words, "line": "12349", "call_id": "pbx-1", "at": "2026-11-22T02:00:00Z", "seat": "desk"}
            answer = await it.post("/calls", desk, given)
            assert (answer.status_code, answer.json()) == (201, {"call": call})
            args = it.commands[-1].args
            assert (args["number"], args["call_id"], args["seat"]) == ("13900000002", "pbx-1", "desk")
        assert (await it.post("/calls", wang, {"number": "1"})).status_code == 403


async def called(it: World, tag: str = "call.incoming", seat: str | None = None) -> UUID:
    """An exchange has announced the son's call."""
    now: datetime = it.clock.now()
    call = uuid7(now)
    event = NewEvent(uuid7(now), "call", str(call), tag, {"call": str(call), "seat": seat}, COUNTY, "account:desk")
    await it.city.write(event, sql=((CALL, call, COUNTY, str(call), now),))
    return call


async def test_a_caller_pops_up_masked_and_opens_in_full(settings: Settings) -> None:
    """The son rings: the desk sees that it may be about 李*国, and all of it once somebody opens the call."""
    async with world(settings) as it:
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        await it.city.open("I-1")
        async with it.console(desk, {"id": f"d:{COUNTY}"}) as console:
            await console.hear("snap")
            call = await called(it)
            letter = await console.hear("ev")
            while letter["type"] != "call.incoming":
                letter = await console.hear("ev")
        assert letter["d"]["number_masked"] == "139****0002"
        assert [(e["elder"], e["name_masked"]) for e in letter["d"]["elders"]] == [("E1", "李*国")]
        assert (await it.get(f"/calls/{call}", desk)).json()["opened_by"] is None
        it.answers.append({"status": 200, "body": {"call": str(call)}})
        opened = await it.post(f"/calls/{call}/open", desk)
        view = CallView.model_validate(opened.json())
        assert (view.number, view.elders[0].elder.name, view.elders[0].contacts[0].phone) == (
            "13900000002", "李建国", "13900000002",
        )  # fmt: skip
        assert [c["call"] for c in (await it.get("/calls", desk)).json()["items"]] == [str(call)]
        assert (await it.get("/calls", elsewhere)).json()["items"] == []
        assert (await it.get(f"/calls/{call}", elsewhere)).status_code == 404


async def test_the_list_of_calls_goes_on_where_the_page_ended(settings: Settings) -> None:
    """Newest first."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        calls = []
        for _ in range(3):
            calls.append(str(await called(it)))
            it.clock.advance(1)
        first = (await it.get("/calls", desk, limit=2)).json()
        rest = (await it.get("/calls", desk, limit=2, cursor=first["next"])).json()
        assert [c["call"] for c in first["items"] + rest["items"]] == calls[::-1]
        assert rest["next"] is None


async def test_a_reopened_incident_rings_and_a_merged_one_leaves_the_queue(settings: Settings) -> None:
    """What is open again is news; what went on as another is over here."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        await it.city.open("I-1")
        async with it.console(desk, {"id": f"d:{COUNTY}"}) as console:
            await console.hear("snap")
            for state, tag, told in (
                ("merged", "incident.merged", "incident.closed"), ("reopened", "incident.reopened", "incident.opened")
            ):  # fmt: skip
                sql = "UPDATE dispatch.incident SET state = $2, ver = ver + 1, merged_into = 'I-9' WHERE id = $1"
                await it.city.write(it.city.event("I-1", tag), sql=((sql, "I-1", state),))
                letter = await console.hear("ev")
                # a letter about what was before tells the row as it is by now
                while (letter["type"], letter["d"].get("state")) != (told, state):
                    letter = await console.hear("ev")
        live = (await it.get("/incidents", desk, state="live")).json()["items"]
        assert [(row["state"], row["merged_into"]) for row in live] == [("reopened", "I-9")]
