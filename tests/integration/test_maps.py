"""What maps are told: within the scope, on duty or on a job only, masked; shapes go in by a file."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from httpx import Response
from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.shapes import BadShapesError, Drawing, Landmark, Shape, lay_below, load, load_synthetic
from services.gateway.flow.maps import forget_tracks
from shared.contracts.maps import Coverage, IncidentMap, MapPeople, MapRoads, MapShapes, MapSource
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.geo import Position
from tests.conftest import TestDatabase
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, OTHER_STREET, STREET, World, world

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
BOX = {"west": 115.7, "south": 25.5, "east": 115.9, "north": 25.7}
DIVISIONS = """
INSERT INTO dispatch.division (code, name, parent) VALUES ('36', '江西省', NULL), ('3607', '赣州市', '36'),
    ('360733', '会昌县', '3607'), ('360733100', '文武坝镇', '360733') ON CONFLICT DO NOTHING
"""
DUTY = "UPDATE dispatch.responder SET on_duty = true, duty_since = $2, reachable = true WHERE id = $1"
SEEN = "UPDATE dispatch.responder SET seen_lat = $2, seen_lon = $3, seen_at = $4 WHERE id = $1"


def square(west: float = 115.7) -> dict[str, Any]:
    """A border."""
    ring = [[west, 25.5], [west + 0.1, 25.5], [west + 0.1, 25.6], [west, 25.6], [west, 25.5]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


async def drawn(settings: Settings, *codes: str) -> None:
    """Borders of these divisions and a clinic."""
    shapes = tuple(Shape(code, square()) for code in codes)
    clinic = Landmark(STREET, "clinic", "文武坝镇卫生院", Position(25.6, 115.79))
    await load(settings.owner_database, COUNTY, Drawing(shapes, (clinic,)), AT)


async def seen(it: World, responder: str, lat: float, lon: float = 115.8) -> None:
    """Somebody tells where she is."""
    await it.city.database.pool.execute(SEEN, responder, lat, lon, it.clock.now())


async def test_a_division_is_drawn_with_its_parts_and_nobody_elses(settings: Settings) -> None:
    """Own division by default, the way down to a part, and 404 for whatever lies beyond."""
    async with world(settings) as it:
        await drawn(settings, COUNTY, STREET)
        desk = await it.log_in("desk")
        whole = MapShapes.model_validate((await it.get("/map/shapes", desk)).json())
        assert (whole.division, whole.name, whole.bounds) == (COUNTY, "会昌县", (115.7, 25.5, 115.8, 25.6))
        assert [(s.code, s.parent, s.drawn) for s in whole.shapes] == [(COUNTY, "3607", False), (STREET, COUNTY, False)]
        assert [(one.kind, one.name) for one in whole.landmarks] == [("clinic", "文武坝镇卫生院")]
        assert whole.above == ()
        part = MapShapes.model_validate((await it.get("/map/shapes", desk, division=STREET)).json())
        assert ([s.code for s in part.shapes], [line.code for line in part.above]) == ([STREET], [COUNTY])
        bare = MapShapes.model_validate((await it.get("/map/shapes", desk, division=OTHER_STREET)).json())
        assert (bare.bounds, bare.shapes, bare.landmarks) == (None, (), ())
        for path in ("/map/shapes", "/map/people", "/map/coverage"):
            for beyond in (OTHER_COUNTY, "3607", "360733999"):
                answer = await it.get(path, desk, division=beyond)
                assert (answer.status_code, answer.json()["field"]) == (404, "division"), (path, beyond)


async def test_what_is_wrong_is_named_and_only_seats_may_ask(settings: Settings) -> None:
    """Bad codes, odd bounds, an unknown incident; a responder sees no map of people."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        for path, given, status, field in (
            ("/map/shapes", {"division": "36073"}, 422, "division"),
            ("/map/people", {"division": "x"}, 422, "division"),
            ("/map/coverage", {"target_s": 5}, 422, "target_s"),
            ("/map/roads", BOX | {"west": 116.0}, 422, "east"),
            ("/map/roads", BOX | {"north": 100}, 422, "north"),
            ("/map/roads", {"west": 1}, 422, "south"),
            ("/map/incidents/I-9", {}, 404, None),
        ):
            answer = await it.get(path, desk, **given)
            assert (answer.status_code, answer.json()["field"]) == (status, field), path
        for path in ("/map/shapes", "/map/people", "/map/coverage", "/map/source", "/map/incidents/I-1"):
            assert (await it.get(path, wang)).json()["code"] == "forbidden", path
        assert (await it.http.get("/api/v1/map/people")).status_code == 401


