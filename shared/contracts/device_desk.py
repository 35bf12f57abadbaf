"""The device desk over HTTP, part of `/api/v1` (docs/wire/http.md): devices, bindings, outages."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.cases import CallLine, ContactCard

DeviceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Kind = Literal["button", "wearable", "hub", "sensor", "sms"]
DivisionCode = Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]


class DeviceLine(Message):
    """A device in a list: what it is, where, how it is, and what is wrong with it at present.

    `online` is null while nothing was heard; `pressed_at` is the last press by hand, a test included.
    """

    id: str
    county: str
    division: str
    model: str
    kind: str
    cls: str
    home: str | None
    elder: str | None
    place: str | None
    elder_name_masked: str
    online: bool | None
    seen_at: datetime | None
    batt: float | None
    rssi: float | None
    mains: bool | None
    fw: str | None
    pressed_at: datetime | None
    tested_at: datetime | None
    self_tested_at: datetime | None
    faults: tuple[str, ...]
    unconfirmed: bool
    test_until: datetime | None
    revoked_at: datetime | None
    added_at: datetime


class PlacementLine(Message):
    """Where a device was and who wore it, from when until when."""

    division: str
    home: str | None
    elder: str | None
    place: str | None
    elder_name_masked: str
    from_at: datetime
    until_at: datetime | None
    placed_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    confirmed_how: str | None


class BindingLine(Message):
    """A foreign address that is this device, or a device behind this hub; `meaning` maps its words to kinds."""

    hub: str
    address: str
    device: str
    adapter: str
    meaning: dict[str, Any]


class FaultLine(Message):
    """Something that was or is wrong; `outage` where many were silent at once."""

    fault: UUID
    kind: str
    opened_at: datetime
    ended_at: datetime | None
    outage: UUID | None


class WindowLine(Message):
    """A test window, and how often the button was pressed in it."""

    opened_at: datetime
    until_at: datetime
    opened_by: str
    presses: int


class DenialLine(Message):
    """Who was refused by a broker, why, and how often; `denial` is its key."""

    denial: str
    device: str
    why: str
    county: str
    count: int
    first_at: datetime
    last_at: datetime


class ClaimLine(Message):
    """A try to take a device over that waits for its press."""

    claim: UUID
    until: datetime
    pressed_at: datetime | None
    opened_by: str


class DeviceView(DeviceLine):
    """Everything about one device on one page."""

    revoked_why: str | None
    placements: tuple[PlacementLine, ...]
    bindings: tuple[BindingLine, ...]
    fault_history: tuple[FaultLine, ...]
    windows: tuple[WindowLine, ...]
    denials: tuple[DenialLine, ...]
    claim_open: ClaimLine | None


class RawLine(Message):
    """A message as it came: `payload` where it is text, else `payload_b64`; `copies` counts its repetitions."""

    event: UUID
    received_at: datetime
    last_at: datetime | None
    claimed_at: datetime | None
    eid: str
    boot: int
    seq: int
    topic: str
    payload: str | None
    payload_b64: str | None
    flags: tuple[str, ...]
    copies: int


class Replay(Message):
    """What today's code makes of a message that came once; nobody is rung."""

    reading: dict[str, Any]


class Registration(Message):
    """A new device; `prefix` is what a hub may publish besides its own topics, for example `zigbee2mqtt/#`."""

    id: DeviceId
    kind: Kind
    model: Words
    division: DivisionCode
    cls: Literal["own", "relayed", "hub"] = "own"
    prefix: Words | None = None
    datum: Literal["wgs84", "gcj02", "bd09"] | None = None
    beat_s: Annotated[int, Field(ge=10, le=86400)] | None = None


class Registered(Message):
    """The factory credentials of a new device, shown once: a repetition of the request has them no more."""

    device: str
    claim_code: str | None = None
    secret: str | None = None


class ClaimCode(Message):
    """The code on the device's label."""

    code: Words


class ClaimOpened(Message):
    """Now press the device before `until`; that press rings nobody."""

    claim: UUID
    until: datetime


