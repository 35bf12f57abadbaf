"""How something that happened becomes people on their way.

An alarm, a command, a screen's report or a deadline arrives. The streams it concerns are locked, the case files
loaded, the domain decides, and rows, waits, events and (for a command) the idempotency key are written in one
transaction. Only after that commit does anybody hear of it: whoever follows the log is woken by a hint. A kill
anywhere before the commit leaves nothing behind, and the same input is worked again.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg

from services.dispatch import registry, store
from services.dispatch.commands import ASKS_PEOPLE, decide
from services.dispatch.domain import faults, screens, things
from services.dispatch.domain.alarms import LINKED_WITHIN, Linked, Pressed, join, open_case
from services.dispatch.domain.asking import Roster
from services.dispatch.domain.case import Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.refusals import ALREADY_UNDER_WAY, NOT_FOUND, Refusal, version_passed
from services.dispatch.domain.story import Story
from services.dispatch.domain.things import Mended, News, Outage
from services.dispatch.store import Side, Surroundings
from shared.contracts.commands import Answer, Command
from shared.contracts.events import (
    AlarmRaised,
    DeviceFault,
    DeviceMended,
    DeviceOutage,
    ScreenReachable,
    ScreenSeen,
)
from shared.runtime import log
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database
from shared.runtime.log import Event, NewEvent
from shared.vocabulary.alarms import FAMILY, OURS, AlarmClass, AlarmKind
from shared.vocabulary.divisions import Level
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

NAMES = frozenset({"name"})
"""Fields of a fact that stay out of the log, which is kept for ever."""
TRIES = 4


@dataclass
class Flow:
    """Everything that changes a case file goes through here. `planned` is set when a deadline may have moved."""

    database: Database
    clock: Clock
    planned: asyncio.Event

    def __post_init__(self) -> None:
        """Incident numbers are fetched ahead; alarms of one moment share a roster."""
        self._numbers = store.Numbers(self.database)
        self._rosters_lately = registry.Lately()

    def _moment(self, actor: str) -> Moment:
        now = self.clock.now()
        return Moment(now, actor, lambda: uuid7(now))

    async def alarms(self, connection: Connection, events: Sequence[Event]) -> None:
        """Place one batch of alarms inside the follower's transaction."""
        await self._alarms(connection, [_pressed(e) for e in events])

    async def screens(self, connection: Connection, events: Sequence[Event]) -> None:
        """Note what consoles report: drawn, ringing, reachable."""
        await self._seen(connection, [ScreenSeen.model_validate(e.body) for e in events if e.tag == "screen.seen"])
        for event in events:
            if event.tag == "screen.reachable":
                report = ScreenReachable.model_validate(event.body)
                await registry.reachable(connection, report.responder, reachable=report.reachable)

    async def _alarms(self, connection: Connection, alarms: Sequence[Pressed]) -> list[Story]:
        await self._numbers.fetch(len(alarms))
        await log.lock(connection, (f"subject/{a.subject}" for a in alarms))
        moment = self._moment("dispatch:alarms")
        around = await store.surroundings(connection, alarms, moment.now - LINKED_WITHIN)
        before: dict[str, Case] = {}
        if around.live:
            await log.lock(connection, (f"incident/{i}" for i in around.live))
            before = await store.load(connection, around.live)
        rosters = await self._rosters(connection, {county(a.division) for a in alarms})
        stories = self._placed(moment, alarms, before, around, rosters)
        await self._write(connection, before, stories, Side(alarms=_alarm_rows(alarms, stories)))
        return stories

    def _placed(
        self,
        moment: Moment,
        alarms: Sequence[Pressed],
        before: Mapping[str, Case],
        around: Surroundings,
        rosters: Mapping[str, Roster],
    ) -> list[Story]:
        """Each alarm joins what is live or opens its own; one of the same batch may meet another."""
        working = {_key(case): case for case in before.values() if case.joinable}
        stories: list[Story] = []
        for n, alarm in enumerate(alarms):
            roster = rosters[county(alarm.division)]
            case = working.get((alarm.subject, alarm.family, alarm.drill))
            if case is not None and not alarm.canary:
                story = join(moment, case, alarm, roster)
            else:
                there = replace(alarm, place=alarm.place or around.homes.get(alarm.home))
                linked = None if alarm.canary else around.linked.get(n) or _neighbour(alarm, stories)
                story = open_case(moment, there, self._number(alarm), linked, roster)
            if not alarm.canary:
                working[_key(story.case)] = story.case
            stories.append(story)
        return stories

    def _number(self, alarm: Pressed) -> str:
        """Numbers are for what people speak of; a canary's case is named after its press."""
        return f"C-{alarm.alarm}" if alarm.canary else self._numbers.next(self.clock.now())

    async def things(self, connection: Connection, events: Sequence[Event]) -> None:
        """Open, join and end what things themselves cause: faults, repairs, outages."""
        news = [_news(event) for event in events]
        broken = [n for n in news if isinstance(n, Pressed)]
        await self._numbers.fetch(len(news))
        await log.lock(connection, (f"subject/{n.subject}" for n in news))
        moment = self._moment("dispatch:devices")
        around = await store.surroundings(connection, broken, moment.now - LINKED_WITHIN)
        before = await _concerned(connection, news, around.live)
        rosters = await self._rosters(connection, {county(f.division) for f in broken})
        placed = [replace(n, place=around.homes.get(n.home)) if isinstance(n, Pressed) else n for n in news]
        stories = self._answers(moment, placed, before, rosters)
        await self._write(connection, before, [s for s in stories if s.facts], Side())

    def _answers(
        self, moment: Moment, news: Sequence[News], before: Mapping[str, Case], rosters: Mapping[str, Roster]
    ) -> list[Story]:
        """Each piece of news in its order; one of the same batch may meet what another has opened."""
        cases, stories = dict(before), list[Story]()
        for one in news:
            roster = rosters[county(one.division)] if isinstance(one, Pressed) else ()
            story = things.answer(moment, one, cases.values(), lambda: self._numbers.next(moment.now), roster)
            if story is not None:
                cases[story.case.incident.id] = story.case
                stories.append(story)
        return stories

    async def _rosters(self, connection: Connection, counties: set[str]) -> dict[str, Roster]:
        now = self.clock.now()
        return {c: await self._rosters_lately.get(connection, c, now) for c in sorted(counties)}

    async def _seen(self, connection: Connection, reports: Sequence[ScreenSeen]) -> None:
        if not reports:
            return
        await log.lock(connection, (f"incident/{r.incident}" for r in reports))
        before = await store.load(connection, [r.incident for r in reports])
        now_as = dict(before)
        stories: list[Story] = []
        for report in reports:
            if report.incident in now_as:
                moment = self._moment(f"account:{report.account}")
                case = now_as[report.incident]
                story = screens.shown(moment, case, report.role, report.kind, report.offer, report.ring)
                now_as[report.incident] = story.case
                stories.append(story)
        await self._write(connection, before, [s for s in stories if s.facts], Side())

    async def _write(
        self, connection: Connection, before: Mapping[str, Case], stories: Sequence[Story], side: Side
    ) -> None:
        if not stories:
            return
        last = {s.case.incident.id: s.case for s in stories}
        facts = [(s.case, f) for s in stories for f in s.facts]
        merged = [_merged(case, facts) for case in last.values()]
        events = [_event(case, fact) for case, fact in facts]
        await store.save(connection, before, merged, side, events, self.clock.now())

    async def execute(self, command: Command) -> Answer:
        """Carry a command out exactly once for its key; the answer to a repeat is the stored one."""
        for _ in range(TRIES):
            with suppress(asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                return await self._execute(command)
        return Answer(status=409, body={"code": "busy", "params": {}})

    async def _execute(self, command: Command) -> Answer:
        digest = hashlib.sha256(command.model_dump_json(exclude={"if_match"}).encode()).digest()
        try:
            async with self.database.transaction() as connection:
                await log.lock(connection, [f"key/{command.actor.account}/{command.key}"])
                done = await store.answered(connection, command.actor.account, command.key, digest)
                if done is not None:
                    return done
                answer = await self._carry_out(connection, command)
                await store.remember(connection, command.actor.account, command.key, digest, answer, self.clock.now())
        except asyncpg.UniqueViolationError as clash:
            if clash.constraint_name == "assignment_one_place":
                return _refused(ALREADY_UNDER_WAY)
            raise
        self.planned.set()
        return answer

    async def _carry_out(self, connection: Connection, command: Command) -> Answer:
        if command.name == "set_duty":
            return await self._duty(connection, command)
        if command.name == "open_incident":
            return await self._phoned(connection, command)
        incident = await store.incident_of(connection, command)
        if incident is None:
            return _refused(NOT_FOUND)
        await log.lock(connection, [f"incident/{incident}"])
        before = await store.load(connection, [incident])
        case = before[incident]
        if command.if_match is not None and command.if_match < case.incident.decided_ver:
            return _refused(version_passed(case.incident.ver))
        people: Roster = ()
        if command.name in ASKS_PEOPLE:
            people = await registry.roster(connection, county(case.incident.division), self.clock.now())
        outcome = decide(command, case, self._moment(f"account:{command.actor.account}"), people)
        if isinstance(outcome, Refusal):
            return _refused(outcome)
        text = _words(command)
        if text:
            outcome.tell("incident.noted", note=outcome.moment.mint(), about=command.name)
        await self._write(connection, before, [outcome] if outcome.facts else [], _side(command, outcome, text))
        return _done(outcome.case)

    async def _phoned(self, connection: Connection, command: Command) -> Answer:
        elder = await registry.elder(connection, command.args["elder"], command.actor.division)
        if elder is None:
            return _refused(NOT_FOUND)
        now = self.clock.now()
        alarm = Pressed(
            alarm=uuid7(now), device=None, eid=None, kind=AlarmKind(command.args["kind"]), cls="own",
            subject=f"elder:{elder['id']}", division=elder["division"], home=elder["home_id"], elder=elder["id"],
            flags=(), drill=False, place=None, at=now,
        )  # fmt: skip
        story = (await self._alarms(connection, [alarm]))[0]
        return _done(story.case)

    async def _duty(self, connection: Connection, command: Command) -> Answer:
        responder = command.actor.responder
        if responder is None:
            return _refused(NOT_FOUND)
        args, now = command.args, self.clock.now()
        await log.lock(connection, [f"responder/{responder}"])
        division = await registry.duty(
            connection, responder, on=args["on"], lat=args.get("lat"), lon=args.get("lon"), now=now
        )
        if division is None:
            return _refused(NOT_FOUND)
        body = {"responder": responder, "on": args["on"]}
        actor = f"account:{command.actor.account}"
        event = NewEvent(uuid7(now), "responder", responder, "duty.changed", body, division, actor)
        await log.append(connection, [event], now)
        return Answer(status=200, body={"on": args["on"]})

    async def overdue(self, incident: str) -> None:
        """Apply what is due for one incident; another worker may have done it already."""
        async with self.database.transaction() as connection:
            await log.lock(connection, [f"incident/{incident}"])
            before = await store.load(connection, [incident])
            case = before[incident]
            people = await registry.roster(connection, county(case.incident.division), self.clock.now())
            story = overdue(self._moment("dispatch:clock"), case, people)
            await self._write(connection, before, [story] if story.facts else [], Side())


def _key(case: Case) -> tuple[str, str, bool]:
    return case.incident.subject, case.incident.family, case.incident.drill


def _neighbour(alarm: Pressed, stories: Sequence[Story]) -> Linked | None:
    """Another elder of the same home who pressed in the same batch."""
    for other in (s.case.incident for s in stories):
        if alarm.home is not None and other.home_id == alarm.home and other.subject != alarm.subject:
            return Linked(other.id, other.priority)
    return None


def county(division: str) -> str:
    """The county part of a division, or all of it where the cell has no county."""
    return division[: Level.COUNTY]


def _pressed(event: Event) -> Pressed:
    body = AlarmRaised.model_validate(event.body)
    kind = AlarmKind(body.kind) if body.kind in FAMILY and body.kind not in OURS else AlarmKind.SOS_UNKNOWN
    place = Position(body.loc.lat, body.loc.lon) if body.loc and body.loc.crs == "wgs84" else None
    return Pressed(
        alarm=body.alarm, device=body.device, eid=body.eid, kind=kind, cls=body.cls, subject=body.subject,
        division=event.division, home=body.home, elder=body.elder, flags=body.flags, drill=body.drill,
        place=place if place and place.plausible else None, at=event.recorded_at, canary=body.canary,
    )  # fmt: skip


def _news(event: Event) -> News:
    """What an event about a thing means here; a fault within an outage is no work of its own any more."""
    if event.tag == "device.mended":
        mended = DeviceMended.model_validate(event.body)
        return Mended(mended.fault, mended.device, mended.kind, mended.subject)
    if event.tag != "device.fault":
        out = DeviceOutage.model_validate(event.body)
        step = event.tag.removeprefix("device.")
        return Outage(out.outage, out.area, out.devices, out.elders, event.recorded_at, step)
    body = DeviceFault.model_validate(event.body)
    if body.outage is not None:
        return Mended(body.fault, body.device, body.kind, body.subject, body.outage)
    return _fault(event, body)


def _fault(event: Event, body: DeviceFault) -> Pressed:
    return Pressed(
        alarm=None, device=body.device, eid=None, kind=AlarmKind(body.kind), cls=AlarmClass.OWN, subject=body.subject,
        division=event.division, home=body.home, elder=body.elder, flags=(), drill=False, place=None,
        at=event.recorded_at, fault=body.fault, protects=body.protects,
    )  # fmt: skip


async def _concerned(connection: Connection, news: Sequence[News], live: Sequence[str]) -> dict[str, Case]:
    """Cases of the subjects, of the faults that are mended, of the outages; with their locks."""
    mended = [faults.name(n.device, n.kind) for n in news if isinstance(n, Mended)]
    outages = [n.subject for n in news if isinstance(n, Outage)]
    found = {*live, *await store.concerned(connection, mended, outages)}
    await log.lock(connection, (f"incident/{i}" for i in found))
    return await store.load(connection, found)


def _alarm_rows(alarms: Sequence[Pressed], stories: Sequence[Story]) -> list[dict[str, Any]]:
    return [
        {
            "id": a.alarm, "incident_id": s.case.incident.id, "division": a.division, "device_id": a.device or "",
            "eid": a.eid or "", "kind": a.kind, "at": a.at,
        }
        for a, s in zip(alarms, stories, strict=True)
    ]  # fmt: skip


def _merged(case: Case, facts: Sequence[tuple[Case, Fact]]) -> Story:
    """One story a case, however many decisions of the batch touched it."""
    own = [f for c, f in facts if c.incident.id == case.incident.id]
    return Story(case, Moment(own[0].at, own[0].actor, _no_more_ids), tuple(own))


def _no_more_ids() -> UUID:
    message = "the story has been told"
    raise RuntimeError(message)


def _event(case: Case, fact: Fact) -> NewEvent:
    body = {k: v for k, v in fact.body.items() if k not in NAMES}
    return NewEvent(uuid7(fact.at), "incident", case.incident.id, fact.tag, body, case.incident.division, fact.actor)


def _words(command: Command) -> str:
    """What a person wrote with a command; it is kept in a row, out of the log."""
    return next((str(command.args[k]) for k in ("text", "note", "reason") if command.args.get(k)), "")


def _side(command: Command, story: Story, text: str) -> Side:
    there = {"incident_id": story.case.incident.id, "division": story.case.incident.division}
    by = {"by_account": command.actor.account, "by_name": command.actor.name}
    calls = [
        {"id": f.body["call"], **there, **by, "at": f.at, "callee": f.body["callee"], "result": f.body["result"]}
        for f in story.facts
        if f.tag == "call.attempted"
    ]
    notes = [
        {"id": f.body["note"], **there, **by, "at": f.at, "text": text}
        for f in story.facts
        if f.tag == "incident.noted"
    ]
    return Side(calls=calls, notes=notes)


def _done(case: Case) -> Answer:
    return Answer(status=200, body={"incident": case.incident.id, "job": str(case.job.id), "ver": case.incident.ver})


def _refused(refusal: Refusal) -> Answer:
    return Answer(status=refusal.status, body={"code": refusal.code, "params": refusal.params})
