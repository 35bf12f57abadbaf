"""The synthetic county is always the same, and hangs together."""

from collections import Counter

import pytest

from shared.vocabulary.devices import DeviceKind
from shared.vocabulary.divisions import covers, division
from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.people import ResponderKind, Role
from simulators.county import county
from simulators.places import TOWN_CENTRES, divisions
from simulators.registry import County


@pytest.fixture(scope="module")
def it() -> County:
    """The county of the demo."""
    return county()


def test_the_divisions_are_huichangs() -> None:
    """20 towns, 277 villages, every parent known before its children."""
    known: set[str | None] = {None}
    for row in divisions():
        assert division(row.code) == row.code
        assert row.parent in known
        known.add(row.code)
    assert Counter(len(row.code) for row in divisions()) == {2: 1, 4: 1, 6: 1, 9: 20, 12: 277}
    assert set(TOWN_CENTRES) == {row.code for row in divisions() if len(row.code) == 9}


def test_the_same_seed_gives_the_same_county(it: County) -> None:
    """And another seed another one."""
    assert county() == it
    assert county(seed=2) != it


def test_every_id_is_used_once(it: County) -> None:
    """In each table, and no telephone number twice."""
    for rows in (it.homes, it.elders, it.devices, it.responders, it.accounts, it.providers):
        ids = [row.id for row in rows]
        assert len(ids) == len(set(ids))
    phones = [row.phone for row in it.elders] + [row.phone for row in it.contacts]
    phones += [row.phone for row in it.responders] + [row.phone for row in it.providers]
    assert len(phones) == len(set(phones))
    assert all(len(phone) == 11 and phone[3:7] == "0000" for phone in phones)


def test_references_point_at_rows(it: County) -> None:
    """Elders live in homes, devices belong to homes and elders, responders have accounts."""
    homes, elders, devices = ({row.id for row in rows} for rows in (it.homes, it.elders, it.devices))
    assert {elder.home_id for elder in it.elders} == homes
    assert {contact.elder_id for contact in it.contacts} == elders
    assert all(device.home_id in {None, *homes} and device.elder_id in {None, *elders} for device in it.devices)
    assert {d.kind for d in it.devices if d.home_id is None} == {DeviceKind.CANARY, DeviceKind.SMS}
    assert all({binding.hub_id, binding.device_id} <= devices for binding in it.bindings)
    assert {a.responder_id for a in it.accounts if a.responder_id} == {r.id for r in it.responders}


def test_homes_have_a_button_and_about_five_elders_for_four(it: County) -> None:
    """A button of a couple stands for the home; somebody holds a key for everyone."""
    assert {d.home_id for d in it.devices if d.id.startswith("B-")} == {home.id for home in it.homes}
    assert 1.15 < len(it.elders) / len(it.homes) < 1.4
    couples = {home for home, many in Counter(e.home_id for e in it.elders).items() if many == 2}
    assert all((d.elder_id is None) == (d.home_id in couples) for d in it.devices if d.id.startswith("B-"))
    assert {c.elder_id for c in it.contacts if c.has_key} == {e.id for e in it.elders}


def test_help_is_near_and_on_duty(it: County) -> None:
    """Half of the homes have somebody on duty within a kilometre; each town has its station."""
    on_duty = [Position(r.lat, r.lon) for r in it.responders if r.on_duty]
    nearest = sorted(min(distance_m(home.position, at) for at in on_duty) for home in it.homes)
    assert nearest[len(nearest) // 2] < 1_000
    assert {r.division for r in it.responders if r.kind is ResponderKind.STATION} == set(TOWN_CENTRES)
    assert len(on_duty) / len(it.responders) > 0.75


def test_the_newcomers_responders_wait_off_duty_in_the_county_seat(it: County) -> None:
    """r0001 and r0002 are for the person who tries the demo."""
    for shown in it.responders[:2]:
        assert (shown.kind, shown.on_duty) == (ResponderKind.CAREGIVER, False)
        assert covers(division("360733100"), division(shown.division))


def test_every_level_has_its_account(it: County) -> None:
    """Seats for the county and two towns, supervisors from city to street."""
    seats = {(a.role, a.division) for a in it.accounts if a.role is not Role.RESPONDER}
    assert seats >= {
        (Role.DESK, "360733"), (Role.DESK, "360733100"), (Role.DESK, "360733102"), (Role.SUPERVISOR, "3607"),
        (Role.SUPERVISOR, "360733"), (Role.SUPERVISOR, "360733100"),
    }  # fmt: skip
    assert [a.id for a in it.accounts if a.role is Role.ADMIN] == ["admin"]


def test_a_canary_presses_and_answers_in_the_county(it: County) -> None:
    """A device, a responder on duty and an account, and nothing else is of that kind."""
    assert [d.id for d in it.devices if d.kind is DeviceKind.CANARY] == ["CANARY-360733"]
    [bird] = [r for r in it.responders if r.kind is ResponderKind.CANARY]
    assert (bird.id, bird.division, bird.on_duty) == ("canary-360733", "360733", True)
    assert [(a.id, a.role) for a in it.accounts if a.responder_id == bird.id] == [("canary-360733", Role.RESPONDER)]


def test_every_kind_of_hub_has_its_own_prefix(it: County) -> None:
    """No two hubs may publish under one root, and what is bound lies under its hub's."""
    prefixes = {d.id: d.foreign_prefix for d in it.devices if d.foreign_prefix}
    assert len(set(prefixes.values())) == len(prefixes)
    for binding in (binding for binding in it.bindings if binding.adapter != "sms"):
        assert binding.address.startswith(str(prefixes[binding.hub_id]).removesuffix("#"))


@pytest.mark.parametrize("homes", [3, 50, 2_000])
def test_any_size_hangs_together(homes: int) -> None:
    """Small counties still have somebody to send."""
    made = county(seed=9, homes=homes)
    assert len(made.homes) == homes
    assert sum(r.on_duty for r in made.responders) >= 10
