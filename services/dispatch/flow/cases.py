"""Case files: what changes them, all under the locks of their streams and in one statement each.

`look_round` and `before` read what a decision needs (places, policies, who is near) outside the transaction; what was
not foreseen is looked up within it, later rather than never.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.dispatch.commands import ASKS_PEOPLE, decide
from services.dispatch.domain import faults, screens, things
from services.dispatch.domain.alarms import LINKED_WITHIN, Linked, Pressed, join, open_case
from services.dispatch.domain.case import Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, version_passed
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.things import Mended, News, Outage
from services.dispatch.flow.reading import news, pressed
from services.dispatch.registry import responders
from services.dispatch.registry.situations import Situations
from services.dispatch.store import cases as store
from services.dispatch.store.cases import Side, Surroundings
from shared.contracts.commands import Answer, Command
from shared.contracts.events import ScreenReachable, ScreenSeen
from shared.runtime import log
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database
from shared.runtime.log import Event, NewEvent
from shared.vocabulary.ids import uuid7

NAMES = frozenset({"name"})
"""Fields of a fact that stay out of the log, which is kept for ever."""


class Cases:
    """Everything that changes a case file goes through here."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Incident numbers are fetched ahead."""
        self._clock = clock
        self._numbers = store.Numbers(database)
        self._situations = Situations(database, clock)
        self._ahead: dict[UUID | None, Situation] = {}

    def _moment(self, actor: str) -> Moment:
        now = self._clock.now()
        return Moment(now, actor, lambda: uuid7(now))

    async def look_ahead(self, events: Sequence[Event]) -> None:
        """Look round for alarms that will be placed in a moment."""
        await self.look_round([pressed(e) for e in events])

    async def look_round(self, alarms: Sequence[Pressed]) -> None:
        """Find out, outside any transaction, what placing these will need."""
        self._ahead = dict(zip([a.alarm for a in alarms], await self._situations.of_alarms(alarms), strict=True))

    async def alarms(self, connection: Connection, events: Sequence[Event]) -> None:
        """Place one batch of alarms inside the follower's transaction."""
        await self.place(connection, [pressed(e) for e in events])

    async def screens(self, connection: Connection, events: Sequence[Event]) -> None:
        """Note what consoles report: drawn, ringing, reachable."""
        await self._seen(connection, [ScreenSeen.model_validate(e.body) for e in events if e.tag == "screen.seen"])
        for event in events:
            if event.tag == "screen.reachable":
                report = ScreenReachable.model_validate(event.body)
                await responders.reachable(connection, report.responder, reachable=report.reachable)

    async def place(self, connection: Connection, alarms: Sequence[Pressed]) -> list[Story]:
        """Each alarm joins what is live or opens its own incident, under the locks of their subjects."""
        await self._numbers.fetch(len(alarms))
        await log.lock(connection, (f"subject/{a.subject}" for a in alarms))
        moment = self._moment("dispatch:alarms")
        around = await store.surroundings(connection, alarms, moment.now - LINKED_WITHIN)
        before: dict[str, Case] = {}
        if around.live:
            await log.lock(connection, (f"incident/{i}" for i in around.live))
            before = await store.load(connection, around.live)
        stories = self._placed(moment, alarms, before, around, await self._known(alarms))
        await self._write(connection, before, stories, Side(alarms=_alarm_rows(alarms, stories)))
        return stories

    async def _known(self, alarms: Sequence[Pressed]) -> list[Situation]:
        """What was found ahead; what arrived since is looked up now."""
        late = [a for a in alarms if a.alarm not in self._ahead]
        found = dict(zip([a.alarm for a in late], await self._situations.of_alarms(late), strict=True)) if late else {}
        return [found.get(a.alarm) or self._ahead[a.alarm] for a in alarms]

    def _placed(
        self,
        moment: Moment,
        alarms: Sequence[Pressed],
        before: Mapping[str, Case],
        around: Surroundings,
        known: Sequence[Situation],
    ) -> list[Story]:
        """One alarm of a batch may meet what another has opened."""
        working = {_key(case): case for case in before.values() if case.joinable}
        stories: list[Story] = []
        for n, (alarm, situation) in enumerate(zip(alarms, known, strict=True)):
            case = working.get((alarm.subject, alarm.family, alarm.drill))
            if case is not None and not alarm.canary:
                story = join(moment, case, alarm, situation)
            else:
                linked = None if alarm.canary else around.linked.get(n) or _neighbour(alarm, stories)
                story = open_case(moment, alarm, self._number(alarm), linked, situation)
            if not alarm.canary:
                working[_key(story.case)] = story.case
            stories.append(story)
        return stories

    def _number(self, alarm: Pressed) -> str:
        """Numbers are for what people speak of; a canary's case is named after its press."""
        return f"C-{alarm.alarm}" if alarm.canary else self._numbers.next(self._clock.now())

    async def things(self, connection: Connection, events: Sequence[Event]) -> None:
        """Open, join and end what things themselves cause: faults, repairs, outages."""
        told = [news(event) for event in events]
        broken = [n for n in told if isinstance(n, Pressed)]
        await self._numbers.fetch(len(told))
        await log.lock(connection, (f"subject/{n.subject}" for n in told))
        moment = self._moment("dispatch:devices")
        around = await store.surroundings(connection, broken, moment.now - LINKED_WITHIN)
        before = await _concerned(connection, told, around.live)
        known = iter(await self._situations.of_alarms(broken))
        situations = [next(known) if isinstance(n, Pressed) else NOTHING_KNOWN for n in told]
        stories = self._answers(moment, told, before, situations)
        await self._write(connection, before, [s for s in stories if s.facts], Side())

    def _answers(
        self, moment: Moment, told: Sequence[News], before: Mapping[str, Case], situations: Sequence[Situation]
    ) -> list[Story]:
        """Each piece of news in its order; one of the same batch may meet what another has opened."""
        cases, stories = dict(before), list[Story]()
        for one, situation in zip(told, situations, strict=True):
            story = things.answer(moment, one, cases.values(), lambda: self._numbers.next(moment.now), situation)
            if story is not None:
                cases[story.case.incident.id] = story.case
                stories.append(story)
        return stories

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
        await store.save(connection, before, merged, side, events, self._clock.now())

    async def before(self, command: Command) -> Situation:
        """What the decision on a case will need: only where somebody may be asked is it more than nothing."""
        return await self._situations.of_command(command) if command.name in ASKS_PEOPLE else NOTHING_KNOWN

    async def decide(self, connection: Connection, command: Command, situation: Situation) -> Answer:
        """Carry out a command about one case."""
        incident = await store.incident_of(connection, command)
        if incident is None:
            return _refused(NOT_FOUND)
        await log.lock(connection, [f"incident/{incident}"])
        before = await store.load(connection, [incident])
        case = before[incident]
        if command.if_match is not None and command.if_match < case.incident.decided_ver:
            return _refused(version_passed(case.incident.ver))
        outcome = decide(command, case, self._moment(f"account:{command.actor.account}"), situation)
        if isinstance(outcome, Refusal):
            return _refused(outcome)
        text = _words(command)
        if text:
            outcome.tell("incident.noted", note=outcome.moment.mint(), about=command.name)
        await self._write(connection, before, [outcome] if outcome.facts else [], _side(command, outcome, text))
        return self.shown(outcome.case)

    def shown(self, case: Case) -> Answer:
        """What a caller is told of a case it has changed."""
        return Answer(
            status=200, body={"incident": case.incident.id, "job": str(case.job.id), "ver": case.incident.ver}
        )

    async def overdue(self, database: Database, incident: str) -> None:
        """Apply what is due for one incident; another worker may have done it already."""
        situation = await self._situations.of_incident(incident)
        async with database.transaction() as connection:
            await log.lock(connection, [f"incident/{incident}"])
            before = await store.load(connection, [incident])
            story = overdue(self._moment("dispatch:clock"), before[incident], situation)
            await self._write(connection, before, [story] if story.facts else [], Side())


def _key(case: Case) -> tuple[str, str, bool]:
    return case.incident.subject, case.incident.family, case.incident.drill


def _neighbour(alarm: Pressed, stories: Iterable[Story]) -> Linked | None:
    """Another elder of the same home who pressed in the same batch."""
    for other in (s.case.incident for s in stories):
        if alarm.home is not None and other.home_id == alarm.home and other.subject != alarm.subject:
            return Linked(other.id, other.priority)
    return None


async def _concerned(connection: Connection, told: Sequence[News], live: Sequence[str]) -> dict[str, Case]:
    """Cases of the subjects, of the faults that are mended, of the outages; with their locks."""
    mended = [faults.name(n.device, n.kind) for n in told if isinstance(n, Mended)]
    outages = [n.subject for n in told if isinstance(n, Outage)]
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


def _refused(refusal: Refusal) -> Answer:
    return Answer(status=refusal.status, body={"code": refusal.code, "params": refusal.params})
