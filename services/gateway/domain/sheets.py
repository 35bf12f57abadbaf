"""Tables to be taken away: what they hold, and cells that no spreadsheet program takes for a formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from services.gateway.domain.monthly import COLUMNS

Cell = str | int | float | datetime | None
Row = Mapping[str, Any]
NO_TARGET: Sequence[Row] = ({},)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and what its figures mean; instants are written by the calendar of `zone`."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str]


def safe(cell: Cell, zone: timezone) -> str | int | float | None:
    """A cell as it may be written: text never begins like a formula, however it came here."""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" \u3000").startswith(STARTS_A_FORMULA) or cell.startswith("'") else cell
    return cell


def _share(value: float | None) -> Cell:
    return None if value is None else round(value * 100, 2)


HEADS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "zh": {
        "monthly": ("区划代码", "区划", *(f"{one.zh}（%）" if one.of else one.zh for one in COLUMNS)),
        "response-times": ("分组", "名称", "合并组数", "阶段", "事件数", "P50（秒）", "P90（秒）", "P95（秒）",
                           "P99（秒）", "目标（秒）", "达标数", "达标率（%）", "应达（%）"),
        "indicators": ("指标", "分项", "数值（%或分）", "分子", "分母", "下限（%）", "上限（%）", "目标（%或分）",
                       "是否达标", "样本不足"),
        "providers": ("排名", "服务商", "邀请", "接受", "谢绝", "超时未答", "接单后退回", "接单率（%）",
                      "下限（%）", "上限（%）", "到门", "迟到", "迟到率（%）", "到门P50（秒）", "到门P90（秒）",
                      "上门服务", "缺凭证", "投诉"),
        "fleet": ("区划或型号", "名称", "设备", "在线", "在线率（%）", "低电", "24小时无声", "30天内测试",
                  "测试率（%）", "有故障"),
        "breaches": ("事件", "区划", "类别", "级别", "状态", "环节", "起算时间", "目标（秒）", "超时（秒）", "席位",
                     "服务人员", "催办次数"),
        "protection": ("老人", "姓名", "位置", "区划", "保护分", "隐患"),
        "cases": ("类型", "编号", "区划", "姓名", "位置", "时间", "秒", "原因"),
        "duty": ("区划", "值守席", "开始", "结束", "如何结束", "交给", "查岗", "应答", "最慢（秒）"),
        "complaints": ("来源", "来源编号", "区划", "涉及", "收到", "受理期限", "受理", "答复期限", "答复", "办结期限",
                       "办结", "结论", "承办人", "超期"),
        "hazards": ("区划", "类别", "等级", "隐患", "整改措施", "责任人", "整改期限", "整改完成", "整改情况",
                    "退回次数", "验收销号", "验收人", "状态", "逾期"),
        "ratings": ("内容", "服务商或月份", "名称", "合并组数", "总数", "好（%）", "下限（%）", "上限（%）", "回答",
                    "件数"),
    },
    "en": {
        "monthly": ("Code", "Division", *(f"{one.en} (%)" if one.of else one.en for one in COLUMNS)),
        "response-times": ("Group", "Name", "Merged", "Stage", "n", "p50 (s)", "p90 (s)", "p95 (s)", "p99 (s)",
                           "Target (s)", "Within", "Within (%)", "Aim (%)"),
        "indicators": ("Indicator", "Part", "Value (% or points)", "Numerator", "Denominator", "Low (%)", "High (%)",
                       "Target (% or points)", "Met", "Too few"),
        "providers": ("Rank", "Provider", "Offers", "Accepted", "Declined", "Silent", "Given back", "Acceptance (%)",
                      "Low (%)", "High (%)", "Arrivals", "Late", "Late (%)", "Door p50 (s)", "Door p90 (s)", "Visits",
                      "Without proof", "Complaints"),
        "fleet": ("Area or model", "Name", "Devices", "Online", "Online (%)", "Low battery", "Silent 24 h",
                  "Tested 30 d", "Tested (%)", "Faults"),
        "breaches": ("Incident", "Division", "Kind", "Priority", "State", "Stage", "Since", "Target (s)", "Over (s)",
                     "Seat", "Responder", "Nudges"),
        "protection": ("Elder", "Name", "Place", "Division", "Score", "Faults"),
        "cases": ("What", "Id", "Division", "Name", "Place", "At", "Seconds", "Reasons"),
        "duty": ("Division", "Seat", "From", "Until", "Ended", "To", "Asked", "Answered", "Slowest (s)"),
        "complaints": ("Source", "Its number", "Division", "About", "Received", "Accept by", "Accepted", "Reply by",
                       "Replied", "Settle by", "Settled", "Finding", "Handler", "Overdue"),
        "hazards": ("Division", "Kind", "Grade", "Hazard", "Measure", "Owner", "Due on", "Fixed", "What was done",
                    "Given back", "Closed", "Closed by", "State", "Overdue"),
        "ratings": ("What", "Provider or month", "Name", "Merged", "n", "Good (%)", "Low (%)", "High (%)", "Answer",
                    "How many"),
    },
}  # fmt: skip


def response_times(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a group, stage and target; the total first, under an empty key."""
    return [
        (
            group["key"], group["name"], group["rest"], stage["stage"], stage["n"],
            *(stage[name] for name in ("p50_s", "p90_s", "p95_s", "p99_s")), target.get("seconds"),
            target.get("within"), _share(target.get("share")), _share(target.get("aim")),
        )
        for group in (report["total"], *report["groups"]) for stage in group["stages"]
        for target in stage["targets"] or NO_TARGET
    ]  # fmt: skip


