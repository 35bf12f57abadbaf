"""Bodies of the events in the log, by tag. Streams are `<stream>/<stream_id>`.

Names and addresses stay out of bodies: the log is kept for ever, so it carries ids.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.base import Message
from shared.contracts.device import Location


class AlarmRaised(Message):
    """`alarm.raised`, stream `device/<id>`: stored, to be answered by an incident."""

    alarm: UUID
    device: str
    eid: str
    kind: str
    subject: str
    county: str
    home: str | None
    elder: str | None
    cls: Literal["own", "relayed"]
    flags: tuple[str, ...] = ()
    loc: Location | None = None
    batt: float | None = None
    path: str | None = None
    drill: bool = False
    canary: bool = False
    missing: int | None = None
    """How many numbers before this one never came."""
    folded: int | None = None
    """How many more of a flood this one stands for."""


class DeviceTested(AlarmRaised):
    """`device.tested`, stream `device/<id>`: a press in a test window, or the device's own test. Nobody is rung."""

    how: Literal["press", "self"]


class DeviceFault(Message):
    """`device.fault`, stream `device/<id>`: something is wrong; `protects` tells whether she can still call.

    `outage` names the group when many fell silent at once; such a fault is no work of its own.
    """

    fault: UUID
    device: str
    kind: Literal["offline", "low_batt", "mains_lost", "tamper"]
    subject: str
    county: str
    home: str | None = None
    elder: str | None = None
    protects: bool
    since: datetime
    outage: UUID | None = None


class DeviceMended(Message):
    """`device.mended`, stream `device/<id>`: the fault is over by itself."""

    fault: UUID
    device: str
    kind: Literal["offline", "low_batt", "mains_lost", "tamper"]
    subject: str


class DeviceOutage(Message):
    """`device.outage`, `device.outage_grew`, `device.outage_over`, stream `outage/<id>`: many silent at once.

    `area` is the smallest division that holds them all, `devices` how many there are by now, `elders` how many
    people they belong to.
    """

    outage: UUID
    area: str
    devices: int
    elders: int
    since: datetime


class AlarmQuarantined(Message):
    """`alarm.quarantined`, stream `quarantine/<county>`: stored raw, could not be placed; the desk decides."""

    quarantine: UUID
    topic: str
    reason: str


class ReceiptChanged(Message):
    """`receipt.changed`, stream `incident/<id>`: tell every device that pressed for this incident."""

    incident: str
    stage: Literal["recorded", "seen", "accepted", "arrived", "closed"]
    who: str | None = None
    eta_s: int | None = None
    say: str | None = None


class AlarmPlaced(Message):
    """`incident.opened`, `alarm.joined` and `alarm.moved` carry at least these, stream `incident/<id>`."""

    incident: str
    alarm: UUID | None
    device: str | None
    eid: str | None


class ScreenSeen(Message):
    """`screen.seen`, stream `screen/<inbox>`: drawn and, if `ring` is ok, ringing at somebody's console."""

    account: str
    role: str
    kind: str | None
    responder: str | None
    incident: str
    offer: UUID | None
    ring: str
    at: datetime


class ScreenReachable(Message):
    """`screen.reachable`, stream `screen/<account>`: whether a console of this responder is visible and can ring."""

    responder: str
    reachable: bool


class WatchBreach(Message):
    """`watch.breach`, stream `watch/<check>`: the platform's own alarm."""

    check: Literal[
        "alarm_without_incident",
        "incident_without_deadline",
        "deadline_overdue",
        "follower_behind",
        "dead_letter",
        "canary_missing",
    ]
    detail: dict[str, Any]
    alarm: AlarmRaised | None = None
    incident: str | None = None
