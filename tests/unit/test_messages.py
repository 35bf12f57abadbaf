"""Messages beside the consoles: what may happen to one, and what it says."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain import messages
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.messages import ARROWS, IllegalStepError, Message, MessageState, wanted
from services.dispatch.domain.texts import (
    ASKS,
    EN,
    KEYS,
    KINDS,
    REPLIES,
    SPOKEN,
    TEXTS,
    ZH,
    Card,
    key_in,
    reply,
    spoken,
    text,
    title,
)
from shared.vocabulary.alarms import AlarmKind

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CARD = Card(
    name="王秀英", phone="13900000003", incident="I-2026-000123", kind="sos", area="文武坝镇红旗居委会",
    address="红旗路3栋2单元101", elder="李建国", elder_phone="13900000001", entry="门垫下", helper="王小明",
    helper_kind="nurse", dist_m=420, eta_s=400, offer_state="sent", going=True, elder_status="home", listed=False,
)  # fmt: skip
ENDS = {"delivered", "answered", "failed", "expired", "withheld"}


def message(channel: str = "sms", **more: object) -> Message:
    """A message that was wanted just now and is of use for five minutes."""
    body = {
        "message": uuid4(), "incident": "I-1", "channel": channel, "to_kind": "responder", "to": "R-1",
        "template": "job_offered", "offer": uuid4(), "params": {}, "expires_at": NOW + timedelta(minutes=5), **more,
    }  # fmt: skip
    return wanted(Fact("message.wanted", body, NOW, "test"), "360733100", drill=False)


def test_a_replayed_fact_makes_the_same_row() -> None:
    """As decided or as read from the log, where instants and ids are text."""
    it = message()
    body = {
        "message": str(it.id), "incident": "I-1", "channel": "sms", "to_kind": "responder", "to": "R-1",
        "template": "job_offered", "offer": str(it.offer_id), "params": {}, "expires_at": it.expires_at.isoformat(),
    }  # fmt: skip
    assert wanted(Fact("message.wanted", body, NOW, "test"), "360733100", drill=False) == it


@given(
    st.lists(st.sampled_from(["take", "sent", "away", "no", "held", "delivered", "busy", "key", "late"]), max_size=30)
)
def test_a_message_always_waits_for_something_or_has_ended(steps: list[str]) -> None:
    """Whatever order things come in: nothing unsent without a next look, and an end that stays."""
    it, now = message("voice"), NOW
    acts: dict[str, Callable[[Message, datetime], Message]] = {
        "take": messages.taken_up,
        "sent": lambda m, n: messages.accepted(m, "x", n, reports=True),
        "away": lambda m, n: messages.put_off(m, "slow", n),
        "no": lambda m, n: messages.refused(m, "no_number", n),
        "held": lambda m, n: messages.withheld(m, "drill", n),
        "delivered": lambda m, n: messages.reported(m, "delivered", None, None, n),
        "busy": lambda m, n: messages.reported(m, "busy", None, None, n),
        "key": lambda m, n: messages.reported(m, "answered", "1", None, n),
        "late": lambda m, n: messages.reported(m, "no_answer", None, None, n),
    }
    for step in steps:
        now += timedelta(seconds=7)
        before = it
        try:
            it = acts[step](it, now)
        except IllegalStepError:
            continue
        assert it.rings < messages.MOST_RINGS
        assert (it.due_at is not None) == (it.state in ("queued", "sending", "sent"))
        if before.state in ENDS - {"expired"} and it.state != "answered":
            assert it == before


def test_a_lease_that_ran_out_is_sent_again_until_it_is_of_no_use() -> None:
    """Who dies while sending leaves the message to the next one; after its time nobody is written to any more."""
    it = messages.taken_up(message(), NOW)
    assert (it.state, it.attempts, it.due_at) == (MessageState.SENDING, 1, NOW + messages.LEASE)
    again = messages.taken_up(it, NOW + messages.LEASE)
    assert (again.state, again.attempts) == (MessageState.SENDING, 2)
    over = messages.taken_up(again, NOW + timedelta(minutes=5))
    assert (over.state, over.reason, over.due_at) == (MessageState.EXPIRED, "too_late", None)


def test_pauses_grow_and_end_with_the_use() -> None:
    """1, 2, 4, 8, 15, 30 s, and no try after the message's own time."""
    it, now, pauses = message(), NOW, []
    while it.state != MessageState.EXPIRED:
        it = messages.put_off(messages.taken_up(it, now), "slow", now)
        if it.due_at is not None:
            pauses.append(int((it.due_at - now).total_seconds()))
            now = it.due_at
    assert pauses[:7] == [1, 2, 4, 8, 15, 30, 30]
    assert now < it.expires_at
    assert it.reason == "slow"


def test_a_telephone_that_is_busy_rings_three_times() -> None:
    """Then the message has failed, and says why."""
    it, now = message("voice"), NOW
    for _ in range(messages.MOST_RINGS):
        it = messages.accepted(messages.taken_up(it, now), None, now, reports=True)
        it = messages.reported(it, "busy", None, None, now)
        now += timedelta(seconds=messages.RING_AGAIN_S)
    assert (it.state, it.reason, it.attempts) == (MessageState.FAILED, "busy", 3)


