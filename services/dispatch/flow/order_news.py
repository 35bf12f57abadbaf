"""What becomes of the cases of orders, and presses of her own button while somebody is there."""

from collections.abc import Sequence

from services.dispatch.domain.facts import Moment
from services.dispatch.domain.orders import following
from services.dispatch.domain.orders.order import Tale
from services.dispatch.domain.orders.proof import Visitor, pressed
from services.dispatch.flow.house import House
from services.dispatch.flow.order_work import moment
from services.dispatch.store import orders as store
from services.dispatch.store.orders import Beside, Row
from shared.contracts.events import AlarmRaised
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import Event

STAFFING = ("assignment.made", "assignment.released", "offer.declined")
OF_CASES = (
    "incident.on_scene", "incident.with_elder", "incident.closed", "incident.false_alarm", "job.not_found",
    "job.no_access", *STAFFING,
)  # fmt: skip
PRESSES = ("device.tested", "alarm.raised")
TAGS = (*OF_CASES, *PRESSES)
PREFIX = "O-"
NOBODY = (None, None)


class News:
    """What a follower of the log tells orders."""

    def __init__(self, house: House) -> None:
        """Use the house's cases and clock."""
        self._house = house

    async def hear(self, connection: Connection, events: Sequence[Event]) -> None:
        """One batch: each order is moved under its lock."""
        about = await _orders(connection, events)
        names = {name for _, found in about for name in found}
        if not names:
            return
        known = await store.load(connection, names)
        await log.lock(connection, store.streams(known.values()))
        tales = {name: Tale(order) for name, order in (await store.load(connection, names)).items()}
        proofs: list[Row] = []
        for event, found in about:
            for name in found:
                tales[name], more = await self._told(connection, event, tales[name])
                proofs += more
        now, beside = self._house.clock.now(), Beside(proofs=proofs)
        await store.save(connection, list(tales.values()), now, beside)

    async def _told(self, connection: Connection, event: Event, tale: Tale) -> tuple[Tale, list[Row]]:
        now = moment(self._house)
        if event.tag in PRESSES:
            return await _pressed(connection, event, now, tale)
        if event.tag in STAFFING:
            going, out = await store.staff(connection, event.stream_id)
            more = following.staffed(now, tale.order, event.stream_id, going, out)
            return Tale(more.order, (*tale.facts, *more.facts)), []
        been = await store.been_there(connection, event.stream_id)
        more = following.follow(now, tale.order, event.stream_id, event.tag, event.body, been)
        return Tale(more.order, (*tale.facts, *more.facts)), []


async def _orders(connection: Connection, events: Sequence[Event]) -> list[tuple[Event, list[str]]]:
    """Which orders each event may speak of; a press of the home's button is one of every elder in it."""
    presses = {event.id: _presser(event) for event in events if event.tag in PRESSES}
    whose = [it for it in presses.values() if it != NOBODY]
    out = await store.under_way(connection, whose)

    def spoken_of(event: Event) -> list[str]:
        if event.tag in OF_CASES:
            return [event.stream_id.rpartition("-")[0]] if event.stream_id.startswith(PREFIX) else []
        who, where = presses[event.id]
        return [name for name, elder, home in out if (elder == who if who else where is not None and home == where)]

    return [(event, spoken_of(event)) for event in events]


def _presser(event: Event) -> tuple[str | None, str | None]:
    """Elder and home of a press that may prove something."""
    body = AlarmRaised.model_validate(event.body)
    return NOBODY if body.drill or body.canary else (body.elder, body.home)


async def _pressed(connection: Connection, event: Event, now: Moment, tale: Tale) -> tuple[Tale, list[Row]]:
    visitor: Visitor | None = await store.visitor(connection, tale.order.incident_id, None)
    device = AlarmRaised.model_validate(event.body).device
    fact = pressed(now, tale.order, visitor, device) if visitor else None
    if fact is None:
        return tale, []
    tale.add(fact)
    return tale, [store.proof_row(tale.order, fact.body, fact.at, None)]
