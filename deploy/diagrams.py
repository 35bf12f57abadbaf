"""`python -m deploy.diagrams`: docs/states.md from the state tables and the shipped policy; `--check` compares."""

import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from services.dispatch.domain import messages, states
from services.dispatch.domain.mass import states as mass
from services.dispatch.domain.orders import states as orders
from services.dispatch.domain.policy import SHIPPED, Rule
from services.dispatch.domain.states import Table

TARGET = Path(__file__).parents[1] / "docs" / "states.md"
LIVES = (
    ("Incident 求助事件", "open", states.INCIDENT),
    ("Job 工单", "created", states.JOB),
    ("Offer 响应邀请", "sent", states.OFFER),
    ("Assignment 接单", "accepted", states.ASSIGNMENT),
    ("Order 订单", "draft", orders.ORDER),
    ("Message 消息", "queued", messages.ARROWS),
    ("Person in a mass event 点名", "not_reached", mass.PERSON),
)
CLOCKS = """
## Clocks 时钟

The shipped policy, in seconds; a division lays down its own (`PUT /policies/{division}`), and each incident keeps the
one it was opened with. Every wait is a row that is due at an instant, `services/dispatch/domain/waits.py`.

"""
ROWS: tuple[tuple[str, Callable[[Rule], str]], ...] = (
    ("unseen: second channel 未看到换通道", lambda r: f"{r.unseen_s} {r.second}"),
    ("shown, no answer: louder 显示后无人应答加大音量", lambda r: str(r.louder_s)),
    ("seen, not taken: second channel 看到未接", lambda r: str(r.untaken_s)),
    ("neighbours, family 志愿者与家属", lambda r: str(r.volunteers_s)),
    ("one more on silence 补一人", lambda r: str(r.one_more_s)),
    ("an offer holds for 邀请有效", lambda r: str(r.respond_s)),
    ("nobody: levels rung 升级", lambda r: ", ".join(f"{s.after_s} {s.level}" for s in r.ladder)),
    ("then again every 之后每隔", lambda r: str(r.repeat)),
)
FOR_ALL = (
    ("the desk speaks first for 先由坐席通话", "voice_s"),
    ("no movement after accepting 接单后未动身", "stall_s"),
    ("console of who comes is silent 接单人失联", "lost_s"),
    ("no proof of arrival 未见到达", "arrival_s"),
    ("at the door, not inside 到门口未见人", "entry_s"),
    ("each keyholder has 每位持钥匙人", "access_s"),
    ("with her, not ended 见到老人未结束", "check_in_s"),
    ("over, not closed 未结案", "review_s"),
    ("unprotected: people stand in 人工守护", "cover_s"),
    ("call-back 回访", "call_back_s"),
)


def page() -> str:
    """The whole page."""
    head = "# Lives\n\nMade from the state tables in `services/dispatch/domain` by `python -m deploy.diagrams`.\n"
    lives = "".join(f"\n## {name}\n\n```mermaid\n{_diagram(start, table)}```\n" for name, start, table in LIVES)
    return head + lives + CLOCKS + _clocks()


def _clocks() -> str:
    rules: list[Rule] = [SHIPPED.rule(p) for p in sorted(SHIPPED.rules)]
    top = "| | " + " | ".join(f"P{p}" for p in sorted(SHIPPED.rules)) + " |\n|---|" + "---|" * len(rules) + "\n"
    rows = "".join(f"| {name} | {' | '.join(show(rule) for rule in rules)} |\n" for name, show in ROWS)
    every = "".join(f"| {name} | {getattr(SHIPPED, field)} |\n" for name, field in FOR_ALL)
    return f"{top}{rows}\n| for all priorities | s |\n|---|---|\n{every}"


def _diagram(start: str, table: Table) -> str:
    arrows = sorted((str(state), str(after), tag.rpartition(".")[2]) for (state, tag), after in table.items())
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
