"""What the watch asks twice a second costs the same however much is going on."""

from deploy.migrations.parts import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Change it."""
    run("0036_left_lying")
