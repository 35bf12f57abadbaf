"""What would fail for each elder: the one statement over everybody against a look at one after another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.gateway.flow import areas
from services.gateway.store import protection as store
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.divisions import Division
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, OTHER_STREET, START, STREET, world
from tests.integration.test_supervision_figures import as_owner

HOME = "INSERT INTO dispatch.home (id, division, address, lat, lon, key_place) VALUES ($1, $2, '红旗路', $3, $4, $5)"
ELDER = """
INSERT INTO dispatch.elder (id, home_id, division, name, phone, break_in, status, status_until)
VALUES ($1, $2, $3, '赵大爷', $4, $5, $6, $7)
"""
CONTACT = """
INSERT INTO dispatch.contact (elder_id, division, ord, name, relation, phone, has_key)
VALUES ($1, $2, $3, '赵小', '儿子', $4, $5)
"""
DEVICE = """
INSERT INTO devices.device (id, county, division, model, kind, elder_id, home_id, added_at, revoked_at)
VALUES ($1, $2, $3, 'M', $4, $5, $6, $7, $8)
"""
HEALTH = "INSERT INTO devices.health (device_id, seen_at, online) VALUES ($1, $2, $3)"
PRESSED = "INSERT INTO devices.pressed (device_id, pressed_at, tested_at, self_tested_at) VALUES ($1, $2, $3, $4)"
FAULT = """
INSERT INTO devices.fault (id, device_id, kind, division, opened_at, ended_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
"""
PLACED = """
INSERT INTO devices.placement (device_id, division, from_at, until_at, placed_by, confirmed_at)
VALUES ($1, $2, $3, $4, '甲', $5)
"""
JOINED = """
SELECT oid::regproc::text AS name, proconfig FROM pg_proc
WHERE oid IN ('dispatch.lacking'::regproc, 'dispatch.in_care'::regproc, 'devices.counted'::regproc)
"""
PLACES = (STREET, STREET, OTHER_STREET, COUNTY, OTHER_COUNTY)
KINDS = ("button", "wearable", "page", "sensor")
MONTH = timedelta(days=30)
Row = dict[str, Any]


def lately(chance: Random) -> datetime | None:
    """Never, within thirty days, or longer ago."""
    return chance.choice((None, START - timedelta(days=chance.uniform(1, 29)), START - timedelta(days=31)))


def homes(chance: Random) -> list[Row]:
    """Some of the county's next to its border."""
    return [
        {"id": f"H-{n}", "division": chance.choice(PLACES), "lat": 25.6 + n / 900, "lon": 115.8 + n / 700,
         "key": chance.choice((None, None, "门垫下"))}
        for n in range(60)
    ]  # fmt: skip


def elders(chance: Random, of: list[Row]) -> list[Row]:
    """One or two in a home, some with contacts, some away."""
    return [
        {"id": f"E-{n}", "home": home, "division": home["division"], "phone": chance.choice((None, "", "139")),
         "break_in": chance.random() < 0.2, "status": chance.choice(("home", "home", "out", "hospital", "moved")),
         "until": chance.choice((None, START - timedelta(hours=1), START + timedelta(hours=1))),
         "contacts": [(chance.choice(("", "138")), chance.random() < 0.3) for _ in range(chance.randrange(3))]}
        for n, home in enumerate(chance.choices(of, k=90))
    ]  # fmt: skip


def things(chance: Random, of: list[Row]) -> list[Row]:
    """Hers, the home's, nobody's, taken away; some never heard."""
    found = []
    for n in range(200):
        elder, hers = chance.choice(of), chance.random() < 0.5
        found.append({
            "id": f"D-{n}", "division": elder["division"], "kind": chance.choice(KINDS),
            "elder": elder["id"] if hers else None, "home": chance.choice((elder["home"]["id"], None)),
            "revoked": chance.choice((None, None, START)), "health": chance.choice((True, False, None, "none")),
            "seen": lately(chance), "pressed": [lately(chance) for _ in range(3)] if chance.random() < 0.7 else None,
            "faults": chance.sample([("low_batt", None), ("low_batt", START), ("tamper", None)], chance.randrange(3)),
            "places": chance.choice(([], [(None, None)], [(None, START)], [(START, None), (None, START)])),
        })  # fmt: skip
    return found


def mask(elder: Row, all_things: list[Row], beyond: set[tuple[str, float, float]], seats: list[str]) -> int:
    """What she lacks, one thing after another."""
    home = elder["home"]
    mine = [
        one for one in all_things
        if one["revoked"] is None and one["kind"] != "sensor"
        and (one["elder"] == elder["id"] or (one["elder"] is None and one["home"] == home["id"]))
    ]  # fmt: skip
    alive = [one for one in mine if is_alive(one)]
    reached = [has_key for phone, has_key in elder["contacts"] if phone]
    spot = (home["division"], round(home["lat"] * 500) / 500, round(home["lon"] * 500) / 500)
    lacks = {
        1: not mine, 2: mine and not alive, 4: alive and all(("low_batt", None) in one["faults"] for one in alive),
        8: mine and not any(is_tested(one) for one in mine),
        16: mine and all((None, None) in one["places"] for one in mine), 32: not reached,
        64: not any(reached) and home["key"] is None and not elder["break_in"], 128: spot in beyond,
        256: not any(elder["division"].startswith(seat) for seat in seats), 512: not elder["phone"],
    }  # fmt: skip
    return sum(bit for bit, lacking in lacks.items() if lacking)


def is_tested(one: Row) -> bool:
    """Pressed or tested within thirty days; a page needs no test."""
    last = max((at for at in one["pressed"] or () if at), default=None)
    return one["kind"] == "page" or (last is not None and last >= START - MONTH)


def is_alive(one: Row) -> bool:
    """Online by its own word, else heard within thirty days."""
    if one["kind"] == "page" or isinstance(one["health"], bool):
        return one["kind"] == "page" or one["health"] is True
    seen = one["seen"] if one["health"] is None else None
    last = max((at for at in (seen, *(one["pressed"] or ())) if at), default=None)
    return last is not None and last > START - MONTH


def at_home(elder: Row) -> bool:
    """In, or back by now."""
    back = elder["until"] is not None and elder["until"] <= START
    return elder["status"] in ("home", "out") or (elder["status"] == "hospital" and back)


async def laid_out(settings: Settings, houses: list[Row], people: list[Row], all_things: list[Row]) -> None:
    """As other services would have written it."""
    await as_owner(
        settings,
        *((HOME, one["id"], one["division"], one["lat"], one["lon"], one["key"]) for one in houses),
        *((ELDER, one["id"], one["home"]["id"], one["division"], one["phone"], one["break_in"], one["status"],
           one["until"]) for one in people),
        *((CONTACT, one["id"], one["division"], n, phone, has_key)
          for one in people for n, (phone, has_key) in enumerate(one["contacts"], 1)),
        *((DEVICE, one["id"], one["division"][:6], one["division"], one["kind"], one["elder"], one["home"], START,
           one["revoked"]) for one in all_things),
        *((HEALTH, one["id"], one["seen"], one["health"]) for one in all_things if one["health"] != "none"),
        *((PRESSED, one["id"], *one["pressed"]) for one in all_things if one["pressed"]),
        *((FAULT, one["id"], kind, one["division"], START - MONTH, ended)
          for one in all_things for kind, ended in one["faults"]),
        *((PLACED, one["id"], one["division"], START - timedelta(days=2 - n), until, confirmed)
          for one in all_things for n, (until, confirmed) in enumerate(one["places"])),
    )  # fmt: skip


@asynccontextmanager
async def gateway(settings: Settings) -> AsyncIterator[Database]:
    """As the gateway asks."""
    database = Database(settings.gateway_database, name="test-lacking", size=1)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def test_everybody_lacks_what_a_look_at_her_alone_finds(settings: Settings) -> None:
    """A random county, of which every division is asked: each elder once, with the same faults; none of a neighbour."""
    chance = Random(11)
    houses = homes(chance)
    people = elders(chance, houses)
    all_things = things(chance, people)
    spots = {(one["division"], round(one["lat"] * 500) / 500, round(one["lon"] * 500) / 500) for one in houses}
    beyond, seats = set(chance.sample(sorted(spots), 20)), [STREET]
    async with world(settings), gateway(settings) as database:
        await as_owner(settings, ("DELETE FROM dispatch.contact",), ("UPDATE dispatch.elder SET status = 'dead'",))
        await laid_out(settings, houses, people, all_things)
        for code in (COUNTY, STREET, OTHER_COUNTY, "36"):
            async with areas.looking(database, Division(code)) as connection:
                groups = await store.lacking(connection, START, store.Around(sorted(beyond), seats), 4)
            found = {elder: (one.division, one.mask) for one in groups for elder in one.elders}
            own = [one for one in people if one["division"].startswith(code) and at_home(one)]
            assert found == {
                one["id"]: (one["division"], mask(one, all_things, beyond, seats)) for one in own
            }  # fmt: skip
            assert sum(len(one.elders) for one in groups) == len(own)
        assert len({mask(one, all_things, beyond, seats) for one in people}) > 20


async def test_figures_over_everybody_do_not_wait_for_statistics(settings: Settings) -> None:
    """Where nothing is known of a county that was just taken in, a look for each elder in turn would have no end."""
    async with gateway(settings) as database:
        found = await database.pool.fetch(JOINED)
    assert len(found) == 3
    for one in found:
        assert {"enable_nestloop=off", "enable_mergejoin=off"} <= set(one["proconfig"]), one["name"]
