"""`python -m deploy.diagrams`: docs/states.md from the state tables; `--check` compares instead."""

import sys
from itertools import groupby
from pathlib import Path

from services.dispatch.domain import states
from services.dispatch.domain.states import Table

TARGET = Path(__file__).parents[1] / "docs" / "states.md"
LIVES = (
    ("Incident 求助事件", "open", states.INCIDENT),
    ("Job 工单", "created", states.JOB),
    ("Offer 响应邀请", "sent", states.OFFER),
    ("Assignment 接单", "accepted", states.ASSIGNMENT),
)


def page() -> str:
    """The whole page."""
    head = "# Lives\n\nMade from `services/dispatch/domain/states.py` by `python -m deploy.diagrams`.\n"
    return head + "".join(f"\n## {name}\n\n```mermaid\n{_diagram(start, table)}```\n" for name, start, table in LIVES)


def _diagram(start: str, table: Table) -> str:
    arrows = sorted((state, after, tag.split(".", 1)[1]) for (state, tag), after in table.items())
    lines = [f"    [*] --> {start}"]
    for (state, after), tags in groupby(arrows, key=lambda arrow: arrow[:2]):
        lines.append(f"    {state} --> {after}: {', '.join(tag for _, _, tag in tags)}")
    return "stateDiagram-v2\n" + "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or say whether it is up to date."""
    if "--check" in sys.argv:
        return 0 if TARGET.read_text("utf-8") == page() else 1
    TARGET.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
