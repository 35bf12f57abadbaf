"""The gateway sees which alarms no incident has taken in yet."""

from deploy.migrations.parts import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Change it."""
    run("0037_heard")
