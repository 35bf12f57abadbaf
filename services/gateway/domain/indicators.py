"""The indicator pack: what each figure means, where it comes from, what it should be (docs/indicators.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.gateway.domain.supervision import FEWEST, interval

Better = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Kind:
    """An indicator. `events`: a share of things that happened, which has an interval; else of what there is."""

    code: str
    group: str
    zh: str
    en: str
    formula_zh: str
    formula_en: str
    source: str
    target: float | None
    better: Better = "high"
    unit: Literal["share", "score"] = "share"
    events: bool = False
    cases: bool = True


SOURCES: Mapping[str, tuple[str, str]] = {
    "incidents": ("求助事件（不含演练、探针、订单、设备故障和已合并事件）",
                  "Calls for help (without drills, probes, orders, faults of things and merged ones)"),
    "orders": ("服务订单的到离凭证", "Proofs of orders"),
    "elders": ("在家老人档案（不含住院、入住机构、迁出、去世）",
               "The register of elders at home (none in hospital, institutions, moved or dead)"),
    "devices": ("在用设备的心跳、按键与测试记录", "Beats, presses and tests of devices in use"),
    "coverage": ("此刻在岗且可达的人员位置", "Where people on duty who can be reached are at this moment"),
}  # fmt: skip


def _answered(seconds: int, target: float) -> Kind:
    return Kind(
        f"answered_{seconds}", "answer", f"{seconds}秒内接警率", f"Taken within {seconds} s",
        f"记录到接警不超过{seconds}秒的事件÷（已接警＋超过{seconds}秒仍未接警的事件）",
        f"Calls taken within {seconds} s of being recorded, of those taken or untaken for longer", "incidents", target,
        events=True,
    )  # fmt: skip


def _arrived(step: str, minutes: int, target: float) -> Kind:
    zh, en = {"door": ("到门", "At the door"), "elder": ("见人", "With the elder")}[step]
    return Kind(
        f"{step}_{minutes}", "arrival", f"{minutes}分钟{zh}率", f"{en} within {minutes} min",
        f"记录到{zh}不超过{minutes}分钟的事件÷（已{zh}＋超过{minutes}分钟仍需上门而未{zh}的事件）",
        f"Calls with somebody {en.lower()} within {minutes} min of being recorded, of those reached or still waiting "
        "for longer", "incidents", target, events=True,
    )  # fmt: skip


PACK = (
    _answered(30, 0.985), _answered(60, 0.999), _answered(180, 1.0),
    _arrived("door", 15, 0.9), _arrived("door", 30, 0.9), _arrived("elder", 15, 0.9), _arrived("elder", 30, 0.9),
    Kind("false_alarm", "alarms", "误报率", "False alarms",
         "结论为误按、测试或设备故障的事件÷有结论的设备报警事件，按设备型号",
         "Calls by a device that ended as a false press, a test or a fault, of those with an ending; by model",
         "incidents", None, better="low", events=True),
    Kind("circle_15", "reach", "15分钟响应圈覆盖率", "Within the circle of 15 minutes",
         "此刻15分钟内有人可到的老人÷在册老人（按预计到达时间，不按直线距离）",
         "Elders whom somebody ready could reach within 15 minutes now, of all, by expected time of arrival",
         "coverage", 1.0, cases=False),
    Kind("monthly_visit", "care", "月探访率", "Monthly visits",
         "期内有一次有凭证探访的特殊困难老人÷在家的特殊困难老人（独居、失能或失智）",
         "Elders in special need (alone, disabled or with dementia) with a proved visit in the period, of all such",
         "orders", 1.0),
    Kind("visit_help", "care", "探访帮扶率", "Visited and helped",
         "期内探访到且另有一次有凭证服务的特殊困难老人÷期内探访到的特殊困难老人",
         "Elders in special need with a proved service besides the visit, of those with a proved visit in the period",
         "orders", None),
    Kind("home_service", "care", "上门服务覆盖率", "Door-to-door service",
         "期内至少一次有凭证上门服务的老人（按人计一次）÷在家老人",
         "Distinct elders with at least one proved service at home in the period, of all at home", "orders", 0.18,
         cases=False),
    Kind("assessed_80", "care", "80岁以上评估率", "Assessed, of 80 and over",
         "有能力评估等级的80岁以上老人÷80岁以上老人",
         "Elders of 80 and over with an assessment, of all of that age", "elders", 1.0),
    Kind("contacts", "contacts", "联系信息完整率", "Contacts complete",
         "有两名以上可打通的联系人且有开门办法（钥匙、备用钥匙或破门许可）的老人÷在家老人",
         "Elders with two contacts who have telephones, and a way in (a key or a permission), of all",
         "elders", 0.95),
    Kind("device_online", "devices", "设备在线率", "Devices online", "在线设备÷在用设备",
         "Devices online, of those in use", "devices", 0.98),
    Kind("device_tested", "devices", "设备30天测试率", "Devices tested in 30 days",
         "30天内测试、自检或真实按过的设备÷在用设备",
         "Devices that were tested, tested themselves or were pressed within 30 days, of those in use",
         "devices", 0.95),
    Kind("protection", "protection", "保护分", "Protection score",
         "每位老人100分减去此刻按下会失败的各项扣分，取平均",
         "Per elder 100 less what each thing that would fail now costs; the mean", "devices", 90, unit="score"),
)  # fmt: skip
BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in PACK}


def value(kind: Kind, numerator: float, denominator: int) -> dict[str, float | int | bool | None]:
    """A figure as it may be told: nothing of a handful, an interval for what happened, whether the target is met."""
    if denominator < FEWEST:
        few = denominator > 0
        return {
            "value": None, "numerator": None, "denominator": None if few else 0, "few": few, "low": None, "high": None,
            "met": None,
        }  # fmt: skip
    found = numerator / denominator
    low, high = (interval(int(numerator), denominator) or (None, None)) if kind.events else (None, None)
    met = None if kind.target is None else (found >= kind.target if kind.better == "high" else found <= kind.target)
    digits = 4 if kind.unit == "share" else 1
    return {
        "value": round(found, digits), "numerator": numerator, "denominator": denominator, "few": False,
        "low": None if low is None else round(low, 4), "high": None if high is None else round(high, 4), "met": met,
    }  # fmt: skip
