"""Texts and calls on a real database and over real HTTP, with the demo's exchange as everybody's telephone."""

import asyncio

import pytest

from services.dispatch import outbox
from services.dispatch.domain import messages, texts
from services.dispatch.domain.messages import LEASE
from services.dispatch.domain.texts import Card
from services.dispatch.outbox import AT_ONCE, LANES, Sender
from shared.runtime.clock import woken
from shared.vocabulary.ids import uuid7
from tests.conftest import free_port
from tests.integration.message_line import PATIENCE_S, Line, asked, line
from tests.integration.test_dispatch_flow import STREET, desk

__all__ = ["desk", "line"]


async def test_a_text_is_sent_and_its_delivery_known(line: Line) -> None:
    """The phone shows it; the log and the row know no name, number or word of it."""
    await asked(line)
    told = await line.want("family", ("contact", "E-1/1"), "family_taken", responder="caregiver-0")
    assert await line.send() == 1
    assert line.rings("13900000009").text.startswith("【银铃】李建国的紧急呼叫：王护理员已出发")
    row = await line.until(told, "delivered")
    assert (row["attempts"], row["reason"], row["due_at"]) == (1, None, None)
    assert row["ref"] is not None
    tags = await line.desk.rows("SELECT tag FROM log.event WHERE stream = 'message' ORDER BY position")
    assert [t["tag"] for t in tags][-1] == "message.delivered"
    bodies = await line.desk.rows("SELECT body::text AS text FROM log.event WHERE stream = 'message'")
    kept = await line.desk.rows("SELECT to_jsonb(m)::text AS text FROM dispatch.message m")
    for text in (r["text"] for r in (*bodies, *kept)):
        assert not any(private in text for private in ("李建国", "李红", "13900000009", "红旗路"))


async def test_killed_while_sending_it_is_sent_again(line: Line) -> None:
    """Taken in hand and never heard of again: the next one takes it when the lease is over. Twice, never lost."""
    await asked(line)
    told = await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    [in_hand] = (await line.sender.take(LANES[0]))[1]
    assert (await line.row(told))["state"] == "sending"
    assert await line.send() == 0
    assert await line.send(LEASE.total_seconds()) == 1
    assert (await line.until(told, "delivered"))["attempts"] == 2
    await line.sender.carry(in_hand)
    assert (await line.row(told))["state"] == "delivered"
    assert len(line.exchange.phones["13700000000"].items) == 2


async def test_what_was_reported_meanwhile_stays_and_is_told_once(line: Line) -> None:
    """The exchange is quicker with its report than the sender with its note, which then changes and says nothing."""
    await asked(line)
    told = await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    [in_hand] = (await line.sender.take(LANES[0]))[1]
    assert (await line.report(told, status="delivered")).is_success
    now = line.desk.clock.now()
    late = messages.accepted(in_hand, "ref", now, reports=True)
    assert await outbox.write(line.desk.house.database, [(in_hand, late)], now) == set()
    assert (await line.row(told))["state"] == "delivered"
    tags = await line.desk.rows("SELECT tag FROM log.event WHERE stream = 'message' AND stream_id = $1", str(told))
    assert [t["tag"] for t in tags] == ["message.delivered"]


async def test_two_senders_do_not_send_the_same(line: Line) -> None:
    """Whoever comes second finds nothing left to do."""
    await asked(line)
    for _ in range(20):
        await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    tried = await asyncio.gather(*(line.sender.step() for _ in range(3)))
    assert sum(tried) == 20
    assert len(line.exchange.phones["13700000000"].items) == 20


