"""A price may be put right on the day it begins; a desk that nobody ever sat at is missed."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("0030_prices_and_posts",)


def upgrade() -> None:
    """Change it."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in PARTS:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
