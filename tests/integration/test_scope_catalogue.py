"""The database's own catalogue: no table with people in it without a forced policy, no service that owns anything."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from shared.runtime.settings import Settings
from tests.conftest import TestDatabase
from tests.integration.gateway_world import seed

SCHEMAS = ("log", "devices", "dispatch", "gateway", "report")
SERVICES = ("yl_devices", "yl_dispatch", "yl_gateway", "yl_watch", "yl_report")
NOBODY_IN_IT = {
    "devices.deaf": "when we ourselves heard nothing",
    "devices.guard": "numbers of alarms and their division",
    "devices.lease": "which worker sends",
    "dispatch.deadline": "numbers of incidents and times",
    "dispatch.division": "names of places",
    "dispatch.division_name": "names of places, and since when",
    "dispatch.house_wait": "numbers and times",
    "dispatch.landmark": "places on the map",
    "dispatch.order_wait": "numbers of orders and times",
    "dispatch.price": "what a service costs",
    "dispatch.road": "roads",
    "dispatch.road_graph": "editions of roads",
    "dispatch.service": "what can be ordered",
    "dispatch.shape": "borders",
    "dispatch.willing": "weights of a county's model",
    "gateway.flood": "when too much came to a division",
    "log.era": "one number",
    "log.follower": "how far each reader is",
    "log.seal": "hashes",
    "log.stream": "counts",
    "report.reader": "how far the reports are",
}
"""Every table that is not here must have forced row-level security. Whoever adds a line says why nobody is in it."""
TABLES = """
SELECT n.nspname || '.' || c.relname AS name, c.relkind, c.relispartition AS part, c.relrowsecurity AS secured,
       c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner, c.oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
GRANTS = """
SELECT DISTINCT table_schema || '.' || table_name AS name, grantee FROM (
    SELECT table_schema, table_name, grantee FROM information_schema.role_table_grants
    UNION SELECT table_schema, table_name, grantee FROM information_schema.column_privileges) AS g
WHERE table_schema = ANY($1) AND grantee <> 'yl_owner'
"""
SHOWN = """
SELECT c.oid::regclass::text AS name, p.polname AS policy, pg_get_expr(p.polqual, p.polrelid) AS qual
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_roles r ON r.oid = ANY(p.polroles)
WHERE r.rolname IN ('yl_gateway', 'yl_report') AND p.polcmd IN ('r', '*')
"""
BY_SCOPE = re.compile(r"log\.scope\(\)|log\.aided\(\)|FROM devices\.(device|fault) ")
"""A row is shown for its own division, or because the device or fault is shown that it belongs to."""
WHOLE = re.compile(r"^(gateway\.\w+|log\.dead_letter|report\.\w+)$")
"""What the gateway keeps for itself: who may log in is known before any scope is."""


@pytest.fixture
async def owner(database: TestDatabase) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The catalogue, as the role sees it that owns everything."""
    connection = await asyncpg.connect(database.url("owner"))
    yield connection
    await connection.close()


async def test_every_table_with_people_forces_its_policies(owner: "asyncpg.Connection[Any]") -> None:
    """A new table fails here until it has a forced policy, or a line that says that nobody is in it."""
    rows = await owner.fetch(TABLES, list(SCHEMAS))
    bare = {row["name"] for row in rows if not (row["secured"] and row["forced"]) and not row["part"]}
    assert bare == {name for name in NOBODY_IN_IT if name in {row["name"] for row in rows}}
    assert not [row["name"] for row in rows if row["relkind"] not in (b"r", b"p")], "a view passes its owner's eyes on"


async def test_every_role_that_may_read_has_a_policy_of_its_own(owner: "asyncpg.Connection[Any]") -> None:
    """A grant without a policy shows nothing, for ever and without a word: one of the two is a mistake."""
    secured = {row["name"]: row["oid"] for row in await owner.fetch(TABLES, list(SCHEMAS)) if row["secured"]}
    for grant in await owner.fetch(GRANTS, list(SCHEMAS)):
        if grant["name"] in secured:
            policies = await owner.fetchval(
                "SELECT count(*) FROM pg_policy p JOIN pg_roles r ON r.oid = ANY(p.polroles)"
                " WHERE p.polrelid = $1 AND r.rolname = $2",
                secured[grant["name"]], grant["grantee"],
            )  # fmt: skip
            assert policies, (grant["name"], grant["grantee"])


async def test_services_own_nothing_and_pass_by_nothing(owner: "asyncpg.Connection[Any]") -> None:
    """No role of a service owns a thing, makes one, or is excused from policies; what may do more is named here."""
    for role in await owner.fetch("SELECT * FROM pg_roles WHERE rolname = ANY($1)", list(SERVICES)):
        powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
        assert not any(role[power] for power in powers), role
    owned = (
        "SELECT objid FROM pg_shdepend d JOIN pg_roles r ON r.oid = refobjid WHERE deptype = 'o' AND rolname = ANY($1)"
    )
    assert not await owner.fetch(owned, list(SERVICES))
    member = "SELECT 1 FROM pg_auth_members WHERE member IN (SELECT oid FROM pg_roles WHERE rolname = ANY($1))"
    assert not await owner.fetch(member, list(SERVICES)), "no service is another one too"
    creating = "SELECT nspname FROM pg_namespace, unnest($1::text[]) r WHERE has_schema_privilege(r, oid, 'CREATE')"
    assert not await owner.fetch(creating, list(SERVICES))
    elevated = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, proconfig, has_function_privilege('public', p.oid, 'EXECUTE') AS all"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = ANY($1) AND prosecdef",
        list(SCHEMAS),
    )
    for row in elevated:
        assert any(one.startswith("search_path=pg_catalog") for one in row["proconfig"] or ()), row
        assert not row["all"], "whoever may call it is named"


async def test_the_log_can_be_added_to_and_not_changed(owner: "asyncpg.Connection[Any]") -> None:
    """Nobody but the owner may change an event or a seal; partitions are reached by their parent alone."""
    parts = {row["name"] for row in await owner.fetch(TABLES, list(SCHEMAS)) if row["part"]}
    assert parts
    granted = await owner.fetch(GRANTS, list(SCHEMAS))
    assert not [row for row in granted if row["name"] in parts]
    changing = (
        "SELECT r, t, p FROM unnest($1::text[]) r, unnest(ARRAY['log.event', 'log.seal']) t,"
        " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p WHERE has_table_privilege(r, t, p)"
    )
    assert not await owner.fetch(changing, list(SERVICES))


async def test_what_is_shown_to_people_goes_by_the_scope(owner: "asyncpg.Connection[Any]") -> None:
    """No policy shows the gateway rows of the registry, of cases or of the log beside the scope."""
    for row in await owner.fetch(SHOWN):
        assert WHOLE.match(row["name"]) or BY_SCOPE.search(row["qual"]), (row["name"], row["policy"])


async def test_an_unset_scope_is_an_error(settings: Settings, database: TestDatabase) -> None:
    """Whoever names no scope is told so; an empty list would be believed."""
    await seed(settings)
    connection = await asyncpg.connect(database.url("gateway"))
    try:
        for table in ("dispatch.home", "dispatch.elder", "dispatch.contact", "dispatch.responder"):
            async with connection.transaction():
                await connection.execute("SELECT log.enter('360733')")
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") > 0
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no scope is set"):
                await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()
