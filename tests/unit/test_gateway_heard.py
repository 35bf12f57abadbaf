"""Words about alarms stand from the commit to the incident, whatever order things are read in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.heard import LINGERS_S, Standing, Word, taken_in, word
from shared.vocabulary.alarms import FAMILY, AlarmKind, Family

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
ALARM = UUID(int=1)
BODY: dict[str, Any] = {"alarm": str(ALARM), "device": "B-1", "kind": "sos", "elder": "E-1", "home": "H-1"}


def told(n: int, division: str = "360733100") -> Word:
    """The word of a numbered alarm."""
    return word({**BODY, "alarm": str(UUID(int=n))}, division, NOW, "李建国", "红旗路 5 号")


@pytest.mark.parametrize("kind", sorted(AlarmKind))
def test_everything_but_a_thing_of_its_own_rings(kind: AlarmKind) -> None:
    """Fire, a fall, a press, a gate: the desks over her; a battery: nobody."""
    found = word({**BODY, "kind": kind}, "360733100", NOW, None, None)
    assert bool(found.inboxes) is (FAMILY[kind] is not Family.DEVICE)


def test_a_canary_rings_nobody() -> None:
    """It is known all the same, so that it is not read again."""
    assert word({**BODY, "canary": True}, "360733100", NOW, None, None).inboxes == ()


def test_an_alarm_without_an_elder_says_so() -> None:
    """Nothing is made up."""
    found = word({**BODY, "elder": None}, "360733", NOW, None, None)
    assert (found.d["elder"], found.d["name_masked"], found.d["place"]) == (None, "", "")


def test_a_word_is_told_once_and_to_who_comes() -> None:
    """Read again, it is no news; it stands in the inboxes of the desks that cover her."""
    standing = Standing()
    assert standing.begin([told(1)], 0) == [told(1)]
    assert standing.begin([told(1), told(2, "360734")], 1) == [told(2, "360734")]
    assert list(standing.in_inbox("d:360733")) == [told(1)]
    assert list(standing.in_inbox("d:36")) == [told(1), told(2, "360734")]
    assert list(standing.in_inbox("u:wang")) == []


def test_it_lingers_after_a_second() -> None:
    """Then it is asked whether somebody took it in."""
    standing = Standing()
    standing.begin([told(1)], 10)
    assert standing.lingering(10 + LINGERS_S - 0.1) == []
    assert standing.lingering(10 + LINGERS_S) == [UUID(int=1)]
    assert standing.end([UUID(int=1)]) == [told(1)]
    assert standing.lingering(99) == []


def test_only_an_incident_takes_an_alarm_in() -> None:
    """Another letter counts alarms under the same word."""
    assert taken_in("incident.updated", {"alarms": [str(ALARM)]}) == [ALARM]
    assert taken_in("incident.opened", {"incident": "I-1"}) == []
    assert taken_in("load.flood", {"alarms": 10}) == []


@given(st.lists(st.tuples(st.sampled_from(("read", "taken")), st.integers(1, 6)), max_size=40))
def test_nothing_stands_that_was_taken_in(steps: list[tuple[str, int]]) -> None:
    """An answer may come before the reading it belongs to; each is told at most once, and ended at most once."""
    standing, begun, ended, taken = Standing(), list[int](), list[int](), set[int]()
    for what, n in steps:
        if what == "read":
            begun += [one.alarm.int for one in standing.begin([told(n)], 0)]
        else:
            ended += [one.alarm.int for one in standing.end([UUID(int=n)])]
            taken.add(n)
        assert not taken & {alarm.int for alarm in standing.words}
    assert len(begun) == len(set(begun))
    assert len(ended) == len(set(ended))
    assert set(standing.words) == set(standing.since) == {UUID(int=n) for n in set(begun) - set(ended)}
