"""What each figure means, in words, beside the facts of the log it is made from (docs/reports.md)."""

from typing import Any

from services.gateway.domain.sketch import ERROR, STAGES, TARGETS

NAMES = {
    "recorded": ("平台收到", "Recorded"),
    "rung": ("响铃到人", "Rung"),
    "taken": ("接警", "Taken"),
    "offered": ("发出邀请", "Offered"),
    "accepted": ("有人接单", "Accepted"),
    "departed": ("出发", "Departed"),
    "arrived": ("到门口", "At the door"),
    "with_elder": ("见到老人", "With the elder"),
    "closed": ("结案", "Closed"),
}
MEANS = {
    "recorded": (
        "从设备自报的按下时刻到平台收到；设备时钟不可信的不计",
        "From the press by the device's own clock until we recorded it; devices with a wrong clock are not counted",
    ),
    "rung": (
        "从平台收到到第一次出现在值守屏幕上，或在服务人员手机上响铃",
        "From recorded until first on a duty screen, or ringing at a responder's console",
    ),
    "taken": (
        "从平台收到到第一次有席位或值班人员接警",
        "From recorded until a seat or a responder on duty first had it",
    ),
    "offered": ("从平台收到到第一份响应邀请发出", "From recorded until the first offer was sent"),
    "accepted": ("从平台收到到第一个人接单", "From recorded until somebody first said yes"),
    "departed": ("从平台收到到第一个人出发", "From recorded until somebody first set out"),
    "arrived": ("从平台收到到第一个人到门口", "From recorded until somebody was first at the door"),
    "with_elder": ("从平台收到到第一个人见到老人", "From recorded until somebody was first with the elder"),
    "closed": (
        "从平台收到到最后一次结案；重新受理的到再次结案为止",
        "From recorded until closed for the last time; what was reopened counts until it is closed again",
    ),
}
TAGS = {
    "recorded": ("alarm.raised",),
    "rung": ("offer.rang", "receipt.changed"),
    "taken": ("incident.taken", "incident.claimed"),
    "offered": ("offer.sent",),
    "accepted": ("assignment.made",),
    "departed": ("assignment.en_route",),
    "arrived": ("incident.on_scene", "assignment.arrived"),
    "with_elder": ("incident.with_elder", "assignment.in_service"),
    "closed": ("incident.closed", "incident.false_alarm", "incident.reopened"),
}

LEFT_OUT = (
    "演练、测试、探针、预约服务、设备故障和大面积事件不计；合并的事件算作一件，从最早的一次按下算起",
    "No drills, tests, canaries, booked services, things' faults, area events; merged ones count once, from the first",
)
PERCENTILES = (
    "按最近秩取值，误差不超过百分之一；上级的数由同样的计数相加得出，从不对百分位求平均",
    "By nearest rank, off by at most one per cent. A level above adds the same counts up: no averages of percentiles",
)
SMALL_CELLS = (
    "不足 5 件的并入“其余”一行，合计不变",
    "Lines of fewer than five incidents are merged into one line, the rest; totals stay",
)


def definitions() -> dict[str, Any]:
    """Everything, in the order of the way."""
    return {
        "stages": [
            {
                "stage": stage, "name": _words(NAMES[stage]), "means": _words(MEANS[stage]), "tags": TAGS[stage],
                "targets": [seconds for seconds, _ in TARGETS.get(stage, ())],
            }
            for stage in STAGES
        ],
        "left_out": _words(LEFT_OUT), "percentiles": _words(PERCENTILES), "small_cells": _words(SMALL_CELLS),
        "error": round(ERROR, 4),
    }  # fmt: skip


def _words(both: tuple[str, str]) -> dict[str, str]:
    return {"zh": both[0], "en": both[1]}