async def test_an_exchange_that_is_away_is_tried_until_it_is_of_no_use_and_the_desk_is_told(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pauses grow; the end is a fact of the incident, so every screen's row changes."""
    await asked(line)
    told = await line.want("sms", ("responder", "caregiver-0"), "stood_down", for_s=20)
    monkeypatch.setattr(line.sender._channels["sms"], "_address", f"http://127.0.0.1:{free_port()}/sms")
    before = await line.desk.one("SELECT ver FROM dispatch.incident")
    tries = [await line.send(seconds) for seconds in (0, 0.5, 0.5, 1, 1, 4, 8)]
    assert tries == [1, 0, 1, 0, 1, 1, 1]
    row = await line.row(told)
    assert (row["state"], row["reason"], row["attempts"]) == ("expired", "ClientConnectorError", 5)
    await line.desk.follow()
    fact = await line.desk.one("SELECT body FROM log.event WHERE tag = 'message.undelivered'")
    assert (fact["message"], fact["to"], fact["why"]) == (str(told), "caregiver-0", "ClientConnectorError")
    assert await line.desk.one("SELECT ver FROM dispatch.incident") == before + 1


async def test_key_one_accepts_and_the_way_follows_as_a_text(line: Line) -> None:
    """Somebody without a screen goes, with the address on the phone. A repeated report does no more."""
    [(offer, _)] = await asked(line)
    call = await line.want("voice", ("responder", "caregiver-0"), "job_offered", offer)
    await line.send()
    item = line.rings("13700000000")
    assert (item.kind, item.state, item.keys) == ("call", "ringing", ["1", "2"])
    assert "请按1" in item.text
    assert "李建国" not in item.text
    await line.exchange.pressed(item, "1")
    assert item.say == "谢谢您，已记下您前往。地址马上用短信发给您。"
    assert ((await line.row(call))["state"], (await line.row(call))["answer"]) == ("answered", "1")
    assert [state for _, state in await going(line)] == ["accepted"]
    assert (await line.report(call, status="answered", key="1")).json() == {"say": item.say}
    await line.send()
    [way] = [item.text for item in line.exchange.phones["13700000000"].items if item.kind == "sms"]
    assert "红旗路3栋101" in way
    assert "2580#" in way
    assert await line.desk.one("SELECT count(*) FROM dispatch.message WHERE template = 'directions'") == 1


async def test_a_text_is_answered_by_a_text(line: Line) -> None:
    """Who has no screen and did not hear the call writes 1 back; anything else is asked for again and loses nothing."""
    [(offer, _)] = await asked(line)
    told = await line.want("sms", ("responder", "caregiver-0"), "job_offered", offer)
    await line.send()
    await line.until(told, "delivered")
    item = line.rings("13700000000")
    assert (item.kind, item.keys) == ("sms", ["1", "2"])
    assert "能去请回复1，去不了请回复2" in item.text
    unclear = await line.report(told, status="answered", reply="我问一下我老婆")
    assert unclear.json() == {"say": "没有明白。能去请选1，去不了请选2。"}
    assert (await going(line), (await line.row(told))["state"]) == ([], "delivered")
    heard = await line.report(told, status="answered", reply=" １。马上到")
    assert heard.json() == {"say": "谢谢您，已记下您前往。地址马上用短信发给您。"}
    assert ((await line.row(told))["state"], (await line.row(told))["answer"]) == ("answered", "1")
    assert [state for _, state in await going(line)] == ["accepted"]
    made = await line.desk.one("SELECT body FROM log.event WHERE tag = 'offer.accepted'")
    assert made["account"] == "text:caregiver-0"
    assert "马上到" not in await line.desk.one("SELECT string_agg(body::text, '') FROM log.event")
    wrong = await line.report(told, status="answered", reply="1" * 201)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "reply")


async def going(line: Line) -> list[tuple[str, str]]:
    """Who goes, and how far they are."""
    rows = await line.desk.rows("SELECT responder_id, state FROM dispatch.assignment ORDER BY accepted_at")
    return [(row["responder_id"], row["state"]) for row in rows]


async def test_key_two_declines_and_another_is_asked(line: Line) -> None:
    """The same as a thumb on a screen."""
    offers = await asked(line)
    await line.desk.people(2, "nurse")
    await line.want("voice", ("responder", "caregiver-0"), "job_offered", offers[0][0])
    await line.send()
    await line.exchange.pressed(line.rings("13700000000"), "2")
    assert line.rings("13700000000").say == "知道了，谢谢您。"
    assert await line.desk.offers("declined") == [offers[0]]
    assert {who for _, who in await line.desk.offers()} > {"caregiver-0"}


