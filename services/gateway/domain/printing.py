"""A roll-call on paper: one village a page, a line a person, room for a pen. It must do when the power is off."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from io import StringIO
from itertools import groupby
from typing import Any

from services.gateway.domain.wording import stamp

WORDS: Mapping[str, str] = {
    "not_reached": "未联系",
    "safe": "平安",
    "needs_transfer": "需转移",
    "refused": "拒绝",
    "transferred": "已转移",
    "sheltered": "安置",
    "home": "返家",
    "missing": "失联",
}
HEAD = (
    "序号",
    "姓名",
    "年龄",
    "电话",
    "住址",
    "独居",
    "评估等级",
    "健康",
    "联系人",
    "状态",
    "去向",
    "随行",
    "已联系次数",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
STYLE = """
body{font:14px/1.4 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;margin:1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.1rem;margin:.2rem 0}p{margin:.2rem 0}
section{break-after:page}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #000;padding:.2rem .35rem;text-align:left;vertical-align:top}
thead{display:table-header-group}tr{break-inside:avoid}.pen{min-width:9rem}.drill{font-weight:700}
@media print{body{margin:0}@page{size:A4 landscape;margin:10mm}}
"""


def as_html(event: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], now: Any) -> str:
    """A page a village, with its figures and a column for the pen."""
    villages = "".join(_village(event, list(of), now) for _, of in groupby(lines, key=lambda line: line["village"]))
    empty = "<p>名单上没有人。 Nobody is on the list.</p>"
    title = escape(f"{event['title']} 点名册")
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>{villages or empty}</body></html>"
    )


def _village(event: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], now: Any) -> str:
    first = lines[0]
    drill = '<p class="drill">【演练】这是演练 This is a drill</p>' if event["drill"] else ""
    rows = "".join(_row(n, line) for n, line in enumerate(lines, 1))
    head = "".join(f'<th scope="col">{word}</th>' for word in (*HEAD, "现场记录"))
    place = escape(f"{first['village_name'] or ''} {first['village']}")
    return (
        f"<section><h1>{escape(event['title'])}</h1>{drill}<h2>{place}</h2>"
        f"<p>{_sum(lines)}</p><p>打印时间 {stamp(now)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _sum(lines: Sequence[Mapping[str, Any]]) -> str:
    counts = {word: sum(line["state"] == state for line in lines) for state, word in WORDS.items()}
    return f"共 {len(lines)} 人：" + "，".join(f"{word} {many}" for word, many in counts.items())


def _row(n: int, line: Mapping[str, Any]) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in _cells(n, line))
    return f'<tr>{cells}<td class="pen"></td></tr>'


def _cells(n: int, line: Mapping[str, Any]) -> tuple[str, ...]:
    contacts = "；".join(
        f"{c['relation']} {c['name']} {c['phone']}{'（有钥匙）' if c['has_key'] else ''}" for c in line["contacts"]
    )
    return (
        str(n), line["name"], _or_blank(line["age"]), _or_blank(line["phone"]),
        line["stays_at"] or line["address"] or "", "是" if line["lives_alone"] else "", _or_blank(line["assessment"]),
        _or_blank(line["health"]), contacts, WORDS[line["state"]], _or_blank(line["place"]),
        _or_blank(line["with_whom"]), str(line["tries"]),
    )  # fmt: skip


def _or_blank(value: object) -> str:
    return "" if value is None else str(value)


def as_csv(lines: Iterable[Mapping[str, Any]]) -> str:
    """The same for a spreadsheet: UTF-8 with its mark, one village after the other."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(("村（社区）", "代码", *HEAD))
    for n, line in enumerate(lines, 1):
        writer.writerow([_plain(c) for c in (line["village_name"] or "", line["village"], *_cells(n, line))])
    return "\ufeff" + out.getvalue()


def _plain(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
