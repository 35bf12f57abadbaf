"""An elder's own page: pairing her telephone, her people, her day."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.base import Message
from shared.contracts.orders import ServiceCode, Telephoned


class PairingMade(Message):
    """A code of eight digits that makes a telephone hers: told once, used once."""

    code: str
    expires_at: datetime


class PairingCode(Message):
    """The code as typed on her telephone."""

    code: Annotated[str, Field(pattern=r"^[0-9]{8}$")]


class Paired(Message):
    """Her telephone is a device now: `secret` signs its alarms (docs/wire/devices.md) and is told this once."""

    device: str
    secret: str
    token: str
    name: str
    expires_at: datetime


class Hotline(Message):
    """A number that a person answers."""

    hotline: str


class Relative(Message):
    """Somebody of hers to telephone."""

    name: str
    relation: str
    phone: str


class ElderHome(Message):
    """What her page shows; `hotline` is the duty telephone nearest to her, else the platform's."""

    name: str
    device: str
    address: str
    hotline: str
    family: tuple[Relative, ...]


class Comer(Message):
    """Somebody on her way to her, or there; on an `order` of hers, or because she called.

    `portrait`: her face, at `GET /elder/portraits/{portrait}`.
    """

    name: str
    kind: str
    number: str
    state: str
    order: str | None
    portrait: UUID | None


class Comers(Message):
    """Whom to let in, the first to say that she goes first."""

    items: tuple[Comer, ...]


class Arrangement(Message):
    """Somebody comes within a window; `people` are their names, as far as they are known; else as `OrderLine`."""

    order: str
    service: str
    service_name: str
    service_name_en: str
    state: str
    window_from: datetime
    window_to: datetime
    starts_at: datetime | None
    people: tuple[str, ...]
    telephoned: Telephoned | None
    written_by: str | None
    cancellable: bool
    rating: int | None


class ElderDay(Message):
    """What is arranged from the beginning of `since`, for a week, in order."""

    since: datetime
    items: tuple[Arrangement, ...]


class OwnWish(Message):
    """A service for herself, to begin within the window."""

    service: ServiceCode
    window_from: AwareDatetime
    window_to: AwareDatetime


class OwnOrder(Message):
    """What she ordered or called off."""

    order: str
