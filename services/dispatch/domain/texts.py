"""What a message says, in Chinese and in English. Made when it is sent, from what is known then; kept nowhere.

Somebody who is asked learns the place roughly and no name; who goes learns the door; a family learns who comes.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.dispatch.domain.orders.windows import CHINA
from services.dispatch.domain.receipts import called, minutes

ZH, EN = "zh-CN", "en"


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a message's person and matter at this moment.

    `name` and `phone` are the recipient's, `helper` and `helper_kind` of the one who goes; `area` is as much of the
    place as anybody may hear, `address` the door; `dist_m` and `eta_s` belong to the offer.
    """

    name: str
    phone: str
    incident: str
    kind: str
    area: str
    address: str
    elder: str
    elder_phone: str
    entry: str
    helper: str
    helper_kind: str
    dist_m: int
    eta_s: int
    offer_state: str | None
    going: bool
    """Whether the recipient is on the way to it."""
    elder_status: str | None
    listed: bool
    """Whether the recipient takes part in this drill."""
    digits: str = ""
    """What one of a family types in to log in."""
    service: str = ""
    service_en: str = ""
    window: tuple[datetime, datetime] | None = None
    """What was ordered for the elder, and when it begins at the earliest and at the latest."""


KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sos": ("紧急呼叫", "an emergency call"),
        "sos_unknown": ("紧急呼叫", "an emergency call"),
        "fall": ("跌倒报警", "a fall"),
        "vital": ("体征异常", "abnormal vital signs"),
        "inactivity": ("长时间无活动", "no movement for a long time"),
        "smoke": ("烟雾报警", "a smoke alarm"),
        "gas": ("燃气报警", "a gas alarm"),
        "water": ("漏水报警", "a water leak"),
        "fence_exit": ("走失求助", "somebody missing"),
        "order": ("上门服务", "a visit"),
        "welfare": ("上门看望", "a welfare check"),
        "transfer": ("转移", "somebody to be moved"),
        "mass": ("片区事件", "an event over an area"),
        "outage": ("大面积断联", "many devices silent"),
        "offline": ("设备离线", "a device offline"),
        "low_batt": ("设备电量低", "a low battery"),
        "mains_lost": ("设备断电", "a device without mains"),
        "tamper": ("设备被拆动", "a device tampered with"),
        "test": ("设备测试", "a device test"),
    }
)
ANYTHING = ("求助", "a call for help")

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "job_offered": (
            "{area}有{kind}，离您约{distance}，路上约{minutes}分钟。请打开银铃应答。{incident}",
            "{kind_en} at {area}, about {distance_en}, {minutes} min from you. Please answer in Yinling. {incident}",
        ),
        "sent_out": (
            "值守席请您前往{area}处理{kind}，路上约{minutes}分钟。去不了请尽快致电值守台。{incident}",
            "The desk sends you to {area}: {kind_en}, {minutes} min away. Phone the desk if you can't. {incident}",
        ),
        "directions": (
            "您前往：{address}。老人：{elder}，电话{elder_phone}。{entry}{incident}",
            "You are going to {address}. {elder}, telephone {elder_phone}. {entry}{incident}",
        ),
        "stood_down": (
            "{area}的{kind}不用去了，谢谢您。{incident}",
            "No need to go to {area} any more. Thank you. {incident}",
        ),
        "nobody_accepted": (
            "{area}的{kind}还没有人接单，请立即处理。{incident}",
            "Nobody has accepted yet: {kind_en} at {area}. Please act at once. {incident}",
        ),
        "duty_uncovered": (
            "{area}已无人值守，现由您处代为值守。请立即登录银铃确认。",
            "Nobody is on duty at {area}; your desk answers for it now. Please confirm in Yinling at once.",
        ),
        "are_you_coming": (
            "{area}的{kind}：联系不上您。还在路上请打开银铃，去不了请致电值守台。{incident}",
            "{kind_en} at {area}: we can't reach you. Please open Yinling, or phone the desk. {incident}",
        ),
        "family_alarm": (
            "{elder}触发了{kind}，值守席正在处理。请保持电话畅通。",
            "{elder} has set off {kind_en}; the duty desk is on it. Please keep your telephone free.",
        ),
        "family_taken": (
            "{elder}的{kind}：{helper}已出发，约{minutes}分钟到。",
            "{elder}, {kind_en}: {helper} is on the way, about {minutes} min.",
        ),
        "family_arrived": ("{helper}已到{elder}家，正在照看。", "{helper} is with {elder} now."),
        "family_over": (
            "{elder}的{kind}已处理完毕。想了解详情，请致电值守台。",
            "{elder}: the call for help is over. Please telephone the duty desk for details.",
        ),
        "keyholder": (
            "{elder}家无人应门，救助人员在门口。您方便带钥匙来吗？{address}",
            "Nobody opens at {elder}'s and help is at the door. Could you bring the key? {address}",
        ),
        "order_placed": (
            "您的家人为您订了{service}，{when}上门。不需要的话，请致电值守台。",
            "your family has ordered {service_en} for you, {when}. If you don't want it, please phone the desk.",
        ),
        "login_code": (
            "您的验证码：{digits}，5分钟内有效。请不要告诉任何人。",
            "your code is {digits}, good for 5 minutes. Tell it to nobody.",
        ),
        "come_out": (
            "您家有{kind}。请马上离开屋子，不要开关电器，不要返回。",
            "There is {kind_en} in your home. Please leave at once, touch no switches, do not go back in.",
        ),
        "uncovered": (
            "{area}值守席无人确认值守，请您这一级接手，并登录银铃确认。",
            "{area}: nobody has confirmed that the desk is on duty. Please take over and log in to Yinling.",
        ),
    }
)
OTHERS = (
    "{area}有一件事请您处理，请打开银铃查看。{incident}",
    "Something at {area} waits for you in Yinling. {incident}",
)

