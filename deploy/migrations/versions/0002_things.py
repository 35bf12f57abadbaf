"""Things in full: identity, placement, health, faults, test windows, claims, discovery."""

from deploy.migrations.parts import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what devices need beyond a first press."""
    run("0006_things")
