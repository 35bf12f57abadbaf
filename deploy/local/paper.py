"""The daily paper: everybody who may call for help, a page a village, for the day on which nothing else is left.

Read from the database alone, under the role that owns it; what was printed is in the log, without a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Any

import asyncpg

from shared.runtime.database import speak
from shared.runtime.sealed import Fields
from shared.vocabulary.ids import uuid7

ELDERS = """
SELECT e.id, e.division AS village, d.name AS village_name, e.name, e.born, e.sex, e.phone, e.lives_alone, e.assessment,
       e.health, e.medicine, e.dementia, e.status, h.address, h.floor, h.lift, h.key_place,
       CASE WHEN e.temp_until > $2 THEN e.temp_address END AS stays_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object('name', c.name, 'relation', c.relation, 'phone', c.phone,
                                                     'has_key', c.has_key) ORDER BY c.ord)
                 FROM dispatch.contact c WHERE c.elder_id = e.id), '[]') AS contacts
FROM dispatch.elder e
LEFT JOIN dispatch.home h ON h.id = e.home_id LEFT JOIN dispatch.division d ON d.code = e.division
WHERE starts_with(e.division, $1) AND dispatch.at_home(e.status, e.status_until, $2)
ORDER BY e.division, e.assessment DESC NULLS LAST, e.lives_alone DESC, e.id
"""
HELPERS = """
SELECT r.division, d.name AS division_name, r.name, r.kind, r.phone
FROM dispatch.responder r LEFT JOIN dispatch.division d ON d.code = r.division
WHERE starts_with(r.division, $1) AND r.retired_at IS NULL AND r.blocked_at IS NULL AND r.kind <> 'canary'
ORDER BY r.division, r.kind, r.id
"""
PHONES = (
    "SELECT code, name, phone FROM dispatch.division WHERE starts_with(code, $1) AND phone IS NOT NULL ORDER BY code"
)
SAID = "SELECT log.lock(ARRAY['paper/' || $1])"
TELL = "SELECT log.append($1, $2)"
HEAD = (
    "序号",
    "姓名",
    "年龄",
    "电话",
    "住址（现住）",
    "楼层",
    "钥匙",
    "独居",
    "等级",
    "健康",
    "联系人（钥匙）",
    "现场记录",
)
KINDS = {
    "caregiver": "护理员",
    "nurse": "护士",
    "grid_worker": "网格员",
    "guard": "保安",
    "volunteer": "志愿者",
    "family": "家人",
}
STYLE = """
body{font:13px/1.35 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;margin:1rem}
h1{font-size:1.2rem;margin:0}h2{font-size:1rem;margin:.6rem 0 .2rem}p{margin:.2rem 0}section{break-after:page}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;padding:.15rem .3rem;text-align:left}
th,td{vertical-align:top}
thead{display:table-header-group}tr{break-inside:avoid}.pen{min-width:8rem}
@media print{body{margin:0}@page{size:A4 landscape;margin:9mm}}
"""

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: those who may call, those who can go, whom to telephone."""

    elders: Sequence[Line]
    helpers: Sequence[Line]
    phones: Sequence[Line]


async def gathered(owner_url: str, fields: Fields, within: str, now: datetime) -> Paper:
    """Read it, and write into the log that it was read; `within` is a division, empty for the whole cell."""
    connection = await asyncpg.connect(owner_url)
    try:
        await speak(connection, fields)
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(SAID, within)
            elders, helpers, phones = [
                [dict(row.items()) for row in await connection.fetch(query, *given)]
                for query, given in ((ELDERS, (within, now)), (HELPERS, (within,)), (PHONES, (within,)))
            ]
            paper = Paper(elders, helpers, phones)
            await connection.execute(TELL, [_printed(within, len(elders), now)], now)
    finally:
        await connection.close()
    return paper


def _printed(within: str, many: int, now: datetime) -> dict[str, Any]:
    return {
        "id": str(uuid7(now)), "stream": "paper", "stream_id": within, "tag": "paper.printed", "division": within,
        "actor": "owner:paper", "body": {"division": within, "people": many},
    }  # fmt: skip


def as_html(paper: Paper, now: datetime) -> str:
    """The whole as one page of HTML; `now` is printed as it is given."""
    stamp = f"打印时间 {now:%Y-%m-%d %H:%M %Z}　用毕收回，隔日销毁 Collect after use, shred the next day"
    villages = groupby(paper.elders, key=lambda line: (line["village"], line["village_name"]))
    pages = "".join(_village(code, name, list(of), stamp, now) for (code, name), of in villages)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>应急纸质名册</title>'
        f"<style>{STYLE}</style></head><body>{_cover(paper, stamp)}{pages}</body></html>"
    )


def _cover(paper: Paper, stamp: str) -> str:
    phones = _table(("区划", "代码", "值守电话"), [(p["name"], p["code"], p["phone"]) for p in paper.phones])
    people = [(h["division_name"], h["name"], KINDS.get(h["kind"], h["kind"]), h["phone"]) for h in paper.helpers]
    return (
        f"<section><h1>应急纸质名册 Daily paper</h1><p>{stamp}</p><p>共 {len(paper.elders)} 位长辈</p>"
        f"<h2>值守电话 Duty telephones</h2>{phones}"
        f"<h2>可出动人员 Who can go</h2>{_table(('街道/村', '姓名', '身份', '电话'), people)}</section>"
    )


def _village(code: str, name: str | None, lines: Sequence[Line], stamp: str, now: datetime) -> str:
    rows = [(str(n), *_cells(line, now)) for n, line in enumerate(lines, 1)]
    return f"<section><h1>{escape(name or '')} {code}</h1><p>{stamp}</p>{_table(HEAD, rows, pen=True)}</section>"


def _cells(line: Line, now: datetime) -> tuple[object, ...]:
    contacts = "；".join(
        f"{c['relation'] or ''} {c['name']} {c['phone']}{'（钥匙）' if c['has_key'] else ''}" for c in line["contacts"]
    )
    health = "；".join(str(line[what]) for what in ("health", "medicine") if line[what])
    age = now.year - line["born"] if line["born"] else None
    return (
        line["name"], age, line["phone"], line["stays_at"] or line["address"], _floor(line), line["key_place"],
        "是" if line["lives_alone"] else None, line["assessment"],
        f"{'认知障碍；' if line['dementia'] else ''}{health}", contacts,
    )  # fmt: skip


def _floor(line: Line) -> str | None:
    return None if line["floor"] is None else f"{line['floor']}{'（电梯）' if line['lift'] else ''}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]], *, pen: bool = False) -> str:
    cells = "".join(f'<th scope="col">{word}</th>' for word in head)
    blank = '<td class="pen"></td>' if pen else ""
    body = "".join(f"<tr>{''.join(map(_cell, row))}{blank}</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _cell(said: object) -> str:
    return f"<td>{'' if said is None else escape(str(said))}</td>"
