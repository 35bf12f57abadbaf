"""The registry: an elder's record, what she agreed to, her card's code; tables that come in and go out."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.contracts.base import Message
from shared.contracts.portraits import Portrait
from shared.vocabulary.people import is_identity


def _checked(text: str) -> str:
    if not is_identity(text):
        raise ValueError("check digit")
    return text


NO_NUL = r"^[^\x00]*$"
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Long = Annotated[str, Field(max_length=1000, pattern=NO_NUL)]
DivisionCode = Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Phone = Annotated[str, Field(min_length=3, max_length=20, pattern=r"^[0-9+ -]+$")]
IdNumber = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$"), AfterValidator(_checked)]
"""Of an identity card; its last sign checks the others."""
Sex = Literal["f", "m"]
Level = Annotated[int, Field(ge=0, le=4)]
Risk = Literal["low", "medium", "high"]
Hour = Annotated[int, Field(ge=0, le=24)]
Purpose = Literal["care", "health", "position", "recording", "home_entry", "research"]
Given = Literal["paper", "in_person", "telephone", "own_page"]


class ElderForm(Message):
    """An elder as the desk writes her, with her home; what is left out is empty from then on. WGS-84."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]
    division: DivisionCode
    address: Words
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    home: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    sex: Sex | None = None
    born: Annotated[int, Field(ge=1890, le=2100)] | None = None
    phone: Phone | None = None
    floor: Annotated[int, Field(ge=-5, le=200)] | None = None
    lift: bool | None = None
    door_code: Annotated[str, Field(max_length=40, pattern=NO_NUL)] | None = None
    key_place: Annotated[str, Field(max_length=100, pattern=NO_NUL)] | None = None
    lives_alone: bool = False
    risk: Risk | None = None
    health: Long | None = None
    medicine: Long | None = None
    allergies: Long | None = None
    dementia: bool = False
    dialect: Annotated[str, Field(max_length=20, pattern=NO_NUL)] | None = None
    gender_wish: Sex | None = None
    break_in: bool = False
    last_wishes: Long | None = None
    id_number: IdNumber | None = None


class ContactForm(Message):
    """Somebody to telephone; `from_h` to `until_h` are the hours in which to be reached, over midnight if need be."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]
    relation: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00]+$")]
    phone: Phone
    has_key: bool = False
    from_h: Hour = 0
    until_h: Hour = 24


class ContactRecord(ContactForm):
    """One with its place in the order of calling; `due` when nobody has asked for 180 days whether it still holds."""

    ord: int
    confirmed_at: datetime | None
    due: bool


class AssessmentForm(Message):
    """Ability by GB/T 42195, 0 whole to 4 lost wholly; without a last day it holds for two years."""

    level: Level
    assessed_on: date
    until: date | None = None
    assessor: Annotated[str, Field(max_length=60, pattern=NO_NUL)] | None = None


class AssessmentRecord(AssessmentForm):
    """One that was made; `expired` when its last day is over."""

    until: date
    expired: bool


class ConsentForm(Message):
    """What she agrees to; `guardian` is who agreed for her, `wording` which text was read out or signed."""

    purpose: Purpose
    how: Given
    wording: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
    guardian: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")] | None = None


class ConsentRecord(ConsentForm):
    """One that was given, and taken back if `ended_at` says so."""

    id: UUID
    given_at: datetime
    ended_at: datetime | None


class ElderRecord(ElderForm):
    """Everything that is kept of an elder, for the desk in scope; `placed` is given, or the middle of her division."""

    id: str
    home: str
    placed: Literal["given", "division"]
    status: str
    assessment: Level | None
    assessed_until: date | None
    risk_at: datetime | None
    division_names: tuple[str, ...]
    contacts: tuple[ContactRecord, ...]
    assessments: tuple[AssessmentRecord, ...]
    consents: tuple[ConsentRecord, ...]
    others_in_home: tuple[str, ...]
    code: str | None
    portrait: Portrait | None


class Card(Message):
    """A card to be printed: its code in groups, where it leads, and the picture (SVG in a data URL)."""

    code: str
    address: str
    picture: str


class CardOpened(Message):
    """What somebody who reads a card may see: for most, only whom to telephone."""

    phone: str
    elder: str | None = None
    name_masked: str | None = None
    job: UUID | None = None


class DueLine(Message):
    """An elder of whom something has to be asked again: a contact, or her assessment; null was never done."""

    elder: str
    name_masked: str
    division: str
    contact: int | None
    since: datetime | None


SheetName = Literal["elders", "contacts", "providers", "responders"]
Crs = Literal["wgs84", "gcj02", "bd09"]


class ImportFault(Message):
    """What is wrong with a line of a table (0: the whole of it), as people read it."""

    line: int
    code: str
    column: str | None
    zh: str
    en: str


class ImportReport(Message):
    """What became of a table, or would: `written` says which. At most 200 faults are listed."""

    sheet: str
    rows: int
    added: int
    changed: int
    same: int
    refused: int
    written: bool
    unknown: tuple[str, ...]
    faults: tuple[ImportFault, ...]


class ImportLine(Message):
    """A table that was taken in."""

    id: UUID
    division: str
    sheet: str
    rows: int
    added: int
    changed: int
    same: int
    refused: int
    by: str
    begun_at: datetime
    ended_at: datetime | None


class NewExport(Message):
    """A list that shall leave the house, and why. Somebody else has to allow it."""

    sheet: Literal["elders", "contacts"]
    within: DivisionCode
    reason: Annotated[str, Field(min_length=4, max_length=200, pattern=r"^[^\x00]+$")]


class ExportDecision(Message):
    """Whether it may."""

    allowed: bool


class ExportLine(Message):
    """A list that was asked for; it may be taken once, within a day of being allowed."""

    id: UUID
    sheet: str
    within: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    allowed: bool | None
    taken_at: datetime | None
    mine: bool