class ClaimState(Message):
    """`waiting` for the press, or `claimed` with the fresh secret, told once."""

    state: Literal["waiting", "claimed"]
    secret: str | None = None


class Unclaimed(Message):
    """Back as from the factory; both shown once."""

    claim_code: str | None = None
    secret: str | None = None


class Rekeyed(Message):
    """A fresh secret, shown once."""

    secret: str | None = None


class Revocation(Message):
    """Why a device may no longer connect."""

    reason: Words


class Placing(Message):
    """A home, the elder who wears it, or both; without either only a division, for what stands in a street."""

    home: Words | None = None
    elder: Words | None = None
    division: DivisionCode | None = None


class Confirmation(Message):
    """Elder and address are right: said by voice at the first press, or ticked by the installer."""

    how: Literal["voice", "tick"]


class ButtonTest(Message):
    """For so many minutes presses of this device are tests."""

    minutes: Annotated[int, Field(ge=1, le=30)] = 10


class ButtonTestOpened(Message):
    """Until when presses are tests."""

    until: datetime


class Asking(Message):
    """What a device is asked: test itself, tell where it is, beat every `s` seconds, speak `say`."""

    cmd: Literal["test", "locate", "interval", "speak"]
    s: Annotated[int, Field(ge=10, le=86400)] | None = None
    say: Words | None = None


class Asked(Message):
    """The question's id, which the device repeats."""

    id: str


class NewThing(Message):
    """A device that comes to be by being bound."""

    id: DeviceId
    kind: Kind
    model: Words


class NewBinding(Message):
    """A foreign address is this device: an existing one (`device`) or a `new` one.

    `meaning` maps the maker's words to kinds of alarm or `ignore`. With `ring` a message younger than 30 min that was
    set aside (`quarantine`) is read again, and rings.
    """

    address: Words
    adapter: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")] | None = None
    """Told by the address where it is left out."""
    meaning: dict[str, str] = Field(default_factory=dict)
    hub: DeviceId | None = None
    """Where several hubs might be meant."""
    device: DeviceId | None = None
    new: NewThing | None = None
    home: Words | None = None
    elder: Words | None = None
    division: DivisionCode | None = None
    quarantine: UUID | None = None
    ring: bool = False


class Bound(Message):
    """The device behind the address, the hub it speaks through, and how many late presses ring now."""

    device: str
    hub: str | None = None
    rings: int = 0


class DiscoveredLine(Message):
    """A foreign thing that told of itself and is bound to nothing yet; `words` is what it can say."""

    address: str
    adapter: str
    hub: str | None
    county: str
    name: str | None
    maker: str | None
    model: str | None
    words: tuple[str, ...]
    first_at: datetime
    last_at: datetime


class OutageLine(Message):
    """Many devices silent at once; `silent` counts those in scope that still are; `event` when it has become one."""

    outage: UUID
    division: str
    area: str | None
    devices: int
    silent: int
    opened_at: datetime
    grew_at: datetime
    ended_at: datetime | None
    incident: str | None
    event: UUID | None = None


class SilentDevice(Message):
    """A device that fell silent, and when it was heard again."""

    device: str
    kind: str
    since: datetime
    back_at: datetime | None


class RollCallLine(Message):
    """An elder to be telephoned while the devices are silent; `called` is the last try.

    Record a try as a call of the outage's incident with `callee` = `elder`.
    """

    elder: str
    name: str
    phone: str | None
    age: int | None
    lives_alone: bool
    assessment: int | None
    health: str | None
    dialect: str | None
    division: str
    place: str | None
    since: datetime
    devices: tuple[SilentDevice, ...]
    contacts: tuple[ContactCard, ...]
    called: CallLine | None
    state: str | None = None
    """What the list of the event says of her, if the outage has become one."""


class UnplacedLine(Message):
    """Something that came and could not be placed; `copies` counts how often."""

    quarantine: UUID
    topic: str
    reason: str
    county: str
    copies: int
    first_at: datetime
    last_at: datetime