SPOKEN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "job_offered": (
            "这里是银铃。{area}有{kind}，离您大约{distance}。能去请按1，去不了请按2。",
            "This is Yinling. {kind_en} at {area}, about {distance_en} from you. Press 1 if you go, 2 if you can't.",
        ),
        "sent_out": (
            "这里是银铃。值守席请您前往{area}处理{kind}。能去请按1，去不了请按2。",
            "This is Yinling. The desk sends you to {area}: {kind_en}. Press 1 if you go, 2 if you can't.",
        ),
        "login_code": (
            "这里是银铃。您的验证码是：{digits_apart}。再说一遍：{digits_apart}。请不要告诉任何人。",
            "This is Yinling. Your code is {digits_apart}. Once more: {digits_apart}. Tell it to nobody.",
        ),
        "are_you_coming": (
            "这里是银铃。{area}的{kind}，您还在路上吗？在路上请按1，去不了请按2。",
            "This is Yinling. {kind_en} at {area}: are you on your way? Press 1 if you are, 2 if you can't go.",
        ),
    }
)
REPLIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "accepted": (
            "谢谢您，已记下您前往。地址马上用短信发给您。",
            "Thank you, you are going. The address follows as a text.",
        ),
        "declined": ("知道了，谢谢您。", "Noted, thank you."),
        "offer_taken": ("已经有人去了，谢谢您。", "Somebody is going already. Thank you."),
        "over": ("这件事已经不需要了，谢谢您。", "It is not needed any more. Thank you."),
        "unclear": ("没有明白。能去请选1，去不了请选2。", "Not understood: 1 if you go, 2 if you can't."),
        "on_the_way": ("好的，路上请小心。", "Good. Take care on the way."),
        "heard": ("收到，谢谢您。", "Received, thank you."),
    }
)
OFFERS = frozenset({"job_offered"})
"""Templates that put an offer to somebody; of no use when it is answered or over."""
FOR_GOING = frozenset({"sent_out", "are_you_coming"})
"""Templates that ask somebody who counts as coming; of no use when she does no more."""
ASKS = OFFERS | FOR_GOING
"""Templates that put a question: 1 yes, 2 no."""
KEYS = ("1", "2")
WRITE_BACK = ("能去请回复1，去不了请回复2。", " Reply 1 if you go, 2 if you can't.")
"""What a text that asks ends with, where an answer can be heard."""


