"""What would fail if an elder pressed now, and how well she is protected: 100 less what every fault costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that would fail. `bit` is its place in the sum by which the database tells them apart."""

    code: str
    bit: int
    weight: int
    zh: str
    en: str


FAULTS = (
    Fault("no_device", 1, 100, "没有可呼救的设备", "No device to call with"),
    Fault("device_silent", 2, 60, "设备无声或离线", "The device is silent or offline"),
    Fault("no_seat", 256, 40, "没有人值守", "Nobody sits at a desk over her"),
    Fault("out_of_reach", 128, 20, "此刻15分钟内没有人能到", "Nobody could be there within 15 minutes now"),
    Fault("low_batt", 4, 15, "设备电量低", "The device's battery is low"),
    Fault("no_contact", 32, 15, "没有可联系的亲友", "Nobody of hers can be telephoned"),
    Fault("no_way_in", 64, 15, "没有钥匙，也没有破门许可", "No key and no permission to break in"),
    Fault("untested", 8, 10, "设备30天未测试", "The device was not tested for 30 days"),
    Fault("unconfirmed", 16, 10, "设备绑定未确认", "Nobody has confirmed whose device it is"),
    Fault("no_phone", 512, 5, "没有可回拨的电话", "No telephone to call her back"),
)
BY_CODE: Mapping[str, Fault] = {fault.code: fault for fault in FAULTS}


def faults(mask: int) -> tuple[str, ...]:
    """Codes of the faults in a sum of bits, the gravest first."""
    return tuple(fault.code for fault in FAULTS if mask & fault.bit)


def score(mask: int) -> int:
    """How well she is protected, 0 to 100."""
    return max(0, 100 - sum(fault.weight for fault in FAULTS if mask & fault.bit))


def mean(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Sum of the scores and number of elders of (mask, elders)."""
    scored = [(score(mask) * many, many) for mask, many in counts]
    return sum(points for points, _ in scored), sum(many for _, many in scored)
