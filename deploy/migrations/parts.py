"""A revision's part in SQL."""

from pathlib import Path

from alembic import op

SQL = Path(__file__).parent / "sql"


def run(*parts: str) -> None:
    """Run these files of `sql/`, one after the other, within the revision's transaction."""
    op.execute("SELECT 1")  # the driver opens the transaction at its first statement
    driver = op.get_bind().connection.dbapi_connection
    for part in parts:
        text = (SQL / f"{part}.sql").read_text("utf-8")
        driver.run_async(lambda raw, text=text: raw.execute(text))