async def test_who_is_on_the_way_can_say_so_by_key_or_give_it_back(line: Line) -> None:
    """Asked whether she comes: 1 is under way, 2 gives it back and somebody else is asked."""
    [(offer, who)] = await asked(line)
    await line.desk.say("accept_offer", str(offer), who)
    for key, heard, state in (("1", "好的，路上请小心。", "en_route"), ("2", "知道了，谢谢您。", "released")):
        await line.want("voice", ("responder", who), "are_you_coming")
        await line.send()
        item = next(i for i in reversed(line.exchange.phones["13700000000"].items) if i.kind == "call")
        await line.exchange.pressed(item, key)
        assert (item.say, await going(line)) == (heard, [(who, state)])
    late = await line.want("voice", ("responder", who), "are_you_coming")
    await line.send()
    assert ((await line.row(late))["state"], (await line.row(late))["reason"]) == ("withheld", "not_going")


async def test_helpers_without_a_screen_are_told_by_telephone(line: Line) -> None:
    """Sent by the desk: called, with the way as a text. Stood down: called again. Who has a screen is not."""
    offers = {who: offer for offer, who in await asked(line, 2)}
    await line.desk.owner.pool.execute("UPDATE dispatch.responder SET phone_only = true WHERE id = 'caregiver-0'")
    incident = await line.desk.one("SELECT id FROM dispatch.incident")
    for who, state in offers.items():
        made = {"incident": incident, "assignment": str(uuid7(line.desk.clock.now())), "offer": str(state)}
        body = {**made, "responder": who, "role": "first", "eta_s": 300, "ordered": True}
        await line.desk.happens((f"incident/{incident}", "assignment.made", body))
    await line.desk.say("accept_offer", str(offers["caregiver-0"]), "caregiver-0")
    await line.send()
    first = line.exchange.phones["13700000000"].items
    assert {(i.kind, "请您前往" in i.text) for i in first} == {("call", True), ("sms", True), ("sms", False)}
    assert next(i for i in first if i.kind == "call").keys == ["1", "2"]
    stood = {"incident": incident, "responder": "caregiver-0", "role": "first", "why": "done"}
    await line.desk.happens((f"incident/{incident}", "assignment.stood_down", stood))
    await line.send()
    off = [i.kind for i in line.exchange.phones["13700000000"].items if "不用去了" in i.text]
    assert sorted(off) == ["call", "sms"]
    assert "13700000001" not in line.exchange.phones


async def test_a_key_that_comes_too_late_hears_that_somebody_goes(line: Line) -> None:
    """While it rang somebody else accepted, and a backup too."""
    offers = {who: offer for offer, who in await asked(line, 3)}
    await line.want("voice", ("responder", "caregiver-2"), "job_offered", offers["caregiver-2"])
    await line.send()
    for who in ("caregiver-0", "caregiver-1"):
        assert (await line.desk.say("accept_offer", str(offers[who]), who)).status == 200
    line.desk.clock.advance(20)
    await line.exchange.pressed(line.rings("13700000002"), "1")
    assert line.rings("13700000002").say == "已经有人去了，谢谢您。"
    assert {who for who, _ in await going(line)} == {"caregiver-0", "caregiver-1"}


async def test_nobody_is_rung_for_an_offer_that_is_over(line: Line) -> None:
    """Declined on the screen before the call was made."""
    [(offer, who)] = await asked(line)
    call = await line.want("voice", ("responder", who), "job_offered", offer)
    await line.desk.say("decline_offer", str(offer), who)
    await line.send()
    row = await line.row(call)
    assert (row["state"], row["reason"]) == ("withheld", "offer_over")
    assert not line.exchange.phones


async def test_a_call_that_nobody_takes_rings_again_and_then_the_desk_knows(line: Line) -> None:
    """Three times within the offer's time; switched off counts the same."""
    [(offer, who)] = await asked(line)
    call = await line.want("voice", ("responder", who), "job_offered", offer)
    await line.send()
    for _ in range(2):
        await line.exchange.ended(line.rings("13700000000"), "busy")
        assert await line.send(16) == 1
    assert len(line.exchange.phones["13700000000"].items) == 3
    await line.exchange.ended(line.rings("13700000000"), "no_answer")
    row = await line.row(call)
    assert (row["state"], row["reason"], row["attempts"]) == ("failed", "no_answer", 3)
    await line.desk.follow()
    assert await line.desk.one("SELECT count(*) FROM log.event WHERE tag = 'message.undelivered'") == 1


