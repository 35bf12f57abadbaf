"""What a cell says. Each reader takes the trimmed text of a cell that is not empty, and raises BadCellError."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from shared.vocabulary.people import is_identity

EXCEL_DAY_0 = date(1899, 12, 30)
EXCEL_DAYS = range(1, 60_000)
"""Days as a spreadsheet counts them; 60000 is in the year 2064."""
OLDEST, LATEST = 1890, 2100
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
"""What a spreadsheet makes of a long number: 1.39E+10. Its last digits are lost."""
PHONE = re.compile(r"\+?\d{3,20}")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
YES = frozenset({"是", "有", "1", "y", "yes", "true", "√", "对"})
NO = frozenset({"否", "无", "0", "n", "no", "false", "×", "没有", "不"})


@dataclass(frozen=True, slots=True)
class BadCellError(Exception):
    """What is wrong with a cell: a stable code, and what the words about it need."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[str], Any]


def plain(text: str) -> str:
    """Digits and signs as on our own keyboards: full-width ones become narrow, spaces go."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def words(most: int) -> Reader:
    """Free words of at most `most` signs."""

    def read(text: str) -> str:
        said = " ".join(text.split())
        if len(said) > most:
            raise BadCellError("too_long", {"most": most})
        if any(unicodedata.category(sign) == "Cc" for sign in said):
            raise BadCellError("bad_signs")
        return said

    return read


def number(text: str) -> str:
    """A number of somebody's own for a person or thing; never that of an identity card."""
    said = _whole(plain(text))
    if is_identity(said):
        raise BadCellError("id_card")
    if not CODE.fullmatch(said):
        raise BadCellError("bad_number")
    return said


def identity(text: str) -> str:
    """The number of an identity card."""
    said = _whole(plain(text)).upper()
    if not is_identity(said):
        raise BadCellError("bad_identity")
    return said


def phone(text: str) -> str:
    """A telephone number; dashes and brackets go."""
    said = re.sub(r"[-()—－]", "", _whole(plain(text)))
    if not PHONE.fullmatch(said):
        raise BadCellError("bad_phone")
    return said


def yes_no(text: str) -> bool:
    """是 or 否."""
    said = plain(text).lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise BadCellError("not_yes_or_no")


def day(text: str) -> date:
    """A date as written here, as Excel counts days, or as eight digits."""
    said = plain(text).removesuffix(".0")
    if said.isascii() and said.isdigit() and int(said) in EXCEL_DAYS:
        return EXCEL_DAY_0 + timedelta(days=int(said))
    found = DATE.fullmatch(" ".join(unicodedata.normalize("NFKC", text).split())) or COMPACT.fullmatch(said)
    try:
        return date(*(int(part) for part in (found.groups() if found else ())[:3]))
    except (TypeError, ValueError):
        raise BadCellError("bad_date") from None


def year(text: str) -> int:
    """The year of a birth, from a year or a date; 1941 is a year and not the 1941st day of a spreadsheet."""
    said = plain(text).removesuffix(".0").removesuffix("年")
    found = int(said) if re.fullmatch(r"\d{4}", said) and int(said) <= LATEST else day(text).year
    if found < OLDEST:
        raise BadCellError("too_long_ago", {"year": found})
    return found


def whole(least: int, most: int) -> Reader:
    """A whole number between the two."""

    def read(text: str) -> int:
        said = plain(text).removesuffix(".0")
        if not re.fullmatch(r"-?\d{1,9}", said):
            raise BadCellError("no_number")
        if not least <= int(said) <= most:
            raise BadCellError("out_of_range", {"least": least, "most": most})
        return int(said)

    return read


def degrees(most: int) -> Reader:
    """A latitude or a longitude in degrees."""

    def read(text: str) -> float:
        try:
            found = float(plain(text))
        except ValueError:
            raise BadCellError("no_number") from None
        if not -most <= found <= most:
            raise BadCellError("out_of_range", {"least": -most, "most": most})
        return found

    return read


def one_of(known: Mapping[str, Any]) -> Reader:
    """One of these words."""
    listed = MappingProxyType({plain(word).lower(): value for word, value in known.items()})

    def read(text: str) -> Any:
        said = plain(text).removesuffix(".0").lower()
        if said not in listed:
            raise BadCellError("unknown_word", {"known": "、".join(list(known)[:8])})
        return listed[said]

    return read


def several(reader: Reader) -> Reader:
    """More than one, with a comma, a stroke or a space between."""

    def read(text: str) -> list[Any]:
        parts = [part for part in re.split(r"[,，、;；/\s]+", text) if part]
        return list(dict.fromkeys(reader(part) for part in parts))

    return read


def division(text: str) -> str:
    """A division's code without the zeros that fill it up; a name is left for later."""
    said = _whole(plain(text))
    if not re.fullmatch(r"\d{2,12}", said):
        if any(sign.isdigit() for sign in said[:2]):
            raise BadCellError("bad_division")
        return said
    if len(said) not in {2, 4, 6, 9, 12}:
        raise BadCellError("bad_division")
    return _significant(said)


def _significant(code: str) -> str:
    for digits in (9, 6, 4, 2):
        if len(code) > digits and not code[digits:].strip("0"):
            code = code[:digits]
    return code


def _whole(said: str) -> str:
    """A long number that a spreadsheet has not cut short."""
    if SHORTENED.fullmatch(said):
        raise BadCellError("shortened")
    return said.removesuffix(".0") if re.fullmatch(r"\d+\.0", said) else said
