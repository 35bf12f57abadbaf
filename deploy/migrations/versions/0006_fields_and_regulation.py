"""Sealed fields, evidence that is looked at twice, and what regulation asks for."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0026_fields", "0027_evidence", "0028_regulation", "0029_operations")


def upgrade() -> None:
    """Add them."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
