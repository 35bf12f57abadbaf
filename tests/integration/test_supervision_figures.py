"""Fleet, indicators, protection, providers and a story told again: every figure counted once more by hand."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg

from services.gateway.domain.indicators import PACK
from services.gateway.domain.protection import FAULTS
from shared.contracts import indicators as told
from shared.contracts import supervision as contract
from shared.contracts.http import Page
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, OTHER_STREET, START, STREET, World, world
from tests.integration.test_supervision import DUTY, POST, SEAT, STOPPED, sql

OPENED = """
INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill, class,
    flags, presses, elder_id, device_id, policy, rung, rung_at, opened_at, pressed_at, receipt_stage, canary,
    taken_at, arrived_at, with_elder_at, closed_at, outcome)
VALUES ($1, $2, $3, 1, 1, $1, 'person', 'sos', 1, $4, 'own', '{}', 1, 'E1', $5, '{}', 0, $6, $6, $6, 1, $7,
    $8, $9, $10, $11, $12)
"""
DEVICE = """
INSERT INTO devices.device (id, county, division, model, kind, elder_id, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
HEALTH = "INSERT INTO devices.health (device_id, seen_at, online) VALUES ($1, $2, $3)"
PRESSED = "INSERT INTO devices.pressed (device_id, pressed_at, tested_at) VALUES ($1, $2, $3)"
LOW = """
INSERT INTO devices.fault (id, device_id, kind, division, opened_at) VALUES (gen_random_uuid(), $1, 'low_batt', $2, $3)
"""
ELDER = """
INSERT INTO dispatch.elder (id, home_id, division, name, born, phone, lives_alone, assessment, status)
VALUES ($1, $2, $3, '赵大爷', $4, $5, $6, $7, $8)
"""
HOME = "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ($1, $2, '红旗路1号101室', 25.6, 115.79)"
CONTACT = """
INSERT INTO dispatch.contact (elder_id, division, ord, name, relation, phone, has_key)
VALUES ($1, $2, $3, '赵小', '儿子', $4, $5)
"""
VISIT = """
INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, service, window_from, window_to, minutes, hands,
    skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt, proofs_arrive, proofs_leave,
    verified, callback_tries, fulfilled_at, price_id, price_cents, subsidy_cents, own_cents)
VALUES ($1, $2, 'fulfilled', 1, $3, $4, $5, $5, 30, 1, '{}', '{}', '{}', false, $5, '{}', 1, '{}', '{}', $6, 0, $5,
    $7, 0, 0, 0)
"""
PRICE = """
INSERT INTO dispatch.price (id, service, division, since, cents, subsidy_permille, absent_permille, by_account, at)
VALUES (gen_random_uuid(), 'visit', '', '2026-01-01', 0, 0, 0, 'x', $1) RETURNING id
"""
MONTH = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)


async def as_owner(settings: Settings, *work: tuple[Any, ...]) -> None:
    """Rows that other services keep, written as they would stand."""
    owner = await asyncpg.connect(settings.owner_database)
    for statement, *values in work:
        await owner.execute(statement, *values)
    await owner.close()


async def pack(it: World, token: str, **where: str) -> dict[str, told.Indicator]:
    """The indicators told for the whole, by code and part."""
    answer = await it.get("/supervision/indicators", token, **where)
    assert answer.status_code == 200, answer.text
    found = told.Indicators.model_validate(answer.json())
    for code in {kind.code for kind in PACK} - {"circle_15", "protection"}:
        parts = [line.values[code].denominator or 0 for line in found.lines if not line.values[code].few]
        whole = next(one for one in found.items if one.code == code and not one.part)
        assert sum(parts) <= (whole.denominator or sum(parts))
    return {f"{one.code} {one.part}".strip(): one for one in found.items}


