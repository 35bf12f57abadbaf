"""What elders and families thought of it, on a real database behind a real gateway: every count once more by hand."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from services.gateway.domain.ratings import CONTENT, RESULTS, STARS, WELL, table
from services.gateway.flow.orders import CHINA
from shared.contracts import indicators as told
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.integration.gateway_world import ASSIGNMENT, COUNTY, JOB, OTHER_COUNTY, START, STREET, World, world
from tests.integration.test_supervision import sql
from tests.integration.test_supervision_figures import OPENED, PRICE, as_owner

PROVIDER = "INSERT INTO dispatch.provider (id, division, name, lat, lon) VALUES ($1, $2, $3, 0, 0)"
RESPONDER = """
INSERT INTO dispatch.responder (id, division, provider_id, kind, name, phone, lat, lon)
VALUES ($1, $2, $3, 'caregiver', '甲', '1', 25.6, 115.8)
"""
CAME = "UPDATE dispatch.assignment SET state = 'completed', slot = $2, arrived_at = $3 WHERE id = $1"
CALLED_BACK = "INSERT INTO dispatch.call_back (incident_id, division, due_at, result) VALUES ($1, $2, $3, $4)"
RATED = "INSERT INTO gateway.rating VALUES ($1, $5, $2, 'E1', $3, '很好', $4)"
HERS = """
INSERT INTO gateway.account (id, username, name, role, division, elder_id) VALUES ('E1', 'E1', '', 'elder', '00', 'E1')
"""
VISIT = """
INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, service, window_from, window_to, minutes,
    hands, skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt, proofs_arrive, proofs_leave,
    verified, callback_tries, price_id, price_cents, subsidy_cents, own_cents, fulfilled_at, closed_at, provider_id,
    callback_result, rating)
VALUES ($1, $2, 'closed', 1, 'E1', 'visit', $3, $3, 30, 1, '{}', '{}', '{}', false, $3, '{}', 1, '{}', '{}', true, 1,
    $4, 0, 0, 0, $3, $3, $5, $6, $7)
"""
PROVIDERS = ("V-1", "V-2", "V-3", "V-4")
SINCE = START - timedelta(days=40)


def history(seed: int) -> list[dict[str, Any]]:
    """Calls and visits at random: by one provider mostly, some by nobody's people, some before the period."""
    chance = Random(seed)
    return [
        {
            "id": f"I-{n:03}", "call": chance.random() < 0.5, "at": START - timedelta(days=chance.uniform(0, 60)),
            "division": chance.choice((STREET, STREET, COUNTY, OTHER_COUNTY)),
            "provider": chance.choices((*PROVIDERS, None), (60, 20, 2, 2, 16))[0],
            "family": chance.choice((None, 1, 2, 3, 4, 5, 5)), "elder": chance.choice((None, 3, 4, 5)),
            "page": chance.choice((None, None, 2, 4)),
            "result": chance.choice((None, "no_answer", "not_wanted", "good", "good")),
        }
        for n in range(160)
    ]  # fmt: skip


async def laid_out(it: World, settings: Settings, story: list[dict[str, Any]]) -> None:
    """A second helper of another provider comes to every call, later."""
    price = await it.city.database.pool.fetchval(PRICE, START)
    for provider in PROVIDERS:
        await sql(it, PROVIDER, provider, COUNTY, f"服务站{provider}")
        await sql(it, RESPONDER, f"R-{provider}", COUNTY, provider)
    await sql(it, RESPONDER, "R-None", COUNTY, None)
    for one in story:
        name, division, at = one["id"], one["division"], one["at"]
        if one["call"]:
            job = uuid7(at)
            await sql(it, OPENED, name, division, "closed", False, None, at, False, at, at, at, at, "genuine")
            await sql(it, JOB, job, name, division, at)
            for minute, slot, helper in ((1, 2, f"R-{one['provider']}"), (2, 1, "R-V-2")):
                made = uuid7(at)
                await sql(it, ASSIGNMENT, made, job, name, division, uuid7(at), helper, at)
                await sql(it, CAME, made, slot, at + timedelta(minutes=minute))
            await sql(it, CALLED_BACK, name, division, at, said(one))
        else:
            await sql(it, VISIT, name, division, at, price, one["provider"], said(one), one["elder"])
    rated = [
        (RATED, one["id"], one["division"], one[how], one["at"], account)
        for one in story for how, account in (("family", "city"), ("page", "E1")) if one[how]
    ]  # fmt: skip
    await as_owner(settings, (HERS,), *rated)


def said(one: dict[str, Any]) -> str | None:
    """How its call-back ended: a good end has another name after a call for help."""
    good = "well" if one["call"] else "reached"
    return good if one["result"] == "good" else one["result"]


Part = Callable[[dict[str, Any], str], str]
PARTS: dict[str, Part] = {
    "provider": lambda one, _: one["provider"] or "",
    "month": lambda one, _: one["at"].astimezone(CHINA).strftime("%Y-%m"),
    "source": lambda _, source: source,
}


def by_hand(story: list[dict[str, Any]], part: Part) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Stars and results by part."""
    stars: dict[str, Counter[str]] = defaultdict(Counter)
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for one in story:
        if one["family"]:
            stars[part(one, "family")][str(one["family"])] += 1
        if one["page"]:
            stars[part(one, "elder")][str(one["page"])] += 1
        if one["elder"] and not one["call"]:
            stars[part(one, "call_back")][str(one["elder"])] += 1
        if result := said(one):
            results[part(one, "call" if one["call"] else "order")][result] += 1
    return stars, results


async def test_what_was_thought_of_it_is_told_by_provider_month_and_source(settings: Settings) -> None:
    """A random history: each line as counted by hand, handfuls merged, nothing of a neighbour, nobody's words."""
    story = history(3)
    async with world(settings) as it:
        await laid_out(it, settings, story)
        desk = await it.log_in("desk")
        over = {"from": SINCE.isoformat(), "to": START.isoformat()}
        names = {provider: f"服务站{provider}" for provider in PROVIDERS}
        for division in (COUNTY, STREET):
            mine = [one for one in story if one["division"].startswith(division) and one["at"] >= SINCE]
            for by, part in PARTS.items():
                answer = await it.get("/supervision/ratings", desk, division=division, by=by, **over)
                found = told.Ratings.model_validate(answer.json())
                stars, results = by_hand(mine, part)
                known = names if by == "provider" else {}
                assert found.ratings == told.Answers.model_validate(table(stars, known, STARS, CONTENT)), by
                assert found.call_backs == told.Answers.model_validate(table(results, known, RESULTS, WELL)), by
                assert "很好" not in answer.text
        assert [line.key for line in found.ratings.groups] == ["call_back", "elder", "family"]
        by_provider = (await it.get("/supervision/ratings", desk, **over)).json()
        assert [line["rest"] for line in by_provider["ratings"]["groups"]][-1] == 2
        later = {"from": over["to"], "to": (START + timedelta(days=2)).isoformat()}
        nothing = told.Ratings.model_validate((await it.get("/supervision/ratings", desk, **later)).json())
        assert (nothing.ratings.total.few, nothing.ratings.total.n, nothing.ratings.groups) == (False, None, ())
        assert (await it.get("/supervision/ratings", desk, division=OTHER_COUNTY)).status_code == 404
        assert (await it.get("/supervision/ratings", await it.log_in("wang"))).status_code == 403
        refused = await it.get("/supervision/ratings", desk, by="elder")
        assert (refused.status_code, refused.json()["field"]) == (422, "by")
