"""Topics of the wire contract, version 1."""

from dataclasses import dataclass
from enum import StrEnum

ALARMS = "yl/v1/+/+/up/alarm"
STATES = "yl/v1/+/+/up/state"
WILLS = "yl/v1/+/+/up/lwt"
COUNTY_DIGITS = 6
LONGEST_ID = 128


class Leaf(StrEnum):
    """What a device publishes."""

    ALARM = "alarm"
    STATE = "state"
    WILL = "lwt"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose topic it is: issuing county and device."""

    county: str
    device: str


def place(topic: str, leaf: Leaf) -> Place | None:
    """Read `yl/v1/{county}/{device}/up/{leaf}`; None for any other topic."""
    match topic.split("/"):
        case ["yl", "v1", county, device, "up", last] if last == leaf and is_id(county) and is_id(device):
            return Place(county, device)
        case _:
            return None


def receipt_topic(county: str, device: str) -> str:
    """Where a device listens for receipts."""
    return f"yl/v1/{county}/{device}/down/receipt"


def command_topic(county: str, device: str) -> str:
    """Where a device listens for commands."""
    return f"yl/v1/{county}/{device}/down/cmd"


def is_county(code: str) -> bool:
    """Whether this is a county's division code."""
    return len(code) == COUNTY_DIGITS and code.isascii() and code.isdigit()


def is_id(level: str) -> bool:
    """Whether this can name a device: short and printable."""
    return 0 < len(level) <= LONGEST_ID and level.isprintable()
