"""Roles, database and schema: `bootstrap` once as a superuser, `migrate` at every start as the owner."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ROLES = ("owner", "devices", "dispatch", "gateway", "watch", "report")


async def bootstrap(admin_url: str, database: str, passwords: dict[str, str]) -> None:
    """Create the roles with their passwords, and the database owned by yl_owner. May be repeated."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute((MIGRATIONS / "sql" / "roles.sql").read_text("utf-8"))
        for role in ROLES:
            literal = await admin.fetchval("SELECT quote_literal($1::text)", passwords[role])
            await admin.execute(f"ALTER ROLE yl_{role} PASSWORD {literal}")
        if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await admin.execute(f'CREATE DATABASE "{database}" OWNER yl_owner')
    finally:
        await admin.close()


def migrate(owner_url: str) -> None:
    """Bring the schema to the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = owner_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    command.upgrade(config, "head")
