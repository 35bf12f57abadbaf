"""The engine in full: policies, people, channels, mass events, orders."""

from deploy.migrations.parts import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what dispatch needs beyond one ladder for all."""
    run("0007_engine", "0008_people", "0009_channels", "0010_mass", "0011_orders", "0012_desk")
