"""Words that all meanings share."""

from datetime import datetime
from typing import Any

import orjson

from bench.simulation.store import Row, Transaction

LIVE = frozenset({"open", "taken", "on_scene", "with_elder", "reopened"})
OVER = frozenset({"closed", "false_alarm", "merged"})
UNDER_WAY = frozenset({"en_route", "arrived", "in_service"})
GOING = UNDER_WAY | {"accepted"}


def plain(value: Any) -> Any:
    """As JSON carries it into the database and back."""
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def instant(value: Any) -> datetime | None:
    """A time that JSON has made a text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def nothing(_: Transaction, *__: Any) -> list[Row]:
    """Nothing is found, nothing is done."""
    return []
