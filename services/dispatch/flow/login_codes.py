"""Digits by which one of a family logs in: the gateway made them, they leave like every message."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from services.dispatch.flow.house import Handler, House, done
from services.dispatch.flow.telling import News, tell
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection

GOOD_FOR = timedelta(minutes=5)
CHANNELS: Mapping[str, str] = MappingProxyType({"text": "family", "voice": "voice"})


async def send(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """As a text, or read aloud; number and digits are looked up when it is sent."""
    channel = CHANNELS[command.args["by"]]
    news = News(channel, "login", command.target, "login_code", command.actor.division, GOOD_FOR)
    await tell(connection, [news], house.clock.now())
    return done()


HANDLERS: Mapping[str, Handler] = MappingProxyType({"send_login_code": Handler(send)})