async def cases(it: World, token: str, code: str, **where: str) -> list[str]:
    """Ids of everybody an indicator misses, read page by page."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await it.get(f"/supervision/indicators/{code}/cases", token, cursor=cursor, limit="7", **where)
        assert answer.status_code == 200, answer.text
        page = Page[told.IndicatorCase].model_validate(answer.json())
        found += [one.id for one in page.items]
        cursor = page.next
    assert len(set(found)) == len(found)
    return found


def history(seed: int) -> list[dict[str, Any]]:
    """Calls of a month at random: some untaken, some without a visit, some drills, some of a neighbour."""
    chance, found = Random(seed), []
    for n in range(120):
        at = MONTH + timedelta(seconds=chance.randrange(0, int((START - MONTH).total_seconds()) - 100))
        taken = at + timedelta(seconds=chance.choice((5, 30, 31, 60, 120, 181))) if chance.random() < 0.9 else None
        door = (
            at + timedelta(seconds=chance.choice((300, 900, 901, 1800, 1801, 4000))) if chance.random() < 0.6 else None
        )
        closed = at + timedelta(hours=2) if taken and chance.random() < 0.8 else None
        found.append({
            "id": f"I-{n:03}", "division": chance.choice((STREET, STREET, OTHER_STREET, COUNTY, OTHER_COUNTY)),
            "state": "closed" if closed else "on_scene" if door else "taken" if taken else "open",
            "drill": chance.random() < 0.1, "device": chance.choice(("B-1", "B-2", None)), "at": at,
            "canary": chance.random() < 0.1, "taken": taken, "door": door,
            "elder": door + timedelta(seconds=60) if door else None, "closed": closed,
            "outcome": chance.choice(("genuine", "false_press", "device_fault")) if closed else None,
        })  # fmt: skip
    return found


def mine(calls: list[dict[str, Any]], scope: str) -> list[dict[str, Any]]:
    """Those that count for a division."""
    return [one for one in calls if one["division"].startswith(scope) and not one["drill"] and not one["canary"]]


def late(calls: list[dict[str, Any]], step: str, seconds: int) -> list[dict[str, Any]]:
    """Those that missed a target, told step by step."""
    found = []
    for one in calls:
        made = one[step] or (one["closed"] if step == "taken" else None)
        wanted = (
            step == "taken" or one["state"] in ("open", "taken") or (step == "elder" and one["state"] == "on_scene")
        )
        if made is not None and (made - one["at"]).total_seconds() > seconds:
            found.append(one)
        if made is None and wanted and (START - one["at"]).total_seconds() > seconds:
            found.append(one)
    return found


async def test_every_figure_about_time_equals_a_count_by_hand_and_its_list(settings: Settings) -> None:
    """Random histories: numerators, denominators, the list behind each, and nothing of a neighbour."""
    calls = history(7)
    async with world(settings) as it:
        at = it.clock.now()
        await as_owner(
            settings, *((DEVICE, name, COUNTY, STREET, model, "button", "E1", at)
                        for name, model in (("B-1", "YL-1"), ("B-2", "YL-2"))),
        )  # fmt: skip
        for one in calls:
            await sql(it, OPENED, *(one[name] for name in (
                "id", "division", "state", "drill", "device", "at", "canary", "taken", "door", "elder", "closed",
                "outcome")))  # fmt: skip
        desk = await it.log_in("desk")
        for scope in (COUNTY, STREET):
            found, own = await pack(it, desk, division=scope), mine(calls, scope)
            for code, step, seconds in (
                ("answered_30", "taken", 30), ("answered_60", "taken", 60), ("answered_180", "taken", 180),
                ("door_15", "door", 900), ("door_30", "door", 1800), ("elder_15", "elder", 900),
                ("elder_30", "elder", 1800),
            ):  # fmt: skip
                missed = late(own, step, seconds)
                made = [c for c in own if c[step] or (step == "taken" and c["closed"])]
                within = [c for c in made if c not in missed]
                assert (found[code].numerator, found[code].denominator) == (len(within), len(within) + len(missed)), (
                    code
                )
                assert sorted(await cases(it, desk, code, division=scope)) == sorted(c["id"] for c in missed), code
            false = [c for c in own if c["device"] and c["outcome"] in ("false_press", "device_fault")]
            ended = [c for c in own if c["device"] and c["outcome"]]
            assert (found["false_alarm"].numerator, found["false_alarm"].denominator) == (len(false), len(ended))
            first = [c for c in ended if c["device"] == "B-1"]
            assert found["false_alarm YL-1"].denominator == len(first)
            listed = await cases(it, desk, "false_alarm", division=scope, part="YL-1")
            assert sorted(listed) == sorted(c["id"] for c in false if c in first)
            assert sorted(await cases(it, desk, "false_alarm", division=scope)) == sorted(c["id"] for c in false)
        period = {"from": "2026-11-10", "to": "2026-11-12"}
        within_days = [c for c in mine(calls, COUNTY) if "2026-11-10" <= _day(c["at"]) <= "2026-11-12"]
        part = await pack(it, desk, **period)
        assert sorted(await cases(it, desk, "answered_30", **period)) == sorted(
            c["id"] for c in late(within_days, "taken", 30)
        )
        assert part["answered_30"].denominator == len([c for c in within_days if c["taken"] or c["closed"]]) + len(
            [c for c in late(within_days, "taken", 30) if not c["taken"]]
        )
        for asked, code, field in (
            ({"from": "2026-11-12", "to": "2026-11-10"}, "period_reversed", "to"),
            ({"from": "1999-01-01"}, "period_too_long", "from"), ({"to": "soon"}, "invalid_field", "to"),
        ):  # fmt: skip
            refused = await it.get("/supervision/indicators", desk, **asked)
            assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
        assert (await it.get("/supervision/indicators/nothing/cases", desk)).status_code == 404


def _day(at: datetime) -> str:
    return (at + timedelta(hours=8)).date().isoformat()


async def the_fleet_is_told(it: World, desk: str) -> None:
    """By state and by area, to those whose area it is."""
    fleet = told.Fleet.model_validate((await it.get("/supervision/fleet", desk)).json())
    assert (fleet.total.devices, fleet.total.online, fleet.total.low_batt, fleet.total.silent_24h) == (4, 3, 1, 1)
    assert (fleet.total.tested_30d, fleet.total.tested_share) == (2, 0.5)
    assert [(one.key, one.devices) for one in fleet.areas] == [(STREET, 4)]
    elsewhere = (await it.get("/supervision/fleet", await it.log_in("elsewhere"))).json()
    assert elsewhere["total"]["devices"] == 0


async def test_who_was_not_visited_is_listed_and_each_fault_of_protection_is_told(settings: Settings) -> None:
    """Six elders, each lacking one thing: the missing list, the score, and the ones in hospital left out."""
    async with world(settings) as it:
        now = it.clock.now()
        await sql(it, STOPPED)
        await sql(it, DUTY, "R1", now)
        await sql(it, POST, COUNTY)
        await sql(it, SEAT, "desk", COUNTY, now)
        await sql(it, "UPDATE dispatch.elder SET status = 'hospital'")
        elders: list[tuple[Any, ...]] = [
            ("P1", 1940, "139", True, 2, "home"), ("P2", 1950, "139", False, None, "home"),
            ("P3", 1950, "139", True, None, "home"), ("P4", 1930, None, False, None, "home"),
            ("P5", 1945, "139", False, 1, "home"), ("P6", 1940, "139", True, 1, "dead"),
        ]  # fmt: skip
        price = await it.city.database.pool.fetchval(PRICE, now)
        for name, born, phone, alone, level, status in elders:
            await sql(it, HOME, f"H-{name}", STREET)
            await sql(it, ELDER, name, f"H-{name}", STREET, born, phone, alone, level, status)
            if name != "P5":
                await sql(it, CONTACT, name, STREET, 1, "13900000001", name != "P2")
            if name != "P3":
                await sql(it, CONTACT, name, STREET, 2, "13900000002", False)
        for n, (name, service, verified) in enumerate(
            (("P1", "visit", True), ("P3", "visit", False), ("P3", "meal", True), ("P2", "visit", True))
        ):
            await sql(it, VISIT, f"O-{n}", STREET, name, service, now - timedelta(days=2), verified, price)
        await as_owner(
            settings,
            *((DEVICE, f"D-{name}", COUNTY, STREET, "YL-1", "button", name, now) for name in ("P1", "P2", "P3", "P5")),
            (HEALTH, "D-P1", now, True), (HEALTH, "D-P2", now - timedelta(hours=25), False),
            (HEALTH, "D-P3", now, True), (HEALTH, "D-P5", now, True), (LOW, "D-P3", STREET, now),
            *((PRESSED, f"D-{name}", now - timedelta(days=days), None) for name, days in (("P1", 3), ("P3", 29))),
        )  # fmt: skip
        desk = await it.log_in("desk")
        found = await pack(it, desk)
        assert found["home_service"].few is False
        assert (found["home_service"].numerator, found["home_service"].denominator) == (3, 5)
        assert (found["monthly_visit"].few, found["monthly_visit"].value) == (True, None)
        assert await cases(it, desk, "monthly_visit") == ["P3", "P5"]
        assert await cases(it, desk, "visit_help") == ["P1"]
        assert await cases(it, desk, "assessed_80") == ["P4"]
        assert (found["contacts"].numerator, found["contacts"].met) == (2, False)
        assert await cases(it, desk, "contacts") == ["P2", "P3", "P5"]
        assert sorted(await cases(it, desk, "device_online")) == ["D-P2"]
        guarded = told.Protection.model_validate((await it.get("/supervision/protection", desk)).json())
        assert {one.elder: one.faults for one in guarded.items} == {
            "P4": ("no_device", "no_phone"), "P2": ("device_silent", "no_way_in", "untested"),
            "P3": ("low_batt",), "P5": ("no_way_in", "untested"),
        }  # fmt: skip
        weight = {fault.code: fault.weight for fault in FAULTS}
        scores = [max(0, 100 - sum(weight[code] for code in one.faults)) for one in guarded.items]
        assert [one.score for one in guarded.items] == scores == sorted(scores)
        assert (guarded.elders, guarded.whole, guarded.mean) == (5, 1, round((sum(scores) + 100) / 5, 1))
        assert found["protection"].value == guarded.mean
        untested = (await it.get("/supervision/protection", desk, fault="untested", limit="1")).json()
        assert ([one["elder"] for one in untested["items"]], untested["next"]) == (["P2"], "15.P2")
        rest = (await it.get("/supervision/protection", desk, fault="untested", cursor="15.P2")).json()
        assert [one["elder"] for one in rest["items"]] == ["P5"]
        await sql(it, "DELETE FROM dispatch.seat")
        await sql(it, STOPPED)
        kept = told.Protection.model_validate((await it.get("/supervision/protection", desk)).json())
        assert (kept.at, kept.items) == (guarded.at, guarded.items), (
            "counted once for all who look within half a minute"
        )
        it.clock.advance(31)
        alone = told.Protection.model_validate((await it.get("/supervision/protection", desk)).json())
        assert all({"no_seat", "out_of_reach"} <= set(one.faults) for one in alone.items)
        await the_fleet_is_told(it, desk)


async def test_providers_stand_beside_one_another_with_numbers(settings: Settings) -> None:
    """Ten offers of one, two of another: rates and a rank for the first only; reasons counted; a complaint found."""
    async with world(settings) as it:
        now = it.clock.now()
        for provider in ("V1", "V2"):
            await sql(it, "INSERT INTO dispatch.provider (id, division, name, lat, lon) VALUES ($1, $2, $1, 0, 0)",
                      provider, STREET)  # fmt: skip
        await sql(it, "UPDATE dispatch.responder SET provider_id = CASE id WHEN 'R1' THEN 'V1' ELSE 'V2' END")
        for n in range(10):
            await it.city.open(f"I-{n}")
            offer, _ = await it.city.offer(f"I-{n}", "R1")
            if n < 7:
                await it.city.accept(f"I-{n}", "R1", offer)
                late_s = 421 if n else 421 + 300
                await sql(it, "UPDATE dispatch.assignment SET arrived_at = accepted_at + make_interval(secs => $2), "
                              "state = 'completed' WHERE incident_id = $1", f"I-{n}", late_s)  # fmt: skip
            else:
                await sql(it, "UPDATE dispatch.offer SET state = $2, reason = $3 WHERE id = $1", offer,
                          "declined" if n < 9 else "expired", "busy" if n < 9 else None)  # fmt: skip
            if n < 2:
                second, _ = await it.city.offer(f"I-{n}", "R2")
                await sql(it, "UPDATE dispatch.offer SET state = 'declined' WHERE id = $1", second)
        family = (
            "INSERT INTO gateway.account (id, username, name, role, division, phone) "
            "VALUES ('F', 'F', 'F', 'family', $1, '1')"
        )
        complaint = (
            "INSERT INTO gateway.complaint (id, division, elder_id, account_id, about, text, at, due_at) "
            "VALUES (gen_random_uuid(), $1, 'E1', 'F', 'I-3', '太慢', $2, $2)"
        )
        await as_owner(settings, (family, STREET), (complaint, STREET, now))
        it.clock.advance(60)
        found = told.Providers.model_validate((await it.get("/supervision/providers", await it.log_in("desk"))).json())
        one, two = found.items
        assert (one.provider, one.rank, one.offers, one.accepted, one.silent) == ("V1", 1, 10, 7, 1)
        assert (one.acceptance, one.declines) == (0.7, {"busy": 2})
        assert one.acceptance_low is not None
        assert one.acceptance_low < 0.7 < (one.acceptance_high or 0)
        assert (one.arrivals, one.late, one.late_share, one.door_p50_s) == (7, 1, round(1 / 7, 3), 421)
        assert one.complaints == 1
        assert (two.provider, two.rank, two.few, two.offers, two.acceptance) == ("V2", None, True, 2, None)


async def test_an_incident_is_told_again_with_stages_sounds_and_ways(settings: Settings) -> None:
    """Each stage once, at its first fact; the drill sounds apart; where she went; only within the scope."""
    async with world(settings) as it:
        await it.city.open("I-1")
        it.clock.advance(5)
        offer, _ = await it.city.offer("I-1", "R1")
        it.clock.advance(10)
        await it.city.accept("I-1", "R1", offer)
        await sql(it, "UPDATE dispatch.responder SET seen_lat = 25.61, seen_lon = 115.8, seen_at = $1 WHERE id = 'R1'",
                  it.clock.now() + timedelta(seconds=30))  # fmt: skip
        it.clock.advance(120)
        await it.city.write(it.city.event("I-1", "incident.on_scene"), it.city.event("I-1", "assignment.arrived"))
        await it.city.close("I-1")
        desk = await it.log_in("desk")
        answer = await it.get("/reports/incidents/I-1/replay", desk)
        assert answer.status_code == 200, answer.text
        found = contract.IncidentReplay.model_validate(answer.json())
        assert [(one.stage, one.s) for one in found.steps if one.stage] == [
            ("recorded", 0), ("offered", 5), ("accepted", 15), ("arrived", 135), ("closed", 135),
        ]  # fmt: skip
        assert [one.sound for one in found.steps if one.sound] == ["sos", "sos"]
        assert [(t.responder, [p.s for p in t.points]) for t in found.tracks] == [("R1", [45])]
        assert (found.name_masked, found.lat, found.state) == ("李*国", 25.6, "closed")
        assert "policy" not in answer.text
        elsewhere = await it.log_in("elsewhere")
        assert (await it.get("/reports/incidents/I-1/replay", elsewhere)).status_code == 404
