"""What is kept about whom an incident is about, for the desk in scope."""

from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import records
from shared.runtime.database import Database


async def of_incident(database: Database, who: Identity, incident: str) -> dict[str, Any]:
    """Earlier calls, devices, who could be reached, and answers. MissingError beyond the scope."""
    async with database.reading(who.scope) as connection:
        found = await records.of_incident(connection, incident)
    if found is None:
        raise MissingError("incident")
    return found
