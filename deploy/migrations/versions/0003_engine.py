"""The engine in full: policies, people, channels, mass events, orders."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0007_engine", "0008_people", "0009_channels", "0010_mass", "0011_orders", "0012_desk")


def upgrade() -> None:
    """Add what dispatch needs beyond one ladder for all."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
