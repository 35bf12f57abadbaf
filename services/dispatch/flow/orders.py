"""What people want done with orders: place, move, cancel, give back, name who comes, prove, ask how it was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.orders import decisions, proof
from services.dispatch.domain.orders.catalogue import Price, Service, price_of
from services.dispatch.domain.orders.decisions import Wish
from services.dispatch.domain.orders.order import Order, Tale
from services.dispatch.domain.orders.proof import Given
from services.dispatch.domain.orders.windows import CHINA, Window, local_day
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, argument, version_passed
from services.dispatch.domain.situation import Situation
from services.dispatch.flow import order_work as work
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.flow.telling import News, tell
from services.dispatch.registry import bookable
from services.dispatch.store import catalogue
from services.dispatch.store import orders as store
from services.dispatch.store.orders import Beside, Row
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ResponderKind, Role

DAYTIME = range(8, 20)
CALLED_WITHIN, TEXTED_WITHIN = timedelta(hours=1), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Asked:
    """An order to be written: for whom and where, which service, at which prices, under which name."""

    wish: Wish
    service: Service
    prices: Sequence[Price]


def _moment(house: House, command: Command) -> Moment:
    return work.moment(house, f"account:{command.actor.account}")


async def look_up(house: House, command: Command) -> Asked | Refusal:
    """The elder in the caller's scope, and the line of the catalogue that holds where she lives."""
    args, now = command.args, house.clock.now()
    async with house.database.pool.acquire() as connection:
        her = await bookable.lives(connection, command.target, command.actor.division, now)
        if her is None:
            return argument("elder", "not_found")
        service = await catalogue.service(connection, args["service"], her["division"])
        if service is None:
            return argument("service", "unknown_service")
        prices = await catalogue.prices(connection, args["service"], her["division"])
        if args.get("provider") and not await bookable.provider(connection, args["provider"]):
            return argument("provider", "unknown_provider")
    [name] = await store.number(house.database, now)
    window = Window(_instant(args["window_from"]), _instant(args["window_to"]))
    wish = Wish(
        name, her["division"], her["id"], her["home_id"], her["lat"], her["lon"], window, args.get("provider"),
        telephoned=args.get("telephoned"),
    )  # fmt: skip
    return Asked(wish, service, prices)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def written(now: Moment, asked: Asked, *, place: bool) -> Tale | Refusal:
    """A draft, and placed at once if so wished."""
    tale = decisions.draft(now, asked.wish, asked.service)
    if isinstance(tale, Refusal) or not place:
        return tale
    placed = decisions.place(now, tale.order, _price(asked.prices, tale.order))
    return placed if isinstance(placed, Refusal) else Tale(placed.order, (*tale.facts, *placed.facts))


def _price(prices: Sequence[Price], order: Order) -> Price | None:
    return price_of(prices, order.division, local_day(order.window_from))


async def place_order(house: House, connection: Connection, command: Command, asked: Any) -> Answer:
    """Write an order down; unless it is a draft, fix its price and put it before the planner."""
    if isinstance(asked, Refusal):
        return refused(asked)
    now = _moment(house, command)
    tale = written(now, asked, place=not command.args.get("draft", False))
    if isinstance(tale, Refusal):
        return refused(tale)
    await log.lock(connection, [f"order/{tale.order.id}"])
    if command.actor.role == Role.FAMILY or command.args.get("telephoned") == "family":
        await tell(connection, [_news_for_her(tale.order, now.now)], now.now)
    return await _kept(connection, command, now, tale)


def _news_for_her(order: Order, now: datetime) -> News:
    """Her family has ordered something: she hears it, by a call in daytime, else by a text."""
    channel, good_for = ("voice", CALLED_WITHIN) if now.astimezone(CHINA).hour in DAYTIME else ("sms", TEXTED_WITHIN)
    return News(
        channel, "elder", order.elder_id, "order_placed", order.division, good_for, params={"order": order.id}
    )  # fmt: skip