async def test_positions_are_told_while_on_duty_or_on_a_job_alone(settings: Settings) -> None:
    """Masked, with their age; one from before she came on duty says nothing, and off duty there is none at all."""
    async with world(settings) as it:
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        now, pool = it.clock.now(), it.city.database.pool
        await pool.execute(SEEN, "R1", 25.61, 115.8, now - timedelta(hours=1))
        await pool.execute(DUTY, "R1", now)
        await pool.execute(SEEN, "R2", 25.62, 115.8, now)
        await pool.execute("UPDATE dispatch.responder SET on_duty = false WHERE id = 'R2'")

        [one] = MapPeople.model_validate((await it.get("/map/people", desk)).json()).items
        assert (one.responder, one.name_masked, one.seen_at, one.lat) == ("R1", "王*士", None, 25.6)
        await seen(it, "R1", 25.61)
        [one] = MapPeople.model_validate((await it.get("/map/people", desk, division=STREET)).json()).items
        assert (one.lat, one.lon, one.seen_at, one.incident) == (25.61, 115.8, now, None)

        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R2")
        await it.city.accept("I-1", "R2", offer)
        _, busy = MapPeople.model_validate((await it.get("/map/people", desk)).json()).items
        assert (busy.responder, busy.on_duty, busy.incident, busy.state) == ("R2", False, "I-1", "accepted")
        assert (busy.lat, busy.seen_at) == (25.62, now)
        assert (await it.get("/map/people", elsewhere)).json()["items"] == []
        assert (await it.get("/map/people", desk, division=OTHER_STREET)).json()["items"] == []


async def test_an_incident_is_drawn_with_whoever_comes_and_is_asked(settings: Settings) -> None:
    """The way since she accepted, oldest first; whoever declined is gone; another county sees none of it."""
    async with world(settings) as it:
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        await it.city.open("I-1")
        await seen(it, "R1", 25.63)
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.offer("I-1", "R2")
        it.clock.advance(5)
        await it.city.accept("I-1", "R1", offer)
        for lat in (25.62, 25.61):
            it.clock.advance(10)
            await seen(it, "R1", lat)
        found = IncidentMap.model_validate((await it.get("/map/incidents/I-1", desk)).json())
        assert (found.lat, found.lon, found.home_lat, found.place) == (
            25.6,
            115.79,
            25.6,
            "会昌县文武坝镇红旗路5号3栋2单元",
        )
        comes, asked = found.people
        assert (comes.responder, comes.role, comes.state, comes.eta_s, comes.lat) == (
            "R1",
            "first",
            "accepted",
            420,
            25.61,
        )
        assert [(p.lat, p.at) for p in comes.track] == [
            (25.62, it.clock.now() - timedelta(seconds=10)), (25.61, it.clock.now()),
        ]  # fmt: skip
        assert (asked.responder, asked.offer, asked.role, asked.track) == ("R2", "sent", None, ())
        await it.city.database.pool.execute("UPDATE dispatch.offer SET state = 'declined' WHERE responder_id = 'R2'")
        found = IncidentMap.model_validate((await it.get("/map/incidents/I-1", desk)).json())
        assert [one.responder for one in found.people] == ["R1"]
        assert (await it.get("/map/incidents/I-1", elsewhere)).status_code == 404
        await it.city.close("I-1")
        assert (await it.get("/map/incidents/I-1", desk)).json()["people"] == []


