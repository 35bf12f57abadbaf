"""Policies: sound or refused in words, snapshotted, read back, laid over by disaster mode."""

from dataclasses import replace
from typing import Any

import pytest

from services.dispatch.domain.holes import holes
from services.dispatch.domain.policy import LADDER, SHIPPED, Policy, Rung, War, from_data, to_data, with_mode


def changed(priority: int, **rule: Any) -> Policy:
    """The shipped policy with one rule changed."""
    return replace(SHIPPED, rules={**SHIPPED.rules, priority: replace(SHIPPED.rule(priority), **rule)})


def test_the_shipped_policy_has_no_hole_and_survives_its_snapshot() -> None:
    """What is written into an incident is what is read back, in peace and in war."""
    assert holes(SHIPPED) == []
    assert from_data(to_data(SHIPPED)) == SHIPPED
    war = with_mode(SHIPPED, war=True)
    assert holes(war) == []
    assert from_data(to_data(war)) == war


def test_a_snapshot_of_the_first_version_is_still_read() -> None:
    """Incidents that were opened before levels had names go on climbing."""
    old = {
        "version": 1,
        "rules": {
            "1": {
                "confidence": 0.95, "most": 10, "one_more_s": 60, "respond_s": 120, "volunteers_s": 30,
                "reach": [1000, 1800], "ladder": [45, 60, 180, 300, 600], "repeat": 300, "backup": True,
            }
        },
        "stall_s": 90,
    }  # fmt: skip
    ladder = from_data(old).rule(1).ladder
    assert [rung.after_s for rung in ladder] == [45, 60, 180, 300, 600]
    assert [rung.level for rung in ladder] == [*LADDER, "city"]


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (replace(SHIPPED, rules={p: r for p, r in SHIPPED.rules.items() if p != 2}), "rules.2"),
        (changed(1, ladder=()), "rules.1.ladder"),
        (changed(1, ladder=(Rung(60, "community"), Rung(45, "county"))), "rules.1.ladder"),
        (changed(1, ladder=(Rung(45, "county"), Rung(60, "street"))), "rules.1.ladder"),
        (changed(1, ladder=(Rung(45, "village"), Rung(60, "county"))), "rules.1.ladder"),
        (changed(1, ladder=(Rung(45, "community"), Rung(60, "street"))), "rules.1.ladder"),
        (changed(1, ladder=(Rung(45, "county", ()),)), "rules.1.ladder"),
        (changed(1, ladder=(Rung(45, "county", ("pigeon",)),)), "rules.1.ladder"),
        (changed(1, ladder=(Rung(600, "county"),)), "rules.1.ladder"),
        (changed(1, repeat=0), "rules.1.repeat"),
        (changed(3, most=0), "rules.3.most"),
        (changed(3, reach=()), "rules.3.reach"),
        (changed(3, reach=(3000, 1000)), "rules.3.reach"),
        (changed(2, confidence=1.0), "rules.2.confidence"),
        (changed(2, one_more_s=0), "rules.2.one_more_s"),
        (changed(2, unseen_s=0), "rules.2.unseen_s"),
        (changed(2, second="console"), "rules.2.second"),
        (replace(SHIPPED, arrival_s=0), "arrival_s"),
        (replace(SHIPPED, lost_s=61), "lost_s"),
        (replace(SHIPPED, voice_s=600), "voice_s"),
        (replace(SHIPPED, late_times=1.0), "late_times"),
        (replace(SHIPPED, searchers=0), "searchers"),
        (replace(SHIPPED, war=War(reach_times=0.5)), "war.reach_times"),
        (replace(SHIPPED, night_until_h=0), "night_from_h"),
        (replace(SHIPPED, volunteers_from_h=22, volunteers_until_h=6), "volunteers_from_h"),
        (replace(SHIPPED, cover_s=0), "cover_s"),
    ],
)
def test_a_hole_is_named_in_both_languages(policy: Policy, field: str) -> None:
    """Whoever wrote it reads where it is and what would happen; a path that ends in nothing is no policy."""
    found = holes(policy)
    assert field in {hole.field for hole in found}
    assert all(hole.zh and hole.en and not hole.zh.isascii() for hole in found)


def test_war_looks_further_sooner_and_calls_people_in() -> None:
    """And peace is what was laid down, whatever was switched before."""
    war = with_mode(SHIPPED, war=True)
    assert (war.mode, with_mode(SHIPPED, war=False)) == ("war", SHIPPED)
    assert "volunteer" in war.call_in
    for p, rule in SHIPPED.rules.items():
        over = war.rule(p)
        assert over.reach[0] >= rule.reach[0]
        assert over.one_more_s <= rule.one_more_s
        assert over.ladder == rule.ladder
