"""Things in full: identity, placement, health, faults, test windows, claims, discovery."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parents[1] / "sql" / "0006_things.sql"


def upgrade() -> None:
    """Add what devices need beyond a first press."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda raw: raw.execute(SQL.read_text("utf-8")))
