"""Sealed fields, evidence that is looked at twice, and what regulation asks for."""

from deploy.migrations.parts import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add them."""
    run("0026_fields", "0027_evidence", "0028_regulation", "0029_operations")