async def test_a_drill_reaches_only_those_who_take_part(line: Line) -> None:
    """Marked first thing; everybody else is left in peace."""
    await asked(line, 2, drill=True)
    incident = await line.desk.one("SELECT id FROM dispatch.incident WHERE drill")
    await line.desk.owner.pool.execute(
        "INSERT INTO dispatch.drill (incident_id, division, people, by_account, by_name, at)"
        " VALUES ($1, $2, '{caregiver-0}', 'desk1', 'desk1', $3)", incident, STREET, line.desk.clock.now(),
    )  # fmt: skip
    yes = await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    no = await line.want("sms", ("responder", "caregiver-1"), "stood_down")
    await line.send()
    assert line.rings("13700000000").text.startswith("【演练】【银铃】")
    assert (await line.until(yes, "delivered"))["drill"]
    assert ((await line.row(no))["state"], (await line.row(no))["reason"]) == ("withheld", "drill")
    assert list(line.exchange.phones) == ["13700000000"]


async def test_a_family_hears_the_same_news_once_and_none_from_home_while_she_is_in_hospital(line: Line) -> None:
    """Wanted twice, sent once; what her state makes pointless is withheld and says why."""
    await asked(line)
    for _ in range(2):
        await line.want("family", ("contact", "E-1/1"), "family_taken", responder="caregiver-0")
    assert await line.send() == 1
    await line.desk.owner.pool.execute("UPDATE dispatch.elder SET status = 'hospital'")
    over = await line.want("family", ("contact", "E-1/1"), "family_over")
    await line.send()
    assert ((await line.row(over))["state"], (await line.row(over))["reason"]) == ("withheld", "elder_hospital")
    assert len(line.exchange.phones["13900000009"].items) == 1


@pytest.mark.parametrize(
    ("channel", "to", "why"),
    [
        ("sms", ("seat", STREET), "no_number"),
        ("sms", ("contact", "E-1/7"), "no_number"),
        ("sms", ("contact", "nonsense"), "no_number"),
        ("sms", ("responder", "gone"), "no_number"),
    ],
)
async def test_who_has_no_number_is_shown_as_not_reached(
    line: Line, channel: str, to: tuple[str, str], why: str
) -> None:
    """Deleted meanwhile, never known, or a desk without a telephone: it ends in words, not in silence."""
    await asked(line)
    told = await line.want(channel, to, "nobody_accepted")
    await line.send()
    assert ((await line.row(told))["state"], (await line.row(told))["reason"]) == ("failed", why)


