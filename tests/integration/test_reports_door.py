"""Reports at the door: who may ask, what is refused in words, an office reads no names; and by the command line."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from deploy.local.reports_cli import reports
from services.gateway.domain import sketch
from services.gateway.reports.definitions import definitions
from shared.contracts.reports import CountedIncidents, Definitions, ResponseTimes
from shared.runtime.database import Database
from shared.runtime.log import append
from shared.runtime.settings import Settings
from tests.conftest import TestDatabase
from tests.histories import History
from tests.integration.gateway_world import CHEAP, COUNTY, INCIDENT, OTHER_COUNTY, PASSWORD, STREET, World, world

OFFICE = """
INSERT INTO gateway.account (id, username, password_hash, name, role, division)
VALUES ('office', 'office', $1, 'office', 'office', $2)
"""
ROW = """
INSERT INTO report.incident (id, division, county, recorded_at, day, taken_at, arrived_at, kind, priority, class,
    responder, state, keys)
SELECT 'I-' || n, $1, left($1, 6), t.at, report.local(t.at)::date, t.at + interval '6 s', t.at + interval '950 s',
    'sos', 1, 'own', 'R1', 'open', report.keys(ARRAY[NULL, NULL, 6, NULL, NULL, NULL, 950, NULL, NULL])
FROM generate_series(1, 6) AS n CROSS JOIN LATERAL (SELECT $2::timestamptz - n * interval '1 hour' AS at) AS t
"""
DAY = "INSERT INTO report.day (county, day) SELECT DISTINCT county, day FROM report.incident"
REFUSED: tuple[tuple[dict[str, Any], int, str, str | None], ...] = (
    ({"from": "2026-11-02", "to": "2026-10-01"}, 422, "period_reversed", "to"),
    ({"from": "1990-01-01"}, 422, "period_too_long", "from"),
    ({"from": "soon"}, 422, "invalid_field", "from"),
    ({"division": OTHER_COUNTY}, 403, "out_of_scope", "division"),
    ({"division": "36"}, 403, "out_of_scope", "division"),
    ({"division": f"{COUNTY}999"}, 404, "not_found", "division"),
    ({"division": "36073"}, 422, "invalid_field", "division"),
    ({"by": "colour"}, 422, "invalid_field", "by"),
    ({"priority": 9}, 422, "invalid_field", "priority"),
    ({"hour": 24}, 422, "invalid_field", "hour"),
    ({"settlement": "city"}, 422, "invalid_field", "settlement"),
)


async def counted(it: World, settings: Settings) -> None:
    """Six incidents of a street within the last hours, the first with an elder; an office of the county."""
    owner = await asyncpg.connect(settings.owner_database)
    await owner.execute(INCIDENT, "I-1", STREET, "H1", "E1", it.clock.now(), False)
    await owner.execute(ROW, STREET, it.clock.now())
    await owner.execute(DAY)
    await owner.execute(OFFICE, CHEAP.hash(PASSWORD), COUNTY)
    await owner.close()


async def opened(it: World, token: str, address: str) -> httpx.Response:
    """What an address within an answer leads to."""
    parts = urlsplit(address)
    return await it.get(parts.path.removeprefix("/api/v1"), token, **dict(parse_qsl(parts.query)))


async def test_the_door_of_reports(settings: Settings) -> None:
    """One county of figures: asked by a desk, refused in words, opened to the list, nameless for an office."""
    async with world(settings) as it:
        await counted(it, settings)
        desk = await it.log_in("desk")
        shown = ResponseTimes.model_validate((await it.get("/reports/response-times", desk, by="division")).json())
        assert (shown.division, shown.total.n, [place.name for place in shown.path]) == (COUNTY, 6, ["会昌县"])
        [line] = shown.groups
        assert (line.key, line.name, line.n) == (STREET, "文武坝镇", 6)
        assert line.within is not None
        below = await opened(it, desk, line.within)
        assert below.json()["division"] == STREET
        behind = CountedIncidents.model_validate((await opened(it, desk, line.incidents + "&stage=taken")).json())
        assert [one.incident for one in behind.items] == [f"I-{n}" for n in range(1, 7)]
        assert (behind.items[0].name_masked, behind.items[0].responder_masked) == ("李*国", "王*士")
        late = await opened(it, desk, line.incidents + "&stage=arrived&late=900&limit=4")
        assert (late.json()["n"], len(late.json()["items"])) == (6, 4)
        for wrong, status, code, field in REFUSED:
            for path in ("/reports/response-times", "/reports/incidents"):
                reply = await it.get(path, desk, **wrong)
                said = reply.json()
                assert (reply.status_code, said["code"], said.get("field")) == (status, code, field), wrong
        assert (await it.get("/reports/incidents", desk, stage="arrived", late=7)).json()["field"] == "late"
        assert (await it.get("/reports/incidents", desk, cursor="x~y")).json()["field"] == "cursor"
        office = await it.log_in("office")
        nameless = (await it.get("/reports/incidents", office)).json()
        assert {(one["name_masked"], one["place"]) for one in nameless["items"]} == {("", None)}
        told = Definitions.model_validate((await it.get("/reports/definitions", office)).json())
        assert [one.stage for one in told.stages] == list(sketch.STAGES)
        assert (await it.get("/reports/response-times", await it.log_in("wang"))).status_code == 403
        neighbour = (await it.get("/reports/response-times", await it.log_in("elsewhere"), by="division")).json()
        assert (neighbour["total"]["n"], neighbour["groups"]) == (0, [])


@pytest.mark.parametrize("stage", definitions()["stages"], ids=lambda one: one["stage"])
def test_a_stage_is_explained_in_both_languages(stage: dict[str, Any]) -> None:
    """What it means, which facts tell it, and the targets that its shares are of."""
    assert all(stage[what][language] for what in ("name", "means") for language in ("zh", "en"))
    assert stage["tags"]
    assert stage["targets"] == [seconds for seconds, _ in sketch.TARGETS.get(stage["stage"], ())]


def test_the_command_line_rebuilds_and_verifies(database: TestDatabase) -> None:
    """Equal is told with exit 0; a row that was changed by hand with its name and exit 1, until it is rebuilt."""
    asyncio.run(_last_month(database))
    where = ["--database", database.url("owner"), "--json"]
    month = ["verify", "--now", "2026-12-05T00:00:00", *where]
    rebuilt = json.loads(CliRunner().invoke(reports, ["rebuild", *where]).stdout)
    assert (rebuilt["incidents"], rebuilt["changed"] > 20) == (40, True)
    first = CliRunner().invoke(reports, month)
    told = json.loads(first.stdout)
    assert (first.exit_code, told["equal"], told["incidents"], told["differences"]) == (0, True, rebuilt["changed"], [])
    asyncio.run(_done(database, "UPDATE report.incident SET kind = 'gas', closed_at = NULL WHERE state <> 'open'"))
    wrong = CliRunner().invoke(reports, month)
    assert wrong.exit_code == 1
    assert any("kind: kept gas" in line for line in json.loads(wrong.stdout)["differences"])
    assert json.loads(CliRunner().invoke(reports, ["rebuild", *where]).stdout)["changed"] > 0
    assert CliRunner().invoke(reports, month).exit_code == 0


async def _last_month(database: TestDatabase) -> None:
    pool = Database(database.url("owner"), name="test-log", size=1)
    await pool.open()
    for at, event in History(3, 40, datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)).told:
        async with pool.transaction() as connection:
            await append(connection, [event], at)
    await pool.close()


async def _done(database: TestDatabase, sql: str) -> None:
    owner = await asyncpg.connect(database.url("owner"))
    await owner.execute(sql)
    await owner.close()
