"""What supervision and authority need: response times, indicators, accounts, the registry, the audit."""

from deploy.migrations.parts import run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what is counted, and who may see it."""
    run("0020_reports", "0021_supervision", "0022_accounts", "0023_registry", "0024_audit", "0025_willing")
