"""What codes and columns of a file mean, where the report itself does not say it."""

from collections.abc import Callable, Mapping, Sequence

from services.gateway.domain.case_words import VALUES, Lang, word
from services.gateway.domain.indicators import BY_CODE, SOURCES
from services.gateway.domain.protection import FAULTS
from services.gateway.domain.supervision import ACCEPT_S, CLAIM_S, DOOR_S, POLICY_S
from shared.vocabulary.alarms import AlarmKind

STATES = ("open", "taken", "on_scene", "with_elder", "resolved", "reopened")
"""Of an incident that can still be late."""
WRONG = ("false_press", "test", "device_fault")
"""Outcomes of a false alarm."""
LEGENDS: Mapping[str, Mapping[Lang, Sequence[str]]] = {
    "breaches": {
        "zh": ("类别: {kinds}",
               "状态: {states}",
               "环节及其时限: unclaimed 无人接警，建立或重新受理起 {claim}",
               "unaccepted 没人接单，应当开始问人起 {accept}",
               "not_departed 接单未出发，接单起 {stall_s} 秒",
               "not_at_door 未到门口，建立起 {door_s} 秒，只计P1、P2",
               "not_with_elder 未见到老人，到门口起 {entry_s} 秒",
               "no_check_in 未按时报平安，最后一次消息起 {check_in_s} 秒",
               "not_closed 未结案，处理完毕起 {review_s} 秒",
               "visit_late 上门服务迟到，约定时段结束即计",
               "目标: 出发、见人、报平安、结案按事件建立时的处置策略，策略没有规定的按上列",
               "超时: 截至导出时比目标多出的秒数；席位: 接警人；服务人员: 前往者的编号",
               "搁置的、演练和探针不列"),
        "en": ("Kind: {kinds}",
               "State: {states}",
               "Stages and how long each may take: unclaimed, nobody took it, from when opened or reopened {claim}",
               "unaccepted, nobody accepted, from when people were first to be asked {accept}",
               "not_departed, from accepting {stall_s} s",
               "not_at_door, from when opened {door_s} s, P1 and P2 only",
               "not_with_elder, from being at the door {entry_s} s",
               "no_check_in, from the last word {check_in_s} s",
               "not_closed, from when the visit was over {review_s} s",
               "visit_late, from the end of its window",
               "Target: of setting off, being with her, checking in and closing as the policy said on opening",
               "Over: seconds past the target as of this file. Seat: who took it. Responder: number of who goes",
               "What is put aside, drills and probes are left out"),
    },
    "protection": {
        "zh": ("保护分: 100分减去此刻按下会失败的各项扣分，最低0分；分低的在前，没有隐患的不列",
               "隐患及其扣分: {faults}"),
        "en": ("Score: 100 less what each thing costs that would fail if she pressed now, never under 0",
               "The lowest first; who lacks nothing is not listed",
               "Faults and what each costs: {faults}"),
    },
    "cases": {
        "zh": ("{name}: {formula}（{source}）",
               "名单: 在分母而不在分子的；误报率为在分子的",
               "时间: 事件为建立时间，设备为最后一次有消息；秒: 到该环节所用，尚未到的算至导出时",
               "原因: few_contacts 可打通的联系人不足两名, no_way_in 没有钥匙也没有破门许可, {outcomes}；设备为型号"),
        "en": ("{name}: {formula} ({source})",
               "Listed: in the denominator and not in the numerator; of false alarms those in the numerator",
               "At: when an incident was opened, when a device was last heard",
               "Seconds: until the step was made; until this file where it was not",
               "Reasons: few_contacts fewer than two with telephones, no_way_in no key and no permission to break in",
               "{outcomes}; of a device its model"),
    },
    "duty": {
        "zh": ("如何结束: left 下岗, handed_over 交班, lapsed 未应答视为离岗；空白为在岗或无人值守时段",
               "查岗、应答: 被问的次数和答了的次数；最慢: 从问到答的秒数"),
        "en": ("Ended: left, handed over, or lapsed without an answer; empty while on duty, or when nobody was there",
               "Asked, answered: how often; slowest: seconds from being asked to the answer"),
    },
    "complaints": {
        "zh": ("来源: family 家属, hotline 12345等热线, letter 来信, visit 来访, phone 来电, inspection 检查发现",
               "涉及: seat 值守席, responder 服务人员, provider 服务商, platform 平台",
               "结论: upheld 属实, partly 部分属实, not_upheld 不属实, withdrawn 撤回",
               "期限: 自收到次日起的工作日，按收到时该区划的规定；家属投诉三日内答复。超期: 截至导出时下一步已过期限"),
        "en": ("Source: family, hotline such as 12345, letter, visit, phone, inspection",
               "About: seat at a duty desk, responder, provider, platform",
               "Finding: upheld, partly upheld, not_upheld, withdrawn",
               "Days: working days from the day after it came, as laid down then; a family's within three days",
               "Overdue: the next step is past its day"),
    },
    "hazards": {
        "zh": ("类别: device 设备, home 居家环境, staffing 人手与值守, provider 服务商, network 网络与供电, other 其他",
               "等级: general 一般隐患, major 重大隐患；状态: open 整改中, fixed 待验收, closed 已销号",
               "逾期: 过了整改期限还没有报整改完成；验收人既不是责任人，也不是整改的人"),
        "en": ("Kind: device, home, staffing, provider, network and power, other; grade: general, major",
               "State: open to be fixed, fixed to be inspected, closed",
               "Overdue: past its day and not fixed; whoever closes it is neither its owner nor who fixed it"),
    },
}  # fmt: skip


def legend(what: str, lang: Lang, indicator: str) -> list[str]:
    """Lines below a table; `indicator` is the one whose cases it lists."""
    words = WORDS[what](lang, indicator) if what in WORDS else {}
    return [line.format_map(words) for line in LEGENDS[what][lang]]


def _breaches(lang: Lang, _: str) -> dict[str, str | int]:
    return {
        **POLICY_S, "door_s": DOOR_S, "claim": _by_priority(CLAIM_S), "accept": _by_priority(ACCEPT_S),
        "kinds": _codes([*AlarmKind], lang), "states": _codes(STATES, lang),
    }  # fmt: skip


def _protection(lang: Lang, _: str) -> dict[str, str]:
    return {"faults": ", ".join(f"{one.code} {word((one.zh, one.en), lang)} {one.weight}" for one in FAULTS)}


def _cases(lang: Lang, indicator: str) -> dict[str, str]:
    kind = BY_CODE[indicator]
    return {
        "name": word((kind.zh, kind.en), lang), "formula": word((kind.formula_zh, kind.formula_en), lang),
        "source": word(SOURCES[kind.source], lang), "outcomes": _codes(WRONG, lang),
    }  # fmt: skip


def _by_priority(seconds: Mapping[int, int]) -> str:
    return ", ".join(f"P{priority} {allowed} s" for priority, allowed in seconds.items())


def _codes(codes: Sequence[str], lang: Lang) -> str:
    return ", ".join(f"{code} {word(VALUES[code], lang)}" for code in codes)


WORDS: Mapping[str, Callable[[Lang, str], Mapping[str, str | int]]] = {
    "breaches": _breaches, "protection": _protection, "cases": _cases,
}  # fmt: skip
"""What is put into the lines of a legend."""
