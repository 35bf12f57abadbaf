"""What the screens need: evidence of visits, alarm load, families, shapes of divisions."""

from deploy.migrations.parts import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is drawn and kept beside the engine."""
    run("0013_evidence", "0014_load", "0015_family", "0016_map", "0017_rest", "0018_desk", "0019_field")
