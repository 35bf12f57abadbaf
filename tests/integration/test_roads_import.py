"""Roads go into the database piece by piece, and the service takes them up without a restart."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.roads import load, load_synthetic
from services.dispatch.registry.roads import RoadMap
from shared.runtime.database import Database
from tests.conftest import TestDatabase

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
COUNTY = "360733"


async def test_a_new_edition_replaces_the_old_one_and_is_taken_up(database: TestDatabase) -> None:
    """The synthetic county's first; an operator's own afterwards stays."""
    own = Database(database.url("dispatch"), name="test", size=2)
    await own.open()
    roads = RoadMap()
    many = await load_synthetic(database.url("owner"), COUNTY, AT)
    await roads.refresh(own)
    graph = roads.of("360733100001")
    assert graph is not None
    assert graph.size > 1000
    assert roads.of("360734") is None
    await load(database.url("owner"), COUNTY, [(25.6, 115.79, 25.601, 115.79, 120.0, False)], LATER)
    assert await load_synthetic(database.url("owner"), COUNTY, AT) == 0
    await roads.refresh(own)
    graph = roads.of(COUNTY)
    assert graph is not None
    assert (many > 2000, graph.size) == (True, 2)
    assert await own.pool.fetchval("SELECT count(*) FROM dispatch.road") == 1
    await own.close()


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    """And writes nothing."""
    path = tmp_path / "r.csv"
    path.write_text("from_lat,from_lon,to_lat,to_lon\n25.6,115.79,here,115.79\n", "utf-8")
    nowhere = "postgresql://yl_owner:x@127.0.0.1:1/none"
    for arguments, said in (
        ([str(path)], "line 2: to_lat: 'here' is no number"),
        ([str(tmp_path / "none.csv")], "No such file"),
        ([str(path), "--area", "36073"], "--area"),
    ):
        result = CliRunner().invoke(app, ["import", "roads", *arguments, "--database", nowhere])
        assert result.exit_code == 2
        assert said in " ".join(result.output.split())


async def test_only_the_owner_may_import(database: TestDatabase) -> None:
    """The service reads roads and can't write them."""
    connection = await asyncpg.connect(database.url("dispatch"))
    refused = False
    try:
        await connection.execute("DELETE FROM dispatch.road")
    except asyncpg.InsufficientPrivilegeError:
        refused = True
    await connection.close()
    assert refused
