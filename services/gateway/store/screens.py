"""What the log and dispatch believe about people's consoles."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.runtime.database import Connection

BELIEVED = """
SELECT a.id, a.responder_id, a.division
FROM gateway.account a JOIN dispatch.responder r ON r.id = a.responder_id AND r.reachable
WHERE (SELECT e.body->'reachable' FROM log.event e
       WHERE e.stream = 'screen' AND e.stream_id = a.id AND e.tag = 'screen.reachable'
       ORDER BY e.stream_seq DESC LIMIT 1) = 'true'
"""

UNREACHABLE = "SELECT id FROM dispatch.responder WHERE id = ANY($1) AND NOT reachable"


@dataclass(frozen=True, slots=True)
class Screen:
    """A responder's account, whose consoles count as one."""

    account: str
    responder: str
    division: str


async def believed_reachable(connection: Connection) -> list[Screen]:
    """Return responders who count as reachable because a console said so; the scope is the whole cell."""
    rows = await connection.fetch(BELIEVED)
    return [Screen(row["id"], row["responder_id"], row["division"]) for row in rows]


async def unreachable(connection: Connection, responders: Iterable[str]) -> set[str]:
    """Return those of these responders who do not count as reachable; the scope is the whole cell."""
    return {row["id"] for row in await connection.fetch(UNREACHABLE, list(responders))}
