"""Faces of those who go, and of elders."""

from deploy.migrations.parts import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what keeps them."""
    run("0033_portraits")
