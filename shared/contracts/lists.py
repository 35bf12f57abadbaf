"""Lines of the lists of places and people; names are masked."""

from shared.contracts.base import Message


class DivisionLine(Message):
    """A division in a list."""

    code: str
    name: str
    parent: str | None


class ElderLine(Message):
    """An elder in a list: the name is masked until there is an incident."""

    id: str
    name_masked: str
    division: str
    home: str
    place: str | None
    lives_alone: bool
    assessment: int | None


class HomeLine(Message):
    """A home in a list."""

    id: str
    division: str
    place: str


class ResponderLine(Message):
    """Somebody who may go, in a list."""

    id: str
    name_masked: str
    kind: str
    division: str
    provider: str | None
    on_duty: bool
    reachable: bool


class ProviderLine(Message):
    """An organisation in a list."""

    id: str
    name: str
    division: str
    phone: str | None