async def test_a_channel_that_nobody_has_set_up_says_so(line: Line) -> None:
    """An installation without voice: the desk sees that nobody was called."""
    await asked(line)
    told = await line.want("voice", ("responder", "caregiver-0"), "stood_down")
    bare = Sender(line.desk.house.database, line.desk.clock, {}, "zh-CN", lambda: None)
    assert await bare.step() == 1
    assert ((await line.row(told))["state"], (await line.row(told))["reason"]) == ("failed", "no_channel")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_a_push_goes_through_apprise_and_is_sent_once_it_is_taken(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs no number and says nothing of its delivery; a vendor that is away is tried again."""
    await asked(line)
    told = await line.want("push", ("responder", "caregiver-0"), "stood_down")
    address = line.sender._channels["push"]._address  # type: ignore[attr-defined]
    monkeypatch.setattr(line.sender._channels["push"], "_address", f"json://127.0.0.1:{free_port()}/{{id}}")
    await line.send()
    assert ((await line.row(told))["state"], (await line.row(told))["reason"]) == ("queued", "not_taken")
    monkeypatch.setattr(line.sender._channels["push"], "_address", address)
    assert await line.send(1) == 1
    row = await line.row(told)
    assert (row["state"], row["due_at"], row["attempts"]) == ("sent", None, 2)
    shown = line.rings("caregiver-0")
    assert (shown.kind, shown.text.splitlines()[0]) == ("push", "紧急呼叫")
    assert "不用去了" in shown.text


async def test_a_desk_with_a_duty_telephone_is_rung(line: Line) -> None:
    """Set by a supervisor of the county; nobody from elsewhere can."""
    await asked(line)
    refused = await line.desk.say("set_duty_phone", "360121", "desk1", phone="07970000000")
    assert refused.status == 404
    done = await line.desk.say("set_duty_phone", STREET, "desk1", phone="0797-000 0000")
    assert done.status == 200
    await line.want("sms", ("seat", STREET), "nobody_accepted")
    await line.send()
    assert line.rings("07970000000").text.startswith("【银铃】文武坝镇的紧急呼叫还没有人接单，请立即处理。I-")
    facts = await line.desk.rows("SELECT body::text AS text FROM log.event WHERE tag = 'division.phone_set'")
    assert not any("0797" in fact["text"] for fact in facts)


async def test_a_desk_that_nobody_sits_at_rings_the_level_above(line: Line) -> None:
    """The level that takes over, by voice and text; where nobody sits anywhere above, every level is rung."""
    await line.desk.owner.pool.execute("INSERT INTO dispatch.division VALUES ('360733', '会昌县', NULL, '07971')")
    await line.desk.owner.pool.execute("INSERT INTO dispatch.division VALUES ('3607', '赣州市', NULL, '07972')")
    body = {"division": STREET, "above": "360733"}
    await line.desk.happens((f"duty/{STREET}", "post.uncovered", body))
    await line.send()
    assert {i.kind for i in line.exchange.phones["07971"].items} == {"call", "sms"}
    assert all("文武坝镇值守席无人确认值守" in i.text for i in line.exchange.phones["07971"].items)
    assert list(line.exchange.phones) == ["07971"]
    await line.desk.happens((f"duty/{STREET}", "post.rung", {"division": STREET, "above": None}))
    await line.send()
    assert set(line.exchange.phones) == {"07971", "07972"}


async def test_only_the_exchange_is_believed(line: Line) -> None:
    """A wrong signature, an unknown message, a body with a wrong field: refused in words, nothing changed."""
    [(offer, _)] = await asked(line)
    call = await line.want("voice", ("responder", "caregiver-0"), "job_offered", offer)
    await line.send()
    forged = await line.report(call, secret="guessed", status="answered", key="1")
    assert (forged.status_code, forged.json()["code"]) == (401, "bad_signature")
    unknown = await line.report(uuid7(line.desk.clock.now()), status="answered", key="1")
    assert (unknown.status_code, unknown.json()["field"]) == (404, "id")
    odd = await line.report(call, status="exploded")
    assert (odd.status_code, odd.json()["field"]) == (422, "status")
    assert (await line.row(call))["state"] == "sent"
    assert await going(line) == []


async def test_families_do_not_hold_up_a_call_for_help(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hand of the family's lane waits for a vendor that does not answer; a text to a helper leaves at once."""
    await asked(line)
    for n in range(AT_ONCE + 8):
        await line.want("family", ("contact", "E-1/1"), "family_taken", responder=f"R-{n}")

    async def hangs(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(line.sender._channels["family"], "send", hangs)
    running = line.keep()
    async with asyncio.timeout(PATIENCE_S):
        while line.sender._busy[LANES[1]] < AT_ONCE:
            await woken(asyncio.Event(), 0.01)
    urgent = await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    await line.until(urgent, "delivered")
    running.cancel()
    await asyncio.wait({running})


async def test_one_sick_message_does_not_hold_up_the_others(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something breaks while a message is put together: its lease runs out and it is tried again, the rest is sent."""
    await asked(line)
    sick = await line.want("sms", ("responder", "caregiver-0"), "sick")
    well = await line.want("sms", ("responder", "caregiver-0"), "stood_down")
    made = texts.text

    def breaks(template: str, language: str, card: Card, *, drill: bool, heard: bool = False) -> str:
        if template == "sick":
            raise KeyError(template)
        return made(template, language, card, drill=drill, heard=heard)

    monkeypatch.setattr(texts, "text", breaks)
    running = line.keep()
    await line.until(well, "delivered")
    assert (await line.row(sick))["state"] == "sending"
    monkeypatch.undo()
    line.desk.clock.advance(LEASE.total_seconds())
    await line.until(sick, "delivered")
    running.cancel()
    await asyncio.wait({running})
