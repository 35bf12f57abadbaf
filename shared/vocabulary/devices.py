"""What kinds of things there are, and how often each is heard of."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """Kind of a device; it decides how soon silence is noticed."""

    BUTTON = "button"
    WEARABLE = "wearable"
    HUB = "hub"
    SENSOR = "sensor"
    SMS = "sms"
    CANARY = "canary"
    PAGE = "page"
    """An elder's own telephone with our page on it; it sends no heartbeats."""


class FaultKind(StrEnum):
    """What can be wrong with a device."""

    OFFLINE = "offline"
    LOW_BATT = "low_batt"
    MAINS_LOST = "mains_lost"
    TAMPER = "tamper"


class Datum(StrEnum):
    """System of coordinates a device reports in; stored positions are WGS-84."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
