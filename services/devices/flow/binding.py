"""(being written)"""

from collections.abc import Awaitable, Callable, Mapping

from services.devices.flow.house import House, Outcome
from shared.contracts.commands import Command
from shared.runtime.database import Connection

HANDLERS: Mapping[str, Callable[[House, Connection, Command], Awaitable[Outcome]]] = {}
