"""A seat that holds incidents says so again and again. One that has fallen silent lets go: another may take them.

Only a seat that has said so once can fall silent: whoever claims without a screen keeps what it took.
"""

from datetime import timedelta

from services.dispatch.flow.house import House, done
from services.dispatch.store import waits as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log

KIND = "hold"
SILENT = timedelta(seconds=60)
AWAY = timedelta(seconds=15)
"""A wait that is handled so late was not handled while we were away, when no seat could say anything either."""


async def renew(house: House, command: Command) -> Answer:
    """Somebody sits there still; answers what this seat holds of what it named."""
    until, named = house.clock.now() + SILENT, list(command.args["incidents"])
    async with house.database.transaction() as connection:
        held = await store.hold(connection, command.actor.account, named, until)
    return done(incidents=held)


async def over(house: House, incident: str) -> None:
    """Nothing was heard for a minute."""
    async with house.database.transaction() as connection:
        await log.lock(connection, [f"incident/{incident}"])
        now = house.clock.now()
        due = await store.due(connection, KIND, incident)
        if due is None or due > now:
            return
        if now - due > AWAY:
            await store.plan(connection, incident, frozenset({KIND}), {KIND: now + SILENT})
            return
        await store.plan(connection, incident, frozenset({KIND}), {})
        await house.cases.let_go(connection, incident)