async def test_a_way_is_forgotten_after_a_day(settings: Settings) -> None:
    """A piece at a time; and off a job none is kept."""
    async with world(settings) as it:
        gateway = Database(settings.gateway_database, name="test", size=1)
        await gateway.open()
        await seen(it, "R1", 25.7)
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        for lat in (25.6, 25.61, 25.62):
            it.clock.advance(10)
            await seen(it, "R1", lat)
        count = "SELECT count(*) FROM dispatch.track"
        assert await it.city.database.pool.fetchval(count) == 3
        last = it.clock.now()
        assert [await forget_tracks(gateway, last, 1) for _ in range(3)] == [1, 1, 0]
        assert await it.city.database.pool.fetchval("SELECT at FROM dispatch.track") == last
        await gateway.close()


async def test_coverage_counts_whoever_is_ready(settings: Settings) -> None:
    """A handful of elders is no number; nobody ready is a hole; parts add up to the whole."""
    async with world(settings) as it:
        city = await it.log_in("city")
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(
            "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H2', $1, '远村', 25.9, 115.79)",
            OTHER_STREET,
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO dispatch.elder (id, home_id, division, name, status) "
            "SELECT 'F' || n, 'H2', $1, '李', CASE n WHEN 7 THEN 'moved' ELSE 'home' END FROM generate_series(1, 7) n",
            OTHER_STREET,
        )  # fmt: skip
        await owner.close()
        now = it.clock.now()
        await it.city.database.pool.execute(DUTY, "R1", now)
        found = Coverage.model_validate((await it.get("/map/coverage", city, division=COUNTY)).json())
        assert (found.at, found.target_s, [line.code for line in found.above]) == (now, 900, ["3607"])
        lines = {line.division: line for line in found.lines}
        near, far = lines[STREET], lines[OTHER_STREET]
        assert (near.elders, near.on_duty, near.ready, near.p90_s, near.beyond) == (None, 2, 1, 90, None)
        assert (far.elders, far.on_duty, far.beyond, far.within) == (6, 0, 6, 0.0)
        assert far.p50_s is not None
        assert far.p50_s > 900
        assert (found.total.elders, found.total.on_duty, found.total.beyond) == (8, 2, 6)
        [hole] = found.holes
        assert (hole.division, hole.elders) == (OTHER_STREET, 6)
        assert hole.lat == pytest.approx(25.9, abs=0.002)
        await it.city.database.pool.execute("UPDATE dispatch.responder SET reachable = false")
        nobody = Coverage.model_validate((await it.get("/map/coverage", city, division=COUNTY)).json())
        assert (nobody.total.ready, nobody.total.p50_s, nobody.total.beyond) == (0, None, 8)


async def test_roads_are_told_by_the_piece(settings: Settings) -> None:
    """Of the caller's own area."""
    async with world(settings) as it:
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(
            "INSERT INTO dispatch.road VALUES ($1, $2, 0, 25.6, 115.79, 25.61, 115.79, 1100)", COUNTY, AT
        )
        await owner.execute("INSERT INTO dispatch.road_graph VALUES ($1, 1, $2)", COUNTY, AT)
        await owner.close()
        found = MapRoads.model_validate((await it.get("/map/roads", desk, **BOX)).json())
        assert (found.stretches, found.more) == (((25.6, 115.79, 25.61, 115.79),), False)
        assert (await it.get("/map/roads", desk, **BOX | {"north": 25.55})).json()["stretches"] == []
        assert (await it.get("/map/roads", elsewhere, **BOX)).json()["stretches"] == []


def asked_elsewhere(answer: Response) -> set[str]:
    """Whom a page may ask beside ourselves."""
    parts = answer.headers["Content-Security-Policy"].split("; ")
    [named] = [part.split()[1:] for part in parts if part.startswith("connect-src ")]
    return {name for name in named if name != "'self'" and answer.url.netloc.decode() not in name}


async def test_without_tiles_pages_may_ask_nobody(settings: Settings) -> None:
    """The plain drawing is the default, and there is no file to be had."""
    async with world(settings) as it:
        answer = await it.get("/map/source", await it.log_in("desk"))
        assert MapSource.model_validate(answer.json()).kind == "none"
        assert asked_elsewhere(answer) == set()
        assert (await it.get("/map/tiles.pmtiles", await it.log_in("desk"))).status_code == 404


