"""What is held about an elder, handed to her or her guardian (查阅复制)."""

from datetime import datetime
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.flow.access import STREAM
from services.gateway.flow.commands import MissingError
from services.gateway.store import access, subject
from shared.contracts.access import CopyAsked
from shared.runtime.database import Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7

WHY = "asked_by_her"
SHOWN = ("phone", "address", "health", "position")


async def copied(database: Database, who: Identity, elder: str, asked: CopyAsked, now: datetime) -> dict[str, Any]:
    """All of it, as far as the own division and the gateway's rights go. MissingError beyond the division.

    Who asked stands in the log before anything is read; the reading is a transaction of its own, since the log's
    followers wait for one that has written.
    """
    opening = uuid7(now)
    async with database.transaction() as connection:
        await lock(connection, [f"{STREAM}/elder/{elder}"])
        await set_scope(connection, who.division)
        division = await access.division(connection, elder)
        if division is None:
            raise MissingError("elder")
        await access.opened(
            connection, opening, "file", elder, division, who.account, who.division, WHY, asked.note, now, None
        )
        body = {
            "what": "elder", "target": elder, "elder": elder, "shown": list(SHOWN), "why": WHY, "opening": str(opening),
        }  # fmt: skip
        actor = f"account:{who.account}"
        event = NewEvent(opening, STREAM, f"elder/{elder}", "person.copied", body, division, actor)
        await append(connection, [event], now)
    async with database.reading(who.division) as connection:
        tables, missing = await subject.held(connection, elder)
    return {"opening": opening, "elder": elder, "at": now, "tables": tables, "missing": missing}
