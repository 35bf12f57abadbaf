"""What the button is told, and says aloud."""

from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.policy import NOT_INDOORS
from shared.vocabulary.alarms import Stage

TITLES = {
    "caregiver": "护理员",
    "nurse": "护士",
    "grid_worker": "网格员",
    "guard": "保安",
    "fire_post": "消防员",
    "station": "驿站老师",
    "volunteer": "志愿者",
    "provider": "机构人员",
    "canary": "探针",
}
PLACES = frozenset({"station", "fire_post", "provider"})
LONGEST_PERSON = 4
"""A longer name of a place's is its own and no person's: 晓龙乡养老服务站."""
DIGITS = "零一二三四五六七八九"
HEARD = "已收到，正在找人"
SEEN = "值班员看到了，正在找人"
OUTSIDE = "请马上到屋外，别碰开关电器，已收到"
CHANGING = "正在换人"
CLOSED = "求助已结束"
AGAIN = "已重新受理，正在找人"


def heard(kind: str) -> str:
    """The first words after a press: with smoke or gas, to come out."""
    return OUTSIDE if kind in NOT_INDOORS else HEARD


def called(name: str, kind: str) -> str:
    """How she will be told who comes: 王护士; a station under its own name."""
    return name if kind in PLACES and len(name) > LONGEST_PERSON else name[:1] + TITLES[kind]


def spoken(number: int) -> str:
    """A number from 1 to 99 as it is said: 7 七, 12 十二, 30 三十; more is 九十九."""
    tens, ones = divmod(max(1, min(number, 99)), 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")


def minutes(seconds: int) -> int:
    """Whole minutes, rounded up: better early than promised too soon."""
    return max(1, -(-seconds // 60))


def seen(moment: Moment, case: Case) -> Fact | None:
    """Somebody on duty has it on the screen."""
    if case.incident.receipt_stage >= Stage.SEEN:
        return None
    return _receipt(moment, case, Stage.SEEN, say=SEEN)


def coming(moment: Moment, case: Case, one: Assignment) -> Fact:
    """Who comes, in how many minutes."""
    who = called(one.responder_name, one.responder_kind)
    say = f"{who}{spoken(minutes(one.eta_s))}分钟到"
    return _receipt(moment, case, Stage.ACCEPTED, who=who, eta_s=one.eta_s, say=say)


def changing(moment: Moment, case: Case) -> Fact:
    """The one who was coming can't; the stage stays."""
    return _receipt(moment, case, Stage.ACCEPTED, say=CHANGING)


def there(moment: Moment, case: Case, one: Assignment) -> Fact:
    """Somebody is at the door."""
    who = called(one.responder_name, one.responder_kind)
    return _receipt(moment, case, Stage.ARRIVED, who=who, eta_s=0, say=f"{who}到了")


def again(moment: Moment, case: Case) -> Fact:
    """It was closed, and is worked again; the stage stays."""
    return _receipt(moment, case, Stage(case.incident.receipt_stage), say=AGAIN)


def over(moment: Moment, case: Case) -> Fact:
    """The desk has closed it."""
    return _receipt(moment, case, Stage.CLOSED, who=case.incident.receipt_who, say=CLOSED)


def _receipt(
    moment: Moment,
    case: Case,
    stage: Stage,
    *,
    who: str | None = None,
    eta_s: int | None = None,
    say: str | None = None,
) -> Fact:
    reached = max(stage, Stage(case.incident.receipt_stage))
    return moment.fact("receipt.changed", incident=case.incident.id, stage=reached.wire, who=who, eta_s=eta_s, say=say)
