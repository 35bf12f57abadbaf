"""Payload families that are described in a file and not programmed (docs/adapters.md).

One `[[family]]` table for each. A table that cannot be used is told with file, table and field, and left out; the
others are used all the same.
"""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from services.devices.adapters.generic.paths import PLACE, valid
from shared.vocabulary.devices import Datum

TABLE = re.compile(r"^\s*\[\[\s*family\s*\]\]", re.MULTILINE)
NAMED = re.compile(r"^\s*name\s*=\s*[\"']([^\"'\n]+)", re.MULTILINE)
Plain = str | int | float | bool


def _path(written: str) -> str:
    if not valid(written):
        raise ValueError("is no path: write names with dots, [number] or [field=value], or $ for the whole payload")
    return written


def _template(written: str) -> str:
    for path in PLACE.findall(written):
        _path(path)
    return written


def _filter(written: str) -> str:
    levels = written.split("/")
    if "#" in levels[:-1] or levels[0] in {"", "+", "#"} or any(s in lv for lv in levels for s in "+#" if lv != s):
        raise ValueError("is no topic filter below a name of its own: tuya/#, ttn/+/up")
    return written


Path_ = Annotated[str, AfterValidator(_path)]
Template = Annotated[str, AfterValidator(_template)]
Filter = Annotated[str, AfterValidator(_filter)]


class Table(BaseModel):
    """No field but those named is taken: a misspelt one would be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Switch(Table):
    """Something that holds or does not: which values say so. Other values say nothing."""

    path: Path_
    on: tuple[Plain, ...] = (True,)
    off: tuple[Plain, ...] = (False,)


class State(Switch):
    """A lasting state that rings when it begins, under this word."""

    word: str = Field(min_length=1, max_length=32)


class Volts(Table):
    """Percent from a voltage, in a straight line from empty to full."""

    path: Path_
    empty: float
    full: float


class Spot(Table):
    """Where a position stands; `scale` turns whole numbers into degrees."""

    lat: Path_
    lon: Path_
    acc_m: Path_ | None = None
    at: Path_ | None = None
    datum: Datum | None = None
    scale: float = 1.0


class Family(Table):
    """A family of payloads. `address` may name several addresses, the most exact first."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    topics: tuple[Filter, ...] = Field(min_length=1)
    address: Template | tuple[Template, ...]
    word: Path_ | tuple[Path_, ...] = ()
    idle: tuple[Plain, ...] = ()
    serial: Path_ | None = None
    state: tuple[State, ...] = ()
    batt: Path_ | Volts | None = None
    low_batt: Switch | None = None
    rssi: Path_ | None = None
    lqi: Path_ | None = None
    online: Switch | None = None
    mains: Switch | None = None
    tamper: Switch | None = None
    fw: Path_ | None = None
    position: Spot | None = None
    maker: str | None = None
    model: str | None = None
    says_: tuple[str, ...] = Field(default=(), alias="says")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Templates of its addresses."""
        return (self.address,) if isinstance(self.address, str) else self.address

    @property
    def words(self) -> tuple[str, ...]:
        """Paths of the words of a press."""
        return (self.word,) if isinstance(self.word, str) else self.word

    @property
    def PRESS(self) -> frozenset[str]:  # noqa: N802  read like the constant of a programmed family
        """Names of the fields that hold a press."""
        return frozenset(re.split(r"[.\[\]]", path)[-1] for path in self.words) - {"", "value", "$"}

    def says(self, word: str) -> bool:
        """Whether this can be what a press says."""
        return word not in {str(idle) for idle in self.idle}


def read(path: Path | None) -> tuple[list[Family], list[str]]:
    """The families of a file, and what is wrong with the rest: file, table, field, why."""
    if path is None:
        return [], []
    try:
        written = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        return [], [f"{path.name}: cannot be read: {type(fault).__name__}"]
    found: list[Family] = []
    wrong: list[str] = []
    for number, table in enumerate(_tables(written), 1):
        family, complaints = _read(table, found)
        where = f"{path.name}, table {_title(table, number)}"
        wrong += [f"{where}, {complaint}" for complaint in complaints]
        found += [family] if family is not None else []
    return found, wrong


def _tables(written: str) -> list[str]:
    """Each table's own text, so that a slip in one costs no other; what stands before the first is a table too."""
    starts = [found.start() for found in TABLE.finditer(written)]
    before = written[: starts[0]] if starts else written
    tables = [written[start:end] for start, end in pairwise([*starts, len(written)])]
    return tables if not before.strip() or _only_comments(before) else [before, *tables]


def _only_comments(before: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in before.splitlines())


def _title(table: str, number: int) -> str:
    named = NAMED.search(table)
    return f"{number} ({named[1]})" if named else str(number)


def _read(table: str, known: list[Family]) -> tuple[Family | None, list[str]]:
    try:
        content: dict[str, Any] = tomllib.loads(table)
    except tomllib.TOMLDecodeError as fault:
        return None, [f"is no TOML: {fault}"]
    stray = [f"field {name}: stands in no [[family]]" for name in content if name != "family"]
    tables = content.get("family")
    if stray or not isinstance(tables, list):
        return None, stray
    try:
        family = Family.model_validate(tables[0])
    except ValidationError as fault:
        return None, [f"field {_field(error['loc'])}: {_said(error)}" for error in fault.errors()]
    if any(family.name == other.name for other in known):
        return None, ["field name: another family has it"]
    return family, []


def _field(where: tuple[int | str, ...]) -> str:
    """`state.0.word`; the branches of a union are nothing that stands in the file."""
    return ".".join(str(part) for part in where if isinstance(part, int) or part not in BRANCHES)


BRANCHES = frozenset({"str", "tuple[str, ...]", "Volts", "function-after[_path(), str]"})


def _said(error: Any) -> str:
    return "is no field of this table" if error["type"] == "extra_forbidden" else str(error["msg"])
