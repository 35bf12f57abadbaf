"""What would fail if an elder pressed now, and how well she is protected: 100 less what every fault costs."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice


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


@dataclass(frozen=True, slots=True)
class Alike:
    """Elders of one division who lack the same things, by id; `mask` is the sum of bits."""

    division: str
    mask: int
    elders: Sequence[str]


@dataclass(frozen=True, slots=True)
class Guarded:
    """How well everybody of a division is protected. `sums`: division, bits, elders; `worst`: score, elder, bits."""

    at: datetime
    sums: Sequence[tuple[str, int, int]]
    worst: Sequence[tuple[int, str, int]]

    def mean(self) -> tuple[int, int]:
        """Sum of the scores, and number of elders."""
        return sum(score(mask) * many for _, mask, many in self.sums), sum(many for *_, many in self.sums)

    def page(self, bits: int, after: tuple[int, str], limit: int) -> list[tuple[int, str, int]]:
        """Those with one of some faults behind `after` (score, elder), the worst first; -1 for any fault."""
        behind = islice(self.worst, bisect_right(self.worst, after, key=lambda one: one[:2]), None)
        return list(islice((one for one in behind if one[2] & bits), limit))


def guarded(groups: Iterable[Alike], at: datetime) -> Guarded:
    """Everybody, worked out of who lacks the same things."""
    groups = list(groups)
    worst = sorted((score(one.mask), elder, one.mask) for one in groups if one.mask for elder in one.elders)
    return Guarded(at, [(one.division, one.mask, len(one.elders)) for one in groups], worst)
