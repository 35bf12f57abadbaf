"""Orders at the public door: who sees which, who may do what, and what a wrong word is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from shared.contracts import orders
from shared.contracts.http import Page
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, START, STREET, World, world

ORDER = """
INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, home_id, service, window_from, window_to,
    minutes, hands, skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt, proofs_arrive,
    proofs_leave, callback_tries, price_id, price_cents, subsidy_cents, own_cents, provider_id, callback_at)
VALUES ($1, $2, $3, 3, 'E1', 'H1', 'meal', $4::timestamptz, $4 + interval '1 hour', 10, 1, '{}', '{position}', '{}',
    true, $4, $5, 0, '{}', '{}', 0, $6, 1500, 900, 600, $7, $8)
"""
PRICE = """
INSERT INTO dispatch.price VALUES (gen_random_uuid(), 'meal', '36', '2026-01-01', NULL, 1500, 600, 0, 'x', $1)
RETURNING id
"""
WINDOW = {"window_from": "2026-11-22T04:00:00Z", "window_to": "2026-11-22T05:00:00Z"}
NAMES = [f"O-2026-00000{n}" for n in range(1, 4)]


@asynccontextmanager
async def stocked(settings: Settings) -> AsyncIterator[World]:
    """Three meals of E1: one booked for R1, one given to a provider, one served and to be asked about."""
    async with world(settings) as it:
        db = await asyncpg.connect(settings.owner_database)
        price = await db.fetchval(PRICE, START)
        await db.execute("INSERT INTO dispatch.provider VALUES ('P-1', $1, '安康', '1', 25.6, 115.79)", COUNTY)
        rows: list[tuple[str, list[str], str | None]] = [
            ("scheduled", ["R1"], None), ("placed", [], "P-1"), ("fulfilled", ["R2"], None),
        ]  # fmt: skip
        for n, (state, people, provider) in enumerate(rows):
            at = START + timedelta(hours=2 * n)
            await db.execute(ORDER, NAMES[n], STREET, state, at, people, price, provider, at + timedelta(days=1))
        await db.close()
        yield it


async def test_a_day_is_listed_by_its_windows_with_names_masked(settings: Settings) -> None:
    """Pages go on where they ended; those to be asked about are found; another day is empty."""
    async with stocked(settings) as it:
        desk = await it.log_in("desk")
        page = (await it.get("/orders", desk, day="2026-11-22", limit=2)).json()
        lines = Page[orders.OrderLine].model_validate(page).items
        assert [line.order for line in lines] == NAMES[:2]
        assert (lines[0].name_masked, lines[0].service_name, lines[0].people[0].name) == ("李*国", "助餐", "王护士")
        rest = (await it.get("/orders", desk, day="2026-11-22", limit=2, cursor=page["next"])).json()
        assert [line["order"] for line in rest["items"]] == NAMES[2:]
        assert (await it.get("/orders", desk, day="9999-12-31")).json()["items"] == []
        assert (await it.get("/orders", desk, day="0001-01-01")).json()["items"] == []
        for params, found in (
            ({"only": "call_back"}, NAMES[2:]), ({"state": "placed"}, NAMES[1:2]), ({"day": "2026-11-23"}, []),
            ({"only": "open"}, NAMES[:2]),
        ):  # fmt: skip
            given: dict[str, Any] = params
            assert [line["order"] for line in (await it.get("/orders", desk, **given)).json()["items"]] == found


async def test_the_next_county_and_strangers_see_nothing(settings: Settings) -> None:
    """An order is for its desk and for those who are booked for it, who see neither money nor notes."""
    async with stocked(settings) as it:
        desk, wang, li, far = [await it.log_in(name) for name in ("desk", "wang", "li", "elsewhere")]
        full = orders.OrderView.model_validate((await it.get(f"/orders/{NAMES[0]}", desk)).json())
        assert (full.price_cents, full.address is not None) == (1500, True)
        mine = orders.OrderView.model_validate((await it.get(f"/orders/{NAMES[0]}", wang)).json())
        assert (mine.price_cents, mine.notes, mine.evidence_arrive) == (None, (), ("position",))
        assert (await it.get(f"/orders/{NAMES[0]}", li)).status_code == 404
        assert (await it.get(f"/orders/{NAMES[0]}", far)).status_code == 404
        assert (await it.get("/orders", far)).json()["items"] == []
        assert (await it.get("/orders", wang)).status_code == 403
        for token, found in ((wang, NAMES[:1]), (li, [])):
            assert [line["order"] for line in (await it.get("/orders/mine", token)).json()["items"]] == found
        assert (await it.get("/orders/mine", desk)).json()["code"] == "not_a_responder"


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("reschedule", {**WINDOW, "reason": "elder_asks"}, "reschedule_order"),
        ("cancel", {"reason": "mistake"}, "cancel_order"),
        ("return", {"reason": "nobody_free"}, "return_order"),
        ("assign", {"people": ["R1"]}, "assign_order"),
        ("hand-over", {"people": ["R2"]}, "hand_over_order"),
        ("call-back", {"result": "reached", "rating": 4}, "call_back_order"),
        ("dispute", {"reason": "quality"}, "dispute_order"),
        ("settle", {"charged_cents": 0}, "settle_order"),
        ("correct", {"field": "leaving", "note": "忘了扫码"}, "correct_order"),
        ("confirm", {}, "confirm_order"),
    ],
)
async def test_what_the_desk_does_is_passed_on_and_shown(
    settings: Settings, path: str, body: dict[str, Any], name: str
) -> None:
    """The command carries order, words and who decides; the answer is the order as it is now."""
    async with stocked(settings) as it:
        desk = await it.log_in("desk")
        it.answers.append({"status": 200, "body": {"order": NAMES[0]}})
        answer = await it.post(f"/orders/{NAMES[0]}/{path}", desk, body)
        assert orders.OrderView.model_validate(answer.json()).line.order == NAMES[0]
        [command] = it.commands
        assert (command.name, command.target, command.actor.division) == (name, NAMES[0], COUNTY)
        assert {k: v for k, v in body.items() if k != "people"}.items() <= {
            **command.args, **({"people": tuple(command.args["people"])} if "people" in body else {}),
        }.items()  # fmt: skip


async def test_only_who_goes_proves_and_only_a_supervisor_prices(settings: Settings) -> None:
    """A stranger's proof leaves the house as little as a desk's price."""
    async with stocked(settings) as it:
        desk, city, wang, li = [await it.log_in(name) for name in ("desk", "city", "wang", "li")]
        proof = {"phase": "arrive", "kind": "position", "lat": 25.6, "lon": 115.79, "accuracy_m": 10}
        assert (await it.post(f"/orders/{NAMES[0]}/proof", li, proof)).status_code == 404
        it.answers.append({"status": 200, "body": {"order": NAMES[0], "holds": True, "dist_m": 3}})
        assert (await it.post(f"/orders/{NAMES[0]}/proof", wang, proof)).json()["holds"] is True
        price = {"division": COUNTY, "since": "2026-12-01", "cents": 1200, "subsidy_permille": 500}
        assert (await it.post("/services/meal/prices", desk, price)).status_code == 403
        it.answers.append({"status": 200, "body": {}})
        told = await it.post("/services/meal/prices", city, price)
        assert (told.status_code, told.json()["code"]) == (201, "meal")
        assert [command.name for command in it.commands] == ["prove_order", "set_price"]
        beyond = {**price, "division": "360121"}
        assert (await it.post("/services/meal/prices", city, beyond)).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**WINDOW, "service": "meal"}, "elder"),
        ({**WINDOW, "elder": "E1", "service": "MEAL!"}, "service"),
        ({**WINDOW, "elder": "E1", "service": "meal", "telephoned": "neighbour"}, "telephoned"),
        ({"elder": "E1", "service": "meal", "window_from": "2026-11-22T04:00:00", "window_to": "x"}, "window_from"),
    ],
)
async def test_a_wrong_word_is_named(settings: Settings, body: dict[str, Any], field: str) -> None:
    """A time without its zone is no time."""
    async with stocked(settings) as it:
        answer = await it.post("/orders", await it.log_in("desk"), body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
        assert it.commands == []


async def test_the_catalogue_as_it_holds_there(settings: Settings) -> None:
    """Seven kinds of help and the visit, each with its names, its proofs and its price."""
    async with stocked(settings) as it:
        found = (await it.get("/services", await it.log_in("desk"))).json()["items"]
        lines = {line["code"]: orders.ServiceLine.model_validate(line) for line in found}
        assert [lines[c].name for c in ("meal", "clinic", "escort", "bath", "cleaning", "urgent", "errand")] == [
            "助餐", "助医", "助行", "助浴", "助洁", "助急", "代办",
        ]  # fmt: skip
        assert (lines["bath"].hands, lines["meal"].prices[0].cents, lines["bath"].prices) == (2, 1500, ())
