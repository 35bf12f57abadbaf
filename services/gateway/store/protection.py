"""What would fail for each elder, as a sum of bits. The connection's scope is the division asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.runtime.database import Connection

EXPOSED = "dispatch.exposed($1, $2, $3, $4, $5)"
SUMMED = f"SELECT division, mask, count(*) AS elders FROM {EXPOSED} GROUP BY 1, 2"  # noqa: S608  a constant
LISTED = f"""
SELECT e.id AS elder, e.division, d.name AS division_name, e.name, e.address, e.mask, s.score
FROM {EXPOSED} e JOIN unnest($6::integer[], $7::integer[]) AS s(mask, score) ON s.mask = e.mask
LEFT JOIN dispatch.division d ON d.code = e.division
WHERE (s.score, e.id) > ($8, $9) ORDER BY s.score, e.id LIMIT $10
"""  # noqa: S608  constants
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


async def summed(connection: Connection, now: datetime, around: Around) -> list[tuple[str, int, int]]:
    """How many elders of a division lack the same things: division, bits, elders."""
    return [tuple(row.values()) for row in await connection.fetch(SUMMED, now, *around.values())]


async def listed(
    connection: Connection, now: datetime, around: Around, scores: dict[int, int], after: tuple[int, str], limit: int
) -> list[dict[str, Any]]:
    """Elders whose bits are among `scores`, the worst first, behind `after` (score, id)."""
    values = (list(scores), list(scores.values()), *after, limit)
    return [dict(row.items()) for row in await connection.fetch(LISTED, now, *around.values(), *values)]
