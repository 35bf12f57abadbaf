"""The first house: log, devices, dispatch, gateway and who may touch what."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0001_log", "0002_devices", "0003_dispatch", "0004_gateway", "0005_grants")


def upgrade() -> None:
    """Create every schema; the roles exist already (sql/roles.sql)."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
    op.execute("SELECT log.make_partitions(statement_timestamp(), 3)")