def text(template: str, language: str, card: Card, *, drill: bool, heard: bool = False) -> str:
    """A message to be read; 【演练】 before everything else in a drill. `heard`: an answer by text reaches us."""
    head = {ZH: "【银铃】", EN: "Yinling: "}[language]
    marked = {ZH: "【演练】", EN: "[DRILL] "}[language] if drill else ""
    ask = WRITE_BACK[language == EN] if heard and template in ASKS else ""
    return marked + head + _filled(TEXTS.get(template, OTHERS), language, card) + ask


def key_in(reply: str) -> str | None:
    """The key that somebody wrote back: one digit at the beginning, of any width; None when there is none."""
    words = unicodedata.normalize("NFKC", reply).strip()
    alone = len(words) == 1 or not words[1:2].isdigit()
    return words[0] if words[:1] in KEYS and alone else None


def spoken(template: str, language: str, card: Card, *, drill: bool) -> str:
    """A message to be heard."""
    words = _filled(SPOKEN.get(template) or TEXTS.get(template, OTHERS), language, card)
    return {ZH: "这是演练。", EN: "This is a drill. "}[language] + words if drill else words


def reply(code: str, language: str) -> str:
    """What somebody hears who has pressed a key."""
    return REPLIES.get(code, REPLIES["over"])[language == EN]


def title(language: str, card: Card, *, drill: bool) -> str:
    """The headline of a push."""
    zh, en = KINDS.get(card.kind, ANYTHING)
    return {ZH: f"{'演练 · ' if drill else ''}{zh}", EN: f"{'Drill: ' if drill else ''}{en}"}[language]


def _filled(words: tuple[str, str], language: str, card: Card) -> str:
    english = language == EN
    zh, en = KINDS.get(card.kind, ANYTHING)
    filled = words[english].format(
        area=card.area or ("您附近" if not english else "near you"), kind=zh, kind_en=en, incident=card.incident,
        address=card.address, elder=card.elder or ("老人" if not english else "the elder"),
        elder_phone=card.elder_phone or "—", entry=_entry(card, english=english),
        helper=_helper(card, english=english), minutes=minutes(card.eta_s), distance=_distance(card.dist_m),
        distance_en=f"{card.dist_m} m" if card.dist_m else "a short way", digits=card.digits,
        service=card.service, service_en=card.service_en.lower(), when=_when(card, english=english),
        digits_apart="，".join(card.digits) if not english else ", ".join(card.digits),
    )  # fmt: skip
    return filled[:1].upper() + filled[1:] if english else filled


def _entry(card: Card, *, english: bool) -> str:
    if not card.entry:
        return ""
    return f"How to get in: {card.entry}. " if english else f"进门：{card.entry}。"


def _when(card: Card, *, english: bool) -> str:
    if card.window is None:
        return ""
    first, last = (at.astimezone(CHINA) for at in card.window)
    if english:
        return f"on {first:%B} {first.day} between {first:%H:%M} and {last:%H:%M}"
    return f"{first.month}月{first.day}日{first:%H:%M}到{last:%H:%M}"


def _helper(card: Card, *, english: bool) -> str:
    if not card.helper:
        return "救助人员" if not english else "help"
    return card.helper if english else called(card.helper, card.helper_kind)


def _distance(metres: int) -> str:
    if metres == 0:
        return "不远"
    return f"{metres}米" if metres < 1000 else f"{metres / 1000:.1f}公里"
