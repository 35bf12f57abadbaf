"""An exchange says what became of a message. A key pressed or written back answers the offer as a thumb would have."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from services.dispatch import outbox
from services.dispatch.domain import messages, texts
from services.dispatch.domain.messages import Message
from services.dispatch.flow.commands import execute
from services.dispatch.flow.house import House
from services.dispatch.flow.telling import News, tell
from services.dispatch.registry import recipients
from services.dispatch.store import messages as store
from shared.contracts.channels import DeliveryReport
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.database import Record

DIRECTIONS_FOR = timedelta(minutes=30)
REPLIES: Mapping[CommandName, str] = MappingProxyType(
    {"accept_offer": "accepted", "decline_offer": "declined", "depart": "on_the_way"}
)
DONE = 200
UNCLEAR = "unclear"
"""Neither key: it is asked for again, and the message still waits for its answer."""


class UnknownMessageError(Exception):
    """There is no message of that name."""


async def report(house: House, given: DeliveryReport, language: str) -> str | None:
    """Take a report; answers what to read to whoever has pressed a key. The same report twice does no more than once.

    The answer to the offer comes first: an exchange that hears nothing from us repeats its report.
    """
    said, key = None, given.key
    if given.status == "answered":
        key = key if given.reply is None else texts.key_in(given.reply)
        said = await _answered(house, await _known(house, given.id), key)
    if said != UNCLEAR:
        await _noted(house, given, key)
    return None if said is None else texts.reply(said, language)


async def _known(house: House, name: UUID) -> Message:
    found = await store.load(house.database, name)
    if found is None:
        raise UnknownMessageError
    return found


async def _noted(house: House, given: DeliveryReport, key: str | None) -> None:
    """Write it down; whoever changed the message meanwhile may have changed what the report means."""
    while True:
        known, now = await _known(house, given.id), house.clock.now()
        after = messages.reported(known, given.status, key, given.reason, now)
        if after == known or await outbox.write(house.database, [(known, after)], now):
            return


async def _answered(house: House, message: Message, key: str | None) -> str:
    """What to say to the one who has pressed or written."""
    if message.to_kind != "responder" or message.template not in texts.ASKS:
        return "heard"
    if key is None or key not in texts.KEYS:
        return UNCLEAR
    async with house.database.pool.acquire() as connection:
        who = await recipients.responder(connection, message.to_id, message.incident_id)
    asked = None if who is None else _asked(message, who, key)
    if who is None or asked is None:
        return "over"
    answer = await _decided(house, message, who, *asked)
    if answer.status != DONE:
        return "offer_taken" if answer.body.get("code") == "offer_taken" else "over"
    if asked[0] == "accept_offer":
        await _directions(house, message)
    return REPLIES[asked[0]]


def _asked(message: Message, who: Record, key: str) -> tuple[CommandName, UUID] | None:
    """The command that a key stands for, and its target; None when there is nothing to decide any more."""
    offer = message.offer_id if message.template in texts.OFFERS else who["offer_id"]
    if offer is None:
        return None
    if key == "2":
        return "decline_offer", offer
    return ("accept_offer", offer) if message.template in texts.OFFERS else ("depart", who["job_id"])


async def _decided(house: House, message: Message, who: Record, name: CommandName, target: UUID) -> Answer:
    via = "voice" if message.channel == "voice" else "text"
    actor = Actor(
        account=f"{via}:{who['id']}", name=who["name"], role="responder", division=who["division"],
        responder=who["id"], kind=who["kind"],
    )  # fmt: skip
    key, args = f"{via}:{message.id}:{name}", {"via": via}
    return await execute(house, Command(name=name, target=str(target), actor=actor, key=key, args=args))


async def _directions(house: House, message: Message) -> None:
    """Who goes because of a call is sent the way as a text, once."""
    way = News(
        "sms", "responder", message.to_id, "directions", message.division, DIRECTIONS_FOR, message.incident_id,
        message.offer_id, message.drill, f"directions:{message.offer_id}",
    )  # fmt: skip
    async with house.database.transaction() as connection:
        await tell(connection, [way], house.clock.now())