async def test_a_tile_server_may_be_asked_by_pages(settings: Settings) -> None:
    """That one and no other."""
    async with world(settings.model_copy(update={"map_tiles": "amap"})) as it:
        answer = await it.get("/map/source", await it.log_in("desk"))
        assert MapSource.model_validate(answer.json()).crs == "gcj02"
        assert asked_elsewhere(answer) == {"https://webrd01.is.autonavi.com"}


async def test_a_file_of_tiles_is_served_in_pieces(settings: Settings, tmp_path: Path) -> None:
    """To whoever is logged in."""
    file = tmp_path / "county.pmtiles"
    file.write_bytes(bytes(range(100)))
    async with world(settings.model_copy(update={"map_tiles": "pmtiles", "map_file": file})) as it:
        desk = await it.log_in("desk")
        assert MapSource.model_validate((await it.get("/map/source", desk)).json()).kind == "pmtiles"
        own = {"Authorization": f"Bearer {desk}", "Range": "bytes=10-19"}
        piece = await it.http.get("/api/v1/map/tiles.pmtiles", headers=own)
        assert (piece.status_code, piece.content) == (206, bytes(range(10, 20)))
        assert (await it.http.get("/api/v1/map/tiles.pmtiles")).status_code == 401


async def test_a_surveyed_border_replaces_a_drawn_one(database: TestDatabase) -> None:
    """And a drawn one never a surveyed one; what a file does not draw is gone, places stay where it has none."""
    url = database.url("owner")
    owner = await asyncpg.connect(url)
    await owner.execute(DIVISIONS)
    synthetic = Drawing(
        (Shape(COUNTY, square()), Shape(STREET, square())), (Landmark(STREET, "hall", "镇", Position(1, 2)),)
    )
    await load(url, COUNTY, synthetic, AT, drawn=True)
    await load(url, COUNTY, Drawing((Shape(STREET, square(115.75)),), ()), AT + timedelta(hours=1))
    rows = await owner.fetch("SELECT division, west, drawn FROM dispatch.shape")
    assert [tuple(row) for row in rows] == [(STREET, 115.75, False)]
    assert await owner.fetchval("SELECT name FROM dispatch.landmark") == "镇"
    assert await load_synthetic(url, COUNTY, AT) == 0
    with pytest.raises(BadShapesError, match="no division 360733888"):
        await load(url, COUNTY, Drawing((Shape("360733888", square()),), ()), AT)
    await owner.close()


async def test_national_borders_lie_below_finer_ones(database: TestDatabase) -> None:
    """A county gets its border, its streets keep theirs, and what the cell does not know is left out."""
    url = database.url("owner")
    owner = await asyncpg.connect(url)
    await owner.execute(DIVISIONS)
    drawn = Drawing((Shape(COUNTY, square()), Shape(STREET, square())), ())
    await load(url, COUNTY, drawn, AT, drawn=True)
    national = Drawing((Shape(COUNTY, square(115.75)), Shape("360735", square(116))), ())
    laid = await lay_below(url, national, AT + timedelta(hours=1))
    assert [shape.code for shape in laid.shapes] == [COUNTY]
    rows = await owner.fetch("SELECT division, west, drawn FROM dispatch.shape ORDER BY division")
    assert [tuple(row) for row in rows] == [
        (COUNTY, 115.75, False),
        (STREET, 115.7, True),
    ]
    await owner.close()


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    """And writes nothing."""
    path = tmp_path / "s.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}), "utf-8")
    empty = tmp_path / "e.geojson"
    empty.write_text(json.dumps({"type": "FeatureCollection", "features": []}), "utf-8")
    nowhere = "postgresql://yl_owner:x@127.0.0.1:1/none"
    for arguments, said in (
        ([str(path)], "feature 1: name: None"), ([str(tmp_path / "none")], "No such file"),
        ([str(empty)], "no border and no place"), ([str(path), "--area", "36073"], "--area"),
    ):  # fmt: skip
        result = CliRunner().invoke(app, ["import", "shapes", *arguments, "--database", nowhere])
        assert (result.exit_code, said in " ".join(result.output.split())) == (2, True), result.output
