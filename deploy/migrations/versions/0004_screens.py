"""What the screens need: evidence of visits, alarm load, families, shapes of divisions."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0013_evidence", "0014_load", "0015_family", "0016_map", "0017_rest", "0018_desk", "0019_field")


def upgrade() -> None:
    """Add what is drawn and kept beside the engine."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
