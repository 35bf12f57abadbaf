"""What is done for every alarm takes fewer trips to the database."""

from deploy.migrations.parts import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Change it."""
    run("0034_messages", "0035_fewer_trips")
