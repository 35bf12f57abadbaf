"""What would fail for each elder, as a sum of bits. The connection's scope is the division asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.domain.protection import Alike
from shared.runtime.database import Connection

LACKING = "SELECT division, mask, elders FROM dispatch.lacking($1, $2, $3, $4, $5)"
WHO = """
SELECT e.id, e.division, d.name AS division_name, e.name, h.address
FROM dispatch.elder e JOIN dispatch.home h ON h.id = e.home_id
LEFT JOIN dispatch.division d ON d.code = e.division WHERE e.id = ANY($1)
"""
SEATS = "SELECT division FROM dispatch.seat"


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for everybody at this moment: places out of reach (as `maps.blocks` tells them) and seats on duty."""

    beyond: Sequence[tuple[str, float, float]]
    seats: Sequence[str]

    def values(self) -> tuple[list[Any], ...]:
        """As columns."""
        columns = zip(*self.beyond, strict=True) if self.beyond else ((), (), ())
        return (*(list(column) for column in columns), list(self.seats))


async def seats(connection: Connection) -> list[str]:
    """Divisions in which, or above which, somebody sits."""
    return [row["division"] for row in await connection.fetch(SEATS)]


async def lacking(connection: Connection, now: datetime, around: Around, patience_s: float) -> list[Alike]:
    """Elders of a division who lack the same things; TimeoutError after `patience_s`."""
    return [Alike(**row) for row in await connection.fetch(LACKING, now, *around.values(), timeout=patience_s)]


async def who(connection: Connection, elders: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Names and places of elders, by id."""
    return {row["id"]: dict(row.items()) for row in await connection.fetch(WHO, elders)}
