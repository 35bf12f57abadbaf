"""What a roll-call knows of each person, as data. The same states stand in the database's CHECK."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.dispatch.domain.states import Table


class PersonState(StrEnum):
    """点名状态."""

    NOT_REACHED = "not_reached"
    SAFE = "safe"
    NEEDS_TRANSFER = "needs_transfer"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    SHELTERED = "sheltered"
    HOME = "home"
    MISSING = "missing"


_S = PersonState
_AT_HOME = (_S.NOT_REACHED, _S.SAFE, _S.NEEDS_TRANSFER, _S.REFUSED, _S.MISSING)
_AWAY = (_S.TRANSFERRED, _S.SHELTERED)

_FROM: Mapping[PersonState, tuple[PersonState, ...]] = MappingProxyType(
    {
        _S.SAFE: (*_AT_HOME, _S.HOME),
        _S.NEEDS_TRANSFER: (*_AT_HOME, _S.HOME),
        _S.REFUSED: _AT_HOME,
        _S.TRANSFERRED: (*_AT_HOME, *_AWAY),
        _S.SHELTERED: (*_AT_HOME, *_AWAY),
        _S.HOME: (*_AWAY, _S.MISSING, _S.HOME),
        _S.MISSING: tuple(_S),
        _S.NOT_REACHED: tuple(_S),
    }
)
PERSON: Table = MappingProxyType({(before, after): after for after, them in _FROM.items() for before in them})
"""An arrow bears the name of the state it leads to; back to the beginning leads only a correction, with a reason."""

SETTLED = frozenset({_S.SAFE, _S.HOME})
"""Nobody need think of them any more when the event is closed; everybody else is named, with a reason."""
OUT_OF_REACH = frozenset({_S.NOT_REACHED, _S.MISSING})
ELSEWHERE = frozenset({_S.TRANSFERRED, _S.SHELTERED})
