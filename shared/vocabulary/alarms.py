"""What devices report, and what kind of help each report asks for."""

from enum import IntEnum, StrEnum


class AlarmKind(StrEnum):
    """Kind of an alarm; an unknown kind on the wire rings as SOS_UNKNOWN."""

    SOS = "sos"
    FALL = "fall"
    VITAL = "vital"
    INACTIVITY = "inactivity"
    SMOKE = "smoke"
    GAS = "gas"
    WATER = "water"
    FENCE_EXIT = "fence_exit"
    LOW_BATT = "low_batt"
    TAMPER = "tamper"
    MAINS_LOST = "mains_lost"
    TEST = "test"
    SOS_UNKNOWN = "sos_unknown"
    OFFLINE = "offline"
    OUTAGE = "outage"
    ORDER = "order"
    MASS = "mass"
    TRANSFER = "transfer"
    WELFARE = "welfare"


OURS = frozenset(
    {
        AlarmKind.SOS_UNKNOWN, AlarmKind.OFFLINE, AlarmKind.OUTAGE, AlarmKind.ORDER,
        AlarmKind.MASS, AlarmKind.TRANSFER, AlarmKind.WELFARE,
    }
)  # fmt: skip
"""Kinds that we conclude ourselves; a device that claims one rings as SOS_UNKNOWN."""


class Family(StrEnum):
    """Alarms of one family and subject are one real-world event."""

    PERSON = "person"
    FIRE = "fire"
    WANDERING = "wandering"
    HOUSE = "house"
    DEVICE = "device"
    ORDER = "order"
    MASS = "mass"
    TRANSFER = "transfer"


class Priority(IntEnum):
    """1 is life at risk, 4 is booked work."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class AlarmClass(StrEnum):
    """OWN retries until our receipt; RELAYED came through a bridge that neither retries nor reads receipts."""

    OWN = "own"
    RELAYED = "relayed"


class Flag(StrEnum):
    """Why an alarm needs a second look (未核验); it rings all the same."""

    UNPARSED = "unparsed"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED = "revoked"
    UNBOUND = "unbound"
    WRONG_VERSION = "wrong_version"
    NO_SEQUENCE = "no_sequence"
    REUSED_SEQUENCE = "reused_sequence"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_BEHIND = "clock_behind"
    BAD_POSITION = "bad_position"
    OVERSIZE = "oversize"
    BAD_MAC = "bad_mac"
    SEQUENCE_GAP = "sequence_gap"
    UNCONFIRMED = "unconfirmed"
    FLOOD = "flood"


FAMILY: dict[AlarmKind, Family] = {
    AlarmKind.SOS: Family.PERSON,
    AlarmKind.SOS_UNKNOWN: Family.PERSON,
    AlarmKind.FALL: Family.PERSON,
    AlarmKind.VITAL: Family.PERSON,
    AlarmKind.INACTIVITY: Family.PERSON,
    AlarmKind.SMOKE: Family.FIRE,
    AlarmKind.GAS: Family.FIRE,
    AlarmKind.FENCE_EXIT: Family.WANDERING,
    AlarmKind.WATER: Family.HOUSE,
    AlarmKind.LOW_BATT: Family.DEVICE,
    AlarmKind.TAMPER: Family.DEVICE,
    AlarmKind.MAINS_LOST: Family.DEVICE,
    AlarmKind.TEST: Family.DEVICE,
    AlarmKind.OFFLINE: Family.DEVICE,
    AlarmKind.OUTAGE: Family.DEVICE,
    AlarmKind.ORDER: Family.ORDER,
    AlarmKind.MASS: Family.MASS,
    AlarmKind.TRANSFER: Family.TRANSFER,
    AlarmKind.WELFARE: Family.PERSON,
}

FIRST_PRIORITY: dict[AlarmKind, Priority] = {
    AlarmKind.SOS: Priority.P1,
    AlarmKind.SOS_UNKNOWN: Priority.P1,
    AlarmKind.FALL: Priority.P1,
    AlarmKind.SMOKE: Priority.P1,
    AlarmKind.GAS: Priority.P1,
    AlarmKind.FENCE_EXIT: Priority.P2,
    AlarmKind.VITAL: Priority.P2,
    AlarmKind.INACTIVITY: Priority.P2,
    AlarmKind.WATER: Priority.P3,
    AlarmKind.LOW_BATT: Priority.P3,
    AlarmKind.TAMPER: Priority.P3,
    AlarmKind.MAINS_LOST: Priority.P3,
    AlarmKind.TEST: Priority.P3,
    AlarmKind.OFFLINE: Priority.P3,
    AlarmKind.OUTAGE: Priority.P2,
    AlarmKind.ORDER: Priority.P4,
    AlarmKind.MASS: Priority.P2,
    AlarmKind.TRANSFER: Priority.P2,
    AlarmKind.WELFARE: Priority.P3,
}


class Stage(IntEnum):
    """What a device is told became of its alarm; never goes back."""

    RECORDED = 1
    SEEN = 2
    ACCEPTED = 3
    ARRIVED = 4
    CLOSED = 5

    @property
    def wire(self) -> str:
        """The word in the receipt."""
        return self.name.lower()
