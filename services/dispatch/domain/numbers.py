"""Telephone numbers, written in many ways, are compared by their digits."""

from dataclasses import dataclass

MOBILE = 11
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Callers:
    """Elders whose own or whose contact's number it is, and responders; ids alone."""

    elders: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()


def spellings(number: str) -> tuple[str, ...]:
    """Digits under which a number may be stored: with and without 86, and without the 0 before a mobile.

    Empty when the caller hides it: too few digits to mean anybody.
    """
    digits = "".join(c for c in number if c.isascii() and c.isdigit())
    if len(digits) < SHORTEST:
        return ()
    home = digits.removeprefix("00").removeprefix("86") if len(digits) > MOBILE else digits
    mobile = home.removeprefix("0") if len(home) == MOBILE + 1 and home.startswith("01") else home
    return tuple(dict.fromkeys((digits, home, mobile, f"86{mobile}", f"0{mobile}")))
