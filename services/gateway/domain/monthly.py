"""月报: the columns of the month's table, and how a line is filled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEW = 5
"""A share of fewer is not told."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a count, or where `of` is given the share of another that it is."""

    code: str
    zh: str
    en: str
    means_zh: str
    means_en: str
    of: str | None = None
    """`a/b`: the share of `b` that is `a`."""


COLUMNS = (
    Column("elders", "在家老年人", "Elders at home", "期末在册、住在家里的老年人（人）",
           "Elders on the register who live at home, at the end"),
    Column("eighty", "其中80岁以上", "Of 80 and over", "其中80岁以上（人）", "Those of 80 and over"),
    Column("special", "特殊困难老年人", "In special need", "独居、失能或失智的在家老年人（人）",
           "Living alone, disabled or with dementia"),
    Column("visited", "月探访人数", "Visited", "特殊困难老年人中期内有一次有凭证探访的（人）",
           "Of those in special need, with a proved visit in the period"),
    Column("visit_rate", "月探访率", "Visit rate", "月探访人数÷特殊困难老年人", "Visited, of those in special need",
           "visited/special"),
    Column("served", "上门服务人数", "Served at home", "期内至少一次有凭证上门服务的老年人（人，按人计一次）",
           "Distinct elders with a proved service at home in the period"),
    Column("served_rate", "上门服务覆盖率", "Service rate", "上门服务人数÷在家老年人", "Served, of elders at home",
           "served/elders"),
    Column("calls", "紧急呼叫", "Calls for help", "期内求助事件（件，不含演练、探针、订单与设备故障）",
           "Incidents in the period, without drills, probes, orders and faults of things"),
    Column("answered_30", "30秒内接警", "Taken within 30 s", "期内30秒内接警的求助事件（件）",
           "Of these, taken within 30 seconds"),
    Column("door_15", "15分钟内到门", "At the door within 15 min", "期内15分钟内有人到门的求助事件（件）",
           "Of these, somebody at the door within 15 minutes"),
    Column("false", "误报", "False alarms", "结论为误按、测试或设备故障的设备报警（件）",
           "Calls by a device that ended as a false press, a test or a fault"),
    Column("devices", "在用设备", "Devices in use", "期末在用设备（台）", "Devices in use, at the end"),
    Column("online", "其中在线", "Online", "期末在线设备（台）", "Devices online, at the end"),
    Column("call_backs", "应回访", "Call-backs due", "期内到期的求助回访（件，应于服务结束24小时内）",
           "Call-backs after a call for help that fell due in the period, a day after its end"),
    Column("called_back", "按时回访", "Called back in time", "其中按时回访的（件）", "Of these, made by then"),
    Column("call_back_rate", "按时回访率", "Call-back rate", "按时回访÷应回访", "Called back in time, of those due",
           "called_back/call_backs"),
    Column("rated", "评价", "Ratings", "期内收到的评价（件，家属和老人的评价与回访评价）",
           "Ratings in the period, by families, by elders and in call-backs"),
    Column("content", "满意评价", "Content", "其中4分及以上的评价（件）", "Of these, four of five and over"),
    Column("content_rate", "满意率", "Share content", "满意评价÷评价", "Content, of all ratings", "content/rated"),
    Column("complaints", "受理投诉", "Complaints", "期内收到的投诉（件，含家属与12345等渠道）",
           "Complaints that came in the period, of families and by other ways"),
    Column("settled", "办结投诉", "Settled", "期内办结或答复的投诉（件）", "Complaints settled in the period"),
    Column("late", "超期投诉", "Overdue", "期内收到的投诉中有一步超过期限的（件）",
           "Of those that came, with a step past its day"),
    Column("hazards", "发现隐患", "Hazards found", "期内登记的隐患（项）", "Hazards written down in the period"),
    Column("closed", "销号隐患", "Hazards closed", "期内验收销号的隐患（项）", "Hazards closed in the period"),
    Column("hazards_late", "逾期未整改", "Hazards overdue", "截至生成时超过期限仍未整改的隐患（项）",
           "Hazards past their day and not fixed, as things stand"),
)  # fmt: skip

Counts = Mapping[str, int]


def values(counts: Counts) -> list[float | None]:
    """A line in the order of the columns; a share of fewer than five is null."""
    return [_value(column, counts) for column in COLUMNS]


def _value(column: Column, counts: Counts) -> float | None:
    if column.of is None:
        return counts.get(column.code, 0)
    part, whole = (counts.get(code, 0) for code in column.of.split("/"))
    return round(part / whole, 4) if whole >= FEW else None


def summed(lines: Iterable[Counts]) -> dict[str, int]:
    """Counts of several, added up."""
    total: dict[str, int] = {}
    for line in lines:
        for code, many in line.items():
            total[code] = total.get(code, 0) + many
    return total
