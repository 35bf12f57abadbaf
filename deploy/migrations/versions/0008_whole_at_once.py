"""What is counted over everybody does not wait for statistics."""

from deploy.migrations.parts import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change it."""
    run("0031_whole_at_once", "0032_short_lists")
