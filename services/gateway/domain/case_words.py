"""The words of a case file: what happened, in both languages. Names and free words of people are not among them."""

from collections.abc import Mapping, Sequence
from typing import Literal

Lang = Literal["zh", "en"]
Pair = tuple[str, str]

TOLD: Mapping[str, Pair] = {
    "incident.opened": ("收到报警，建立求助事件", "Alarm received, incident opened"),
    "incident.claimed": ("接警", "Taken by a seat"),
    "incident.taken": ("已接警", "Taken"),
    "incident.confirmed": ("确认属实", "Confirmed as real"),
    "incident.cleared": ("老人亲口说不需要帮助", "Her own voice says that she needs nobody"),
    "incident.reclassified": ("更改级别", "Priority changed"),
    "incident.escalated": ("逐级催办", "Next level rung"),
    "incident.nudged": ("到时提醒", "Reminder due"),
    "incident.noted": ("备注", "Note"),
    "incident.handed_in": ("交来凭证", "Evidence handed in"),
    "incident.relocated": ("更改位置，重新找人", "Place changed, people searched anew"),
    "incident.on_scene": ("有人到场", "Somebody at the door"),
    "incident.with_elder": ("有人见到老人", "Somebody is with the elder"),
    "incident.resolved": ("处理完毕，待结案", "Visit over, still to be closed"),
    "incident.closed": ("结案", "Closed"),
    "incident.false_alarm": ("结案（误报）", "Closed as a false alarm"),
    "incident.support_asked": ("现场请求支援", "Support asked for at the scene"),
    "incident.merged": ("并入其他求助事件", "Merged into another incident"),
    "incident.absorbed": ("并入另一求助事件的报警", "Took another incident in"),
    "incident.reopened": ("重新受理", "Reopened"),
    "alarm.joined": ("老人再次按下", "Pressed again"),
    "call.attempted": ("致电", "Telephoned"),
    "job.asked": ("询问一轮", "A wave of people asked"),
    "job.nobody_available": ("无人可派", "Nobody available"),
    "job.nobody_accepted": ("无人接单", "Nobody accepted"),
    "job.no_access": ("进不了门", "No access"),
    "job.not_found": ("找不到老人", "Elder not found"),
    "offer.sent": ("发出邀请", "Asked"),
    "offer.stepped": ("邀请改换渠道", "Asked by another channel"),
    "offer.shown": ("邀请已上屏", "Shown on the screen"),
    "offer.rang": ("响铃到人", "Rang"),
    "offer.accepted": ("接单", "Accepted"),
    "offer.declined": ("谢绝", "Declined"),
    "offer.expired": ("超时未答", "No answer in time"),
    "offer.withdrawn": ("邀请撤回", "Withdrawn"),
    "assignment.made": ("前往", "Goes"),
    "assignment.en_route": ("出发", "Set out"),
    "assignment.arrived": ("到门口", "At the door"),
    "assignment.in_service": ("见到老人", "With the elder"),
    "assignment.checked_in": ("报平安", "All well"),
    "assignment.stalled": ("没有动静", "No movement"),
    "assignment.completed": ("完成", "Completed"),
    "assignment.released": ("退出", "Gave it back"),
    "assignment.stood_down": ("不用前往", "Stood down"),
    "breach.nudged": ("督导催办", "Nudged by a supervisor"),
}
STAGES: Mapping[str, Pair] = {
    "recorded": ("平台收到", "Recorded"), "rung": ("响铃到人", "Rung"), "taken": ("接警", "Taken"),
    "offered": ("发出邀请", "Offered"), "accepted": ("有人接单", "Accepted"), "departed": ("出发", "Departed"),
    "arrived": ("到门口", "At the door"), "with_elder": ("见到老人", "With the elder"), "closed": ("结案", "Closed"),
}  # fmt: skip
ABOUT: Mapping[str, Pair] = {
    "incident": ("求助事件", "Incident"), "division_name": ("区划", "Division"), "name_masked": ("老人", "Elder"),
    "place": ("地点", "Place"), "kind": ("报警种类", "Kind of alarm"), "priority": ("级别", "Priority"),
    "state": ("状态", "State"), "outcome": ("结论", "Outcome"), "drill": ("演练", "Drill"),
    "pressed_at": ("开始", "Opened"), "ended_at": ("结案时间", "Closed at"),
}  # fmt: skip
HEADS: Mapping[str, Mapping[Lang, Sequence[str]]] = {
    "about": {"zh": ("项目", "内容"), "en": ("What", "")},
    "stages": {"zh": ("环节", "距开始（秒）"), "en": ("Stage", "Seconds from the opening")},
    "steps": {
        "zh": ("序号", "时间", "秒", "事项", "人员", "说明"),
        "en": ("No.", "Time", "s", "What", "Who", "Details"),
    },
    "seals": {"zh": ("序号", "事件摘要（SHA-256）", "封条"), "en": ("No.", "Leaf of the event (SHA-256)", "Seal")},
    "chain": {"zh": ("封条", "封存时间", "封条哈希"), "en": ("Seal", "Sealed at", "Hash of the seal")},
}
TITLES: Mapping[str, Pair] = {
    "file": ("求助事件案卷", "Case file"), "about": ("一、概况", "1. What it was"),
    "stages": ("二、各环节用时", "2. Stages"), "steps": ("三、经过", "3. Step by step"),
    "seals": ("四、日志封存", "4. What proves it"),
}  # fmt: skip
MEANS: Mapping[Lang, str] = {
    "zh": "每条事实按日志原文取摘要，由封条按顺序串联；封条首部交上级保存。有日志者可用 ./yinling audit verify 复核。"
    "未封存的事实在一分钟内封存。全卷摘要：",
    "en": "Each fact has the hash of its line in the log; seals chain them in order and their head lies with the level "
    "above. Who has the log checks it with ./yinling audit verify. Facts not yet sealed are sealed within a minute. "
    "Hash of the whole: ",
}
VALUES: Mapping[str, Pair] = {
    "sos": ("紧急呼叫", "call for help"), "fall": ("跌倒", "fall"), "vital": ("体征异常", "vital signs"),
    "inactivity": ("长时间无活动", "no activity"), "smoke": ("烟雾报警", "smoke"), "gas": ("燃气报警", "gas"),
    "water": ("漏水", "water"), "fence_exit": ("走出安全区", "left the safe area"),
    "sos_unknown": ("呼叫（类型不明）", "call of unknown kind"), "low_batt": ("电量低", "low battery"),
    "tamper": ("设备被拆动", "device tampered with"), "mains_lost": ("断电", "mains power lost"),
    "offline": ("设备离线", "device offline"), "outage": ("大面积断线", "many devices silent"),
    "order": ("上门服务", "home service"), "mass": ("灾情点名", "roll-call"),
    "transfer": ("接老人转移", "fetch an elder"), "welfare": ("上门看望", "welfare check"),
    "open": ("待接警", "open"), "taken": ("已接警", "taken"), "on_scene": ("有人到场", "on scene"),
    "with_elder": ("已见到老人", "with the elder"), "resolved": ("已处理，待结案", "resolved"),
    "closed": ("已结案", "closed"), "false_alarm": ("误报", "false alarm"), "merged": ("已合并", "merged"),
    "reopened": ("重新受理", "reopened"), "genuine": ("确有其事，已处理", "genuine, dealt with"),
    "false_press": ("误按", "pressed by mistake"), "test": ("测试", "test"),
    "device_fault": ("设备故障", "fault of the device"), "hospital": ("送医", "taken to hospital"),
    "deceased": ("去世", "deceased"), "helped": ("已帮助", "helped"), "refused": ("老人拒绝", "help refused"),
}  # fmt: skip
"""Kinds, states and outcomes; what is not here is told by its code."""


def word(pair: Pair, lang: Lang) -> str:
    """One of two languages."""
    return pair[lang == "en"]
