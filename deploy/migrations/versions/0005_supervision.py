"""What supervision and authority need: response times, indicators, accounts, the registry, the audit."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0020_reports", "0021_supervision", "0022_accounts", "0023_registry", "0024_audit", "0025_willing")


def upgrade() -> None:
    """Add what is counted, and who may see it."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