def test_an_unreported_text_is_not_known_to_have_come_and_a_late_report_is_believed() -> None:
    """A text is not sent again because nobody reported: most came. A call is made again."""
    later = NOW + timedelta(minutes=10)
    sent = messages.accepted(messages.taken_up(message(), NOW), "7", NOW, reports=True)
    lost = messages.taken_up(sent, later)
    assert (lost.state, lost.reason) == (MessageState.EXPIRED, "no_report")
    assert messages.reported(lost, "delivered", None, None, later).state == MessageState.DELIVERED
    soon = NOW + timedelta(seconds=90)
    call = messages.accepted(messages.taken_up(message("voice"), NOW), "8", NOW, reports=True)
    assert (messages.taken_up(call, soon).state, messages.taken_up(call, soon).rings) == (MessageState.QUEUED, 1)


def test_a_report_that_overtakes_the_answer_is_believed() -> None:
    """The exchange rang and was answered before it told us that it would ring."""
    it = messages.reported(messages.taken_up(message("voice"), NOW), "answered", "1", None, NOW)
    assert (it.state, it.answer, it.due_at) == (MessageState.ANSWERED, "1", None)
    with pytest.raises(IllegalStepError):
        messages.accepted(it, "9", NOW, reports=True)


def test_arrows_lead_only_from_states_to_states() -> None:
    """The table names nothing that is no state."""
    assert {*ARROWS.values(), *(state for state, _ in ARROWS)} <= set(MessageState)


def test_family_news_is_the_same_once() -> None:
    """Taken by the same person: one message. By somebody else, or at the door: another."""
    told = message("family", to_kind="contact", to="E-1/1", template="family_taken", params={"responder": "R-1"})
    same = message("family", to_kind="contact", to="E-1/1", template="family_taken", params={"responder": "R-1"})
    other = message("family", to_kind="contact", to="E-1/1", template="family_taken", params={"responder": "R-2"})
    assert told.about == same.about != other.about
    assert message().about != message().about


@pytest.mark.parametrize("language", [ZH, EN])
@pytest.mark.parametrize("template", [*TEXTS, "something_new"])
def test_every_text_is_whole_in_both_languages(template: str, language: str) -> None:
    """No hole, no code word, drills marked first; what nobody has written yet says where to look."""
    texts: dict[str, Any] = {f.name: "" for f in fields(Card) if f.type == "str" or f.type is str}
    empty = replace(CARD, **texts)
    for card in (CARD, empty, replace(CARD, kind="new_kind", dist_m=12_300)):
        for said in (text(template, language, card, drill=False), spoken(template, language, card, drill=False)):
            assert "{" not in said
            assert "_" not in said
            assert len(said) < 300
    assert text(template, ZH, CARD, drill=True).startswith("【演练】【银铃】")
    assert text(template, EN, CARD, drill=True).startswith("[DRILL] Yinling: ")
    assert "演练" in spoken(template, ZH, CARD, drill=True)
    assert title(language, CARD, drill=True) != title(language, CARD, drill=False)


@pytest.mark.parametrize("template", sorted(ASKS))
@pytest.mark.parametrize("language", [ZH, EN])
def test_who_is_asked_learns_no_name_and_no_door(template: str, language: str) -> None:
    """Enough to decide, not enough to find her; the voice says which keys to press."""
    for said in (text(template, language, CARD, drill=False), spoken(template, language, CARD, drill=False)):
        assert CARD.elder not in said
        assert CARD.address not in said
        assert CARD.elder_phone not in said
    assert all(key in spoken(template, language, CARD, drill=False) for key in KEYS)
    assert template in SPOKEN


def test_what_a_family_and_a_helper_read() -> None:
    """The words of the two that matter most."""
    assert text("family_taken", ZH, CARD, drill=False) == "【银铃】李建国的紧急呼叫：王护士已出发，约7分钟到。"
    assert text("directions", ZH, CARD, drill=False) == (
        "【银铃】您前往：红旗路3栋2单元101。老人：李建国，电话13900000001。进门：门垫下。I-2026-000123"
    )
    assert spoken("job_offered", ZH, CARD, drill=False) == (
        "这里是银铃。文武坝镇红旗居委会有紧急呼叫，离您大约420米。能去请按1，去不了请按2。"
    )


def test_every_kind_has_a_word() -> None:
    """Nobody is called for something that has no name."""
    assert set(KINDS) == set(AlarmKind)


def test_every_reply_to_a_key_is_in_both_languages() -> None:
    """What is unknown is over, in words."""
    assert all(reply(code, ZH) != reply(code, EN) for code in REPLIES)
    assert reply("no_such_code", ZH) == reply("over", ZH)


def test_ids_are_ids() -> None:
    """The row's id is a UUID however it was written down."""
    assert isinstance(message().id, UUID)


@pytest.mark.parametrize(
    ("words", "key"),
    [("1", "1"), ("２", "2"), (" 1 马上到", "1"), ("1。", "1"), ("2不去", "2"), ("10分钟到", None), ("3", None),
     ("好的", None), ("", None), ("不1", None)],
)  # fmt: skip
def test_what_was_written_back_is_a_key_only_when_it_begins_with_one(words: str, key: str | None) -> None:
    """Ten minutes are no yes."""
    assert key_in(words) == key


def test_a_text_asks_for_an_answer_only_where_one_is_heard() -> None:
    """Through Apprise nothing comes back."""
    assert "回复1" in text("job_offered", ZH, CARD, drill=False, heard=True)
    assert "Reply 1" in text("sent_out", EN, CARD, drill=False, heard=True)
    assert "回复" not in text("job_offered", ZH, CARD, drill=False)
    assert "回复" not in text("directions", ZH, CARD, drill=False, heard=True)
