"""Rows of a county's registry, with the columns' names of the schema where they have one."""

from dataclasses import dataclass

from shared.vocabulary.devices import DeviceKind
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ResponderKind, Role
from simulators.places import DivisionRow


@dataclass(frozen=True, slots=True)
class Home:
    """Where elders live and how to get in."""

    id: str
    division: str
    address: str
    floor: int
    lift: bool
    door_code: str | None
    key_place: str | None
    lat: float
    lon: float

    @property
    def position(self) -> Position:
        """The front door."""
        return Position(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Elder:
    """An elder; `assessment` is the GB/T 42195 level 0 (able) to 4."""

    id: str
    home_id: str
    division: str
    name: str
    sex: str
    born: int
    phone: str
    lives_alone: bool
    assessment: int
    health: str
    dialect: str
    medicine: str | None = None
    allergies: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Family or keyholder, in calling order."""

    elder_id: str
    division: str
    ord: int
    name: str
    relation: str
    phone: str
    has_key: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A device; without an elder it stands for the home, without a home for nobody: a canary, a gateway of SMS."""

    id: str
    kind: DeviceKind
    county: str
    division: str
    model: str
    cls: str
    foreign_prefix: str | None = None
    home_id: str | None = None
    elder_id: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """What a foreign address behind a hub is, and what its events mean."""

    hub_id: str
    address: str
    device_id: str
    adapter: str
    meaning: dict[str, str]


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation that responders belong to."""

    id: str
    division: str
    name: str
    phone: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody who may go; speed in metres a second."""

    id: str
    division: str
    provider_id: str | None
    kind: ResponderKind
    name: str
    phone: str
    lat: float
    lon: float
    speed_mps: float
    nights: bool
    on_duty: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who logs in; the id equals the user name."""

    id: str
    name: str
    role: Role
    kind: ResponderKind | None
    division: str
    responder_id: str | None
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class County:
    """Everything a county's registry holds on the first day."""

    divisions: tuple[DivisionRow, ...]
    homes: tuple[Home, ...]
    elders: tuple[Elder, ...]
    contacts: tuple[Contact, ...]
    devices: tuple[Device, ...]
    bindings: tuple[Binding, ...]
    providers: tuple[Provider, ...]
    responders: tuple[Responder, ...]
    accounts: tuple[Account, ...]
