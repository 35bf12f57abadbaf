"""The first house: log, devices, dispatch, gateway and who may touch what."""

from alembic import op

from deploy.migrations.parts import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every schema; the roles exist already (sql/roles.sql)."""
    run("0001_log", "0002_devices", "0003_dispatch", "0004_gateway", "0005_grants")
    op.execute("SELECT log.make_partitions(statement_timestamp(), 3)")
