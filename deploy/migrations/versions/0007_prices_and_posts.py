"""A price may be put right on the day it begins; a desk that nobody ever sat at is missed."""

from deploy.migrations.parts import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change it."""
    run("0030_prices_and_posts")