def indicators(report: Row, lang: str) -> list[Sequence[Cell]]:
    """A line an indicator; shares in percent, scores as they are."""
    return [
        (
            one["name"][lang], one["part"], _valued(one, one["value"]), one["numerator"], one["denominator"],
            _share(one["low"]), _share(one["high"]), _valued(one, one["target"]), _said(one["met"]), _said(one["few"]),
        )
        for one in report["items"]
    ]  # fmt: skip


def _valued(one: Row, value: float | None) -> Cell:
    return value if one["unit"] == "score" else _share(value)


def _said(what: bool | None) -> Cell:  # noqa: FBT001  a cell
    return None if what is None else int(what)


def providers(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a provider, the best first."""
    plain = ("rank", "name", "offers", "accepted", "declined", "silent", "given_back")
    return [
        (
            *(one[name] for name in plain),
            *(_share(one[name]) for name in ("acceptance", "acceptance_low", "acceptance_high")), one["arrivals"],
            one["late"], _share(one["late_share"]),
            *(one[name] for name in ("door_p50_s", "door_p90_s", "visits", "unproved", "complaints")),
        )
        for one in report["items"]
    ]  # fmt: skip


def fleet(report: Row, _: str) -> list[Sequence[Cell]]:
    """The whole, then its areas, then its models."""
    whole = {"key": report["division"], "name": report["name"], **report["total"]}
    return [
        (
            one["key"], one["name"], one["devices"], one["online"], _share(one["online_share"]), one["low_batt"],
            one["silent_24h"], one["tested_30d"], _share(one["tested_share"]), one["faults"],
        )
        for one in (whole, *report["areas"], *report["models"])
    ]  # fmt: skip


def breaches(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a step that is late."""
    plain = ("incident", "division_name", "kind", "priority", "state", "stage", "since", "target_s", "over_s")
    return [
        (*(one[name] for name in plain), one["holder"]["seat"], one["holder"]["responder"], one["nudges"])
        for one in report["items"]
    ]


def protection(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line an elder, the worst protected first."""
    return [
        (*(one[name] for name in ("elder", "name_masked", "place", "division_name", "score")), " ".join(one["faults"]))
        for one in report["items"]
    ]


def cases(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line for each that an indicator misses."""
    plain = ("what", "id", "division_name", "name_masked", "place", "at", "seconds")
    return [(*(one[name] for name in plain), " ".join(one["reasons"])) for one in report["items"]]


def duty(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a turn at a desk; times in which nobody was there have no seat."""
    plain = ("division_name", "name", "since", "until", "ended", "handed_to", "asked", "answered", "slowest_s")
    return [tuple(one.get(name) for name in plain) for one in (*report["turns"], *report["gaps"])]


def complaints(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a complaint, without anybody's words."""
    before, after = ("source", "number", "division_name"), (
        "at", "accept_by", "accepted_at", "reply_by", "replied_at", "settle_by", "settled_at", "finding",
        "handler_name",
    )  # fmt: skip
    return [
        (*(one[name] for name in before), (one["subject"] or {}).get("kind"), *(one[name] for name in after),
         _said(one["overdue"]))
        for one in report["items"]
    ]  # fmt: skip


def hazards(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a hazard: what it is, what is done, who answers for it."""
    before = ("division_name", "kind", "grade", "text", "measure", "owner_name")
    after = ("fixed_at", "fixed_note", "returned", "closed_at", "closed_by", "state")
    return [
        (*(one[name] for name in before), one["due_on"].isoformat(), *(one[name] for name in after),
         _said(one["overdue"]))
        for one in report["items"]
    ]  # fmt: skip


def ratings(report: Row, _: str) -> list[Sequence[Cell]]:
    """A line a group and answer, stars before call-backs; the whole first, under an empty key."""
    return [
        (
            what, line["key"], line["name"], line["rest"], line["n"],
            *(_share(line[name]) for name in ("good", "low", "high")), answer, many,
        )
        for what in ("ratings", "call_backs") for line in (report[what]["total"], *report[what]["groups"])
        for answer, many in line["answers"].items()
    ]  # fmt: skip


def monthly(report: Row, lang: str) -> list[Sequence[Cell]]:
    """The lines and the total, shares in percent."""
    shares = [column["share"] for column in report["columns"]]
    total = {**report["total"], "name": "合计" if lang == "zh" else "Total"}
    return [
        (one["division"], one["name"],
         *(_share(value) if share else value for value, share in zip(one["values"], shares, strict=True)))
        for one in (*report["items"], total)
    ]  # fmt: skip


ROWS: Mapping[str, Callable[[Row, str], list[Sequence[Cell]]]] = {
    "response-times": response_times, "indicators": indicators, "providers": providers, "fleet": fleet,
    "breaches": breaches, "protection": protection, "cases": cases, "duty": duty,
    "complaints": complaints, "hazards": hazards, "monthly": monthly, "ratings": ratings,
}  # fmt: skip
