"""What was sent beside the consoles, within the caller's scope."""

from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import messages
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division, covers


async def of_incident(database: Database, who: Identity, incident: str) -> dict[str, Any]:
    """Every message about an incident, oldest first."""
    async with database.reading(who.scope) as connection:
        found = await messages.of_incident(connection, incident)
    if found is None:
        raise MissingError("incident")
    return {"items": found}


async def duty_phone(database: Database, who: Identity, division: str) -> dict[str, Any]:
    """The duty telephone of a division in scope."""
    async with database.reading(who.scope) as connection:
        found = await messages.duty_phone(connection, division)
    if found is None or not covers(who.scope, Division(division)):
        raise MissingError("division")
    return {"phone": found["phone"]}
