"""Devices over MQTT, wire contract version 1 (docs/wire/devices.md)."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.contracts.base import Message

MAX_PAYLOAD = 16 * 1024
COUNTER = Annotated[int, Field(ge=0, lt=2**53)]


class Location(Message):
    """Where the device believes it is; degrees, metres, milliseconds since 1970."""

    lat: float
    lon: float
    acc_m: float | None = None
    src: str | None = None
    at: int | None = None
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    crs_from: Literal["wgs84", "gcj02", "bd09"] | None = None
    """Ours, never a device's: which system the stored WGS-84 position was converted from."""


class DeviceAlarm(Message):
    """`yl/v1/{county}/{device}/up/alarm`; repeated with the same `eid` until the receipt comes."""

    model_config = ConfigDict(frozen=True, extra="allow")

    v: Literal[1]
    eid: Annotated[str, Field(min_length=1, max_length=128)]
    kind: Annotated[str, Field(min_length=1, max_length=32)]
    boot: COUNTER
    seq: COUNTER
    ts: int | None = None
    attempt: int = 1
    path: str | None = None
    batt: float | None = None
    rssi: float | None = None
    loc: Location | None = None
    mac: str | None = None


class DeviceReceipt(Message):
    """`…/down/receipt`: what became of the alarm. Devices ignore a `rev` they have passed."""

    v: Literal[1] = 1
    eid: str
    rev: int
    stage: Literal["recorded", "seen", "accepted", "arrived", "closed"]
    incident: str | None = None
    rx: int
    who: str | None = None
    eta_s: int | None = None
    say: str | None = None
    mac: str | None = None
    """Base64 of 16 bytes over `v|eid|rev|stage|rx`, where the alarm was signed."""


class DeviceCommand(Message):
    """`…/down/cmd`: what a device is asked to do."""

    v: Literal[1] = 1
    id: str
    cmd: Literal["test", "locate", "interval", "speak", "credential"]
    s: int | None = None
    """New heartbeat period for `interval`, seconds."""
    say: str | None = None
    secret: str | None = None
    """New secret for `credential`; the old one is kept until the new one has let the device in."""


class ChildState(Message):
    """A sensor behind a hub."""

    device: str
    batt: float | None = None
    seen_s: int | None = None


class DeviceState(Message):
    """`…/up/state`: heartbeat and health, QoS 0."""

    v: Literal[1]
    ts: int
    batt: float | None = None
    rssi: float | None = None
    mains: bool | None = None
    fw: str | None = None
    children: tuple[ChildState, ...] = ()