async def _kept(
    connection: Connection,
    command: Command,
    now: Moment,
    tale: Tale,
    proofs: Sequence[Row] = (),
    book: str = store.KEEP,
) -> Answer:
    """Write it, with what the person said beside it; words stay out of the log."""
    text = str(command.args.get("note") or "").strip()
    notes: list[Row] = []
    if text and tale.facts:
        note = now.mint()
        tale.add(now.fact("order.noted", order=tale.order.id, note=note, about=command.name))
        by = (command.actor.account, command.actor.name)
        notes.append(store.note_row(tale.order, note, command.name, text, by, now.now))
    await store.save(connection, [tale], now.now, Beside(proofs, notes), book)
    return done(**decisions.body_of(tale.order))


Decision = Callable[[Moment, Order, Mapping[str, Any]], Tale | Refusal]


async def _own(connection: Connection, command: Command) -> Order | Refusal:
    """The order, locked, if the caller may touch it: a seat over its division, or the provider it was given to."""
    order = await store.locked(connection, command.target)
    if order is None:
        return NOT_FOUND
    actor = command.actor
    if actor.responder is None:
        allowed = store.in_scope(order, actor.division)
    else:
        theirs = await bookable.provider_of(connection, actor.responder, ResponderKind.PROVIDER)
        allowed = theirs is not None and theirs == order.provider_id
    if not allowed:
        return NOT_FOUND
    passed = command.if_match is not None and command.if_match < order.ver
    return version_passed(order.ver) if passed else order


def _deciding(decision: Decision, *, stops: str = "") -> Handler:
    """A command that needs nothing looked up; `stops`: what its running case is told to end with."""

    async def within(house: House, connection: Connection, command: Command, _: Any) -> Answer:
        order = await _own(connection, command)
        if isinstance(order, Refusal):
            return refused(order)
        now = _moment(house, command)
        tale = decision(now, order, command.args)
        if isinstance(tale, Refusal):
            return refused(tale)
        if stops and tale.facts:
            await work.stop(house, connection, order, stops)
        return await _kept(connection, command, now, tale)

    return Handler(within)


def _reschedule(now: Moment, order: Order, args: Mapping[str, Any]) -> Tale | Refusal:
    window = Window(_instant(args["window_from"]), _instant(args["window_to"]))
    return decisions.reschedule(now, order, window, args["reason"])


def _call_back(now: Moment, order: Order, args: Mapping[str, Any]) -> Tale | Refusal:
    return decisions.called_back(now, order, args["result"], args.get("rating"))


async def prices_of(house: House, command: Command) -> list[Price]:
    """Prices that may hold for a draft."""
    async with house.database.pool.acquire() as connection:
        order = (await store.load(connection, [command.target])).get(command.target)
        return await catalogue.prices(connection, order.service, order.division) if order else []


async def confirm_order(house: House, connection: Connection, command: Command, prices: Any) -> Answer:
    """A draft is placed."""
    order = await _own(connection, command)
    if isinstance(order, Refusal):
        return refused(order)
    now = _moment(house, command)
    tale = decisions.place(now, order, _price(prices, order))
    return refused(tale) if isinstance(tale, Refusal) else await _kept(connection, command, now, tale)


Team = tuple[list[tuple[Candidate, Any]], Pressed | None, Situation | None]


async def look_at_team(house: House, command: Command) -> Team | None:
    """The people named, and what is known around her; None: no such order."""
    people = [str(p) for p in command.args["people"]]
    async with house.database.pool.acquire() as connection:
        order = (await store.load(connection, [command.target])).get(command.target)
        if order is None:
            return None
        team = await bookable.named(connection, people, order.elder_id, house.clock.now())
    if command.name != "hand_over_order":
        return team, None, None
    asked, situation = await work.looked_round(house, order, people, house.clock.now())
    return team, asked, situation


def _unfit(order: Order, people: Sequence[str], team: Sequence[tuple[Candidate, Any]]) -> Refusal | None:
    """Why these people can't be sent to her for this."""
    if {c.id for c, _ in team} != set(people):
        return argument("people", "barred")
    if any(order.provider_id not in (None, provider) for _, provider in team):
        return argument("people", "other_provider")
    if any(not c.skills.issuperset(order.skills) for c, _ in team):
        return argument("people", "skills")
    return None


