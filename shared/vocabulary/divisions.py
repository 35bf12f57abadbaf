"""Administrative divisions (行政区划): significant codes of 2, 4, 6, 9 or 12 digits.

A scope is such a code; it covers every code it is a prefix of. The empty scope is the whole cell.
"""

from enum import IntEnum
from typing import NewType

Division = NewType("Division", str)

WHOLE_CELL = Division("")


class Level(IntEnum):
    """Digits of a significant code at each level."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    STREET = 9
    COMMUNITY = 12


class BadDivisionError(ValueError):
    """A division code has 2, 4, 6, 9 or 12 digits."""


def division(code: str) -> Division:
    """Check a significant code; raise BadDivisionError for any other text."""
    if code.isascii() and code.isdigit() and len(code) in Level.__members__.values():
        return Division(code)
    raise BadDivisionError(code)


def ladder(code: Division) -> tuple[Division, ...]:
    """The code and everything above it, nearest first."""
    return tuple(Division(code[:digits]) for digits in sorted(Level, reverse=True) if digits <= len(code))


def covers(scope: Division, code: Division) -> bool:
    """Whether somebody with this scope may see what belongs to `code`."""
    return code.startswith(scope)