async def assign_order(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """The desk or the provider names who comes, and when (机构派员)."""
    order = await _own(connection, command)
    if isinstance(order, Refusal) or found is None:
        return refused(order if isinstance(order, Refusal) else NOT_FOUND)
    people, now = command.args["people"], _moment(house, command)
    unfit = _unfit(order, people, found[0])
    if unfit is not None:
        return refused(unfit)
    given = command.args.get("starts_at")
    starts_at = _instant(given) if given else order.starts_at or max(order.window_from, now.now)
    tale = decisions.book(now, order, starts_at, people, "named")
    return refused(tale) if isinstance(tale, Refusal) else await _kept(connection, command, now, tale, book=store.BOOK)


async def hand_over_order(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """Others go on with what has been sent out: those before are told, these are asked at once."""
    order = await _own(connection, command)
    if isinstance(order, Refusal) or found is None:
        return refused(order if isinstance(order, Refusal) else NOT_FOUND)
    people, now = command.args["people"], _moment(house, command)
    team, asked, situation = found
    refusal = decisions.may_hand_over(order, people) or _unfit(order, people, team)
    if refusal is not None:
        return refused(refusal)
    await log.lock(connection, [f"subject/{asked.subject}"])
    await work.stop(house, connection, order, "handed_over")
    tale = await work.sent(house, connection, decisions.with_people(order, people), asked, situation)
    return await _kept(connection, command, now, tale, book=store.BOOK)


async def code_of_home(house: House, command: Command) -> bytes | None:
    """What is kept of the code at her home."""
    async with house.database.pool.acquire() as connection:
        order = (await store.load(connection, [command.target])).get(command.target)
        return await catalogue.home_code(connection, order.home_id) if order else None


async def prove_order(house: House, connection: Connection, command: Command, code: Any) -> Answer:
    """The one who goes shows that she is there, at the moment she is: our clock alone counts."""
    order = await store.locked(connection, command.target)
    if order is None or command.actor.responder is None:
        return refused(NOT_FOUND)
    visitor = await store.visitor(connection, order.incident_id, command.actor.responder)
    now, given = _moment(house, command), _given(command.args)
    fact = proof.proved(now, order, visitor, given, code)
    if isinstance(fact, Refusal):
        return refused(fact)
    tale = Tale(order)
    tale.add(fact)
    row = store.proof_row(tale.order, fact.body, fact.at, given.position)
    answer = await _kept(connection, command, now, tale, [row])
    return done(**answer.body, holds=fact.body["holds"], dist_m=fact.body.get("dist_m"))


def _given(args: Mapping[str, Any]) -> Given:
    place = Position(args["lat"], args["lon"]) if args.get("lat") is not None and args.get("lon") is not None else None
    return Given(args["phase"], args["kind"], place, args.get("accuracy_m"), args.get("code"))


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "place_order": Handler(place_order, look_up),
        "confirm_order": Handler(confirm_order, prices_of),
        "reschedule_order": _deciding(_reschedule, stops="rescheduled"),
        "cancel_order": _deciding(lambda now, o, args: decisions.cancel(now, o, args["reason"]), stops="cancelled"),
        "return_order": _deciding(lambda now, o, args: decisions.give_back(now, o, args["reason"]), stops="returned"),
        "assign_order": Handler(assign_order, look_at_team),
        "hand_over_order": Handler(hand_over_order, look_at_team),
        "prove_order": Handler(prove_order, code_of_home),
        "call_back_order": _deciding(_call_back),
        "dispute_order": _deciding(lambda now, o, args: decisions.dispute(now, o, args["reason"])),
        "settle_order": _deciding(lambda now, o, args: decisions.settle(now, o, args["charged_cents"])),
        "correct_order": _deciding(lambda now, o, args: decisions.correct(now, o, args["field"])),
    }
)
