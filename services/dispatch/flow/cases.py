"""Case files: what changes them, all under the locks of their streams and in one statement each.

`look_round` and `before` read what a decision needs (places, policies, who is near) outside the transaction; what was
not foreseen is looked up within it, later rather than never.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.dispatch.commands import ASKS_PEOPLE, NAMES_SOMEBODY, decide
from services.dispatch.domain import desk, faults, losing, screens, shelf, things
from services.dispatch.domain.alarms import LINKED_WITHIN, Linked, Pressed, join, open_case
from services.dispatch.domain.case import Case, matter
from services.dispatch.domain.due import ASKS_NOBODY, overdue
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import BUSY, NOT_FOUND, Refusal, version_passed
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.things import Mended, News, Outage
from services.dispatch.flow import filing
from services.dispatch.flow.reading import news, pressed
from services.dispatch.registry import named, responders
from services.dispatch.registry.situations import Situations
from services.dispatch.store import callbacks
from services.dispatch.store import cases as store
from services.dispatch.store import shelf as shelf_store
from services.dispatch.store.cases import Side, Surroundings
from services.dispatch.store.merging import Matter
from shared.contracts.commands import Answer, Command
from shared.contracts.events import ScreenReachable, ScreenSeen
from shared.runtime import log
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database
from shared.runtime.failpoint import reach
from shared.runtime.log import Event
from shared.vocabulary.ids import uuid7

Several = Callable[[Mapping[str, Case], Moment], Awaitable[Sequence[Story] | Refusal]]
"""What is to become of several cases together."""

UNDELIVERED = ("message", "channel", "to_kind", "to", "template", "why")


class Cases:
    """Everything that changes a case file goes through here."""

    def __init__(self, database: Database, clock: Clock, situations: Situations) -> None:
        """Incident numbers are fetched ahead."""
        self._database = database
        self._clock = clock
        self._numbers = store.Numbers(database)
        self._situations = situations
        self.situations = situations
        self._ahead: dict[UUID | None, Situation] = {}
        self._faults: dict[UUID | None, Situation] = {}

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
        consoles = [ScreenReachable.model_validate(e.body) for e in events if e.tag == "screen.reachable"]
        seen = [ScreenSeen.model_validate(e.body) for e in events if e.tag == "screen.seen"]
        await self._seen(connection, seen, consoles)
        for report in consoles:
            await responders.reachable(connection, report.responder, reachable=report.reachable)

    async def undelivered(self, connection: Connection, events: Sequence[Event]) -> None:
        """Put what could not be sent before the desk: nobody heard of it that way."""
        about = {str(e.body["message"]): (e.body["incident"], e) for e in events if e.body.get("incident")}
        before = await store.locked(connection, (incident for incident, _ in about.values()))
        stories: dict[str, Story] = {}
        for incident, event in ((i, e) for i, e in about.values() if i in before):
            story = stories.setdefault(incident, Story(before[incident], self._moment("dispatch:outbox")))
            story.tell("message.undelivered", **{name: event.body[name] for name in UNDELIVERED}, state=event.tag[8:])
        await self._write(connection, before, list(stories.values()), Side())

    async def place(self, connection: Connection, alarms: Sequence[Pressed]) -> list[Story]:
        """Each alarm joins what is live or opens its own incident, under the locks of their subjects."""
        await self._numbers.fetch(len(alarms))
        await log.lock(connection, (f"subject/{a.subject}" for a in alarms))
        moment = self._moment("dispatch:alarms")
        around = await store.surroundings(connection, alarms, moment.now - LINKED_WITHIN)
        before = await store.locked(connection, around.live)
        placed = self._placed(moment, alarms, before, around, await self._known(alarms))
        stories = await self._put_aside(connection, placed)
        await self._write(connection, before, stories, Side(alarms=filing.alarm_rows(alarms, stories)))
        return stories

    async def _known(self, alarms: Sequence[Pressed]) -> list[Situation]:
        """What was found ahead; what arrived since is looked up now."""
        ahead = self._ahead  # a call that is opened meanwhile may put another in its place
        late = [a for a in alarms if a.alarm not in ahead]
        found = dict(zip([a.alarm for a in late], await self._situations.of_alarms(late), strict=True))
        return [found.get(a.alarm) or ahead[a.alarm] for a in alarms]

    def _placed(
        self,
        moment: Moment,
        alarms: Sequence[Pressed],
        before: Mapping[str, Case],
        around: Surroundings,
        known: Sequence[Situation],
    ) -> list[Story]:
        """One alarm of a batch may meet what another has opened."""
        working = {key: case for case in before.values() if case.joinable for key in _keys(case)}
        stories: list[Story] = []
        for n, (alarm, situation) in enumerate(zip(alarms, known, strict=True)):
            case = working.get((matter(alarm.subject, alarm.family), alarm.drill))
            if case is not None and not alarm.canary:
                story = join(moment, case, alarm, situation)
            else:
                linked = None if alarm.canary else around.linked.get(n) or _neighbour(alarm, stories)
                story = open_case(moment, alarm, self._number(alarm), linked, situation)
            if not alarm.canary:
                working.update(dict.fromkeys(_keys(story.case), story.case))
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
        known = iter(await self._foreseen(broken))
        situations = [next(known) if isinstance(n, Pressed) else NOTHING_KNOWN for n in told]
        stories = await self._put_aside(connection, self._answers(moment, told, before, situations))
        await self._write(connection, before, [s for s in stories if s.facts], Side())

    async def _put_aside(self, connection: Connection, stories: list[Story]) -> list[Story]:
        """A thing that says the same again while that is put aside does not come back on the list."""
        opened = [s for s in stories if s.facts and s.facts[0].tag == "incident.opened"]
        names = {name for story in opened for name in story.case.incident.faults}
        shelved = await shelf_store.standing(connection, sorted(names), self._clock.now()) if names else {}
        for story in opened:
            if aside := shelf.still_aside(story.case, shelved):
                story.tell("incident.shelved", shelf=aside[0], until=aside[1])
        return stories

    async def look_at_things(self, events: Sequence[Event]) -> None:
        """Look round for faults that will be placed in a moment."""
        broken = [n for n in map(news, events) if isinstance(n, Pressed)]
        found = await self._situations.of_alarms(broken)
        self._faults = dict(zip([n.fault for n in broken], found, strict=True))

    async def _foreseen(self, broken: Sequence[Pressed]) -> list[Situation]:
        """What was found ahead; a fault that came since is looked up now."""
        late = [n for n in broken if n.fault not in self._faults]
        found = dict(zip([n.fault for n in late], await self._situations.of_alarms(late), strict=True))
        return [found.get(n.fault) or self._faults[n.fault] for n in broken]

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

    async def _seen(
        self, connection: Connection, reports: Sequence[ScreenSeen], consoles: Sequence[ScreenReachable]
    ) -> None:
        under_way = await store.under_way(connection, [c.responder for c in consoles])
        concerned = {*(r.incident for r in reports), *(i for _, i in under_way)}
        if not concerned:
            return
        before = await store.locked(connection, concerned)
        now_as = dict(before)
        stories: list[Story] = []
        for report in reports:
            if report.incident in now_as:
                moment = self._moment(f"account:{report.account}")
                case = now_as[report.incident]
                story = screens.shown(moment, case, report.role, report.kind, report.offer, report.ring)
                now_as[report.incident] = story.case
                stories.append(story)
        for console in consoles:
            for incident in (i for who, i in under_way if who == console.responder):
                moment, case = self._moment("dispatch:screens"), now_as[incident]
                story = losing.heard_of(moment, case, console.responder, reachable=console.reachable)
                now_as[incident] = story.case
                stories.append(story)
        await self._write(connection, before, [s for s in stories if s.facts], Side())

    async def _write(
        self, connection: Connection, before: Mapping[str, Case], stories: Sequence[Story], side: Side
    ) -> None:
        if not stories:
            return
        facts = [(s.case, f) for s in stories for f in s.facts]
        events = [filing.event(s.case, f, filing.cause(s)) for s in stories for f in s.facts]
        wanted, merged = filing.messages_in(facts), filing.merged(stories)
        await store.save(connection, before, merged, side, wanted, events, self._clock.now())
        await callbacks.plan(connection, filing.owed_in(facts))

    async def before(self, command: Command) -> Situation:
        """What the decision on a case will need: only where somebody may be asked is it more than nothing."""
        if command.name not in ASKS_PEOPLE:
            return NOTHING_KNOWN
        situation = await self._situations.of_command(command)
        return await self._naming(command, situation) if command.name in NAMES_SOMEBODY else situation

    async def _naming(self, command: Command, situation: Situation) -> Situation:
        who = command.args.get("responder")
        found = await named.find(self._database, command.target, str(who), self._clock.now()) if who else None
        return replace(situation, named=found)

    async def ahead_of(self, alarm: Pressed) -> Situation:
        """What is known around something that will be opened in a moment."""
        return (await self._situations.of_alarms([alarm]))[0]

    async def incident_of(self, command: Command) -> str | None:
        """The incident a command speaks of, if the caller may act on it."""
        async with self._database.pool.acquire() as connection:
            return await store.incident_of(connection, command)

    async def around(self, incident: str) -> Situation:
        """What is known around one case."""
        return await self._situations.of_incident(incident)

    async def refused(self, command: Command) -> Answer | None:
        """The no that a command gets as things stand, without any lock; None if it is not refused."""
        async with self._database.pool.acquire() as connection:
            incident = await store.incident_of(connection, command)
            before = await store.load(connection, [incident]) if incident else {}
        outcome = self._decided(command, before[incident], NOTHING_KNOWN) if incident in before else NOT_FOUND
        return _refused(outcome) if isinstance(outcome, Refusal) else None

    async def decide(self, connection: Connection, command: Command, situation: Situation) -> Answer:
        """Carry out a command about one case."""
        incident = await store.incident_of(connection, command)
        if incident is None:
            return _refused(NOT_FOUND)
        before = await store.locked(connection, [incident])
        outcome = self._decided(command, before[incident], situation)
        if isinstance(outcome, Refusal):
            return _refused(outcome)
        text = filing.words(command)
        if text:
            outcome.tell("incident.noted", note=outcome.moment.mint(), about=command.name)
        await self._write(connection, before, [outcome] if outcome.facts else [], filing.side(command, outcome, text))
        return self.shown(outcome.case)

    async def let_go(self, connection: Connection, incident: str) -> None:
        """Free a case of the seat that holds it."""
        before = await store.load(connection, [incident])
        told = [desk.let_go(self._moment("dispatch:clock"), case) for case in before.values()]
        await self._write(connection, before, [story for story in told if story.facts], Side())

    def _decided(self, command: Command, case: Case, situation: Situation) -> Story | Refusal:
        if command.if_match is not None and command.if_match < case.incident.decided_ver:
            return version_passed(case.incident.ver)
        return decide(command, case, self._moment(f"account:{command.actor.account}"), situation)

    async def several(
        self, connection: Connection, command: Command, concerned: Sequence[Matter], decision: Several,
        subject: str | None = None,
    ) -> Answer:  # fmt: skip
        """Carry out a command about several cases: first the locks of their subjects, then their own, in order.

        `subject`: somebody else of whom a case may be opened.
        """
        names = [it.id for it in concerned]
        subjects = {s for it in concerned for s in it.subjects} | ({subject} if subject else set())
        await log.lock(connection, {f"subject/{s}" for s in subjects})
        before = await store.locked(connection, names)
        if any(before[it.id].incident.also != it.also for it in concerned):
            return _refused(BUSY)
        target = before[command.target].incident
        if command.if_match is not None and command.if_match < target.decided_ver:
            return _refused(version_passed(target.ver))
        stories = await decision(before, self._moment(f"account:{command.actor.account}"))
        if isinstance(stories, Refusal):
            return _refused(stories)
        return await self._done(connection, command, before, stories)

    async def _done(
        self, connection: Connection, command: Command, before: Mapping[str, Case], stories: Sequence[Story]
    ) -> Answer:
        """Write them; what the person wrote stands with the last, which is the one that goes on."""
        last, text = stories[-1], filing.words(command)
        if text:
            last.tell("incident.noted", note=last.moment.mint(), about=command.name)
        await self._write(connection, before, stories, filing.side(command, last, text))
        return self.shown(last.case)

    async def around_her(self, pressed: Pressed) -> Situation:
        """What is known around somebody for whom a case may be opened."""
        return (await self._situations.of_alarms([pressed]))[0]

    async def numbered(self) -> str:
        """A number for an incident that a person opens; call it outside any transaction."""
        await self._numbers.fetch(1)
        return self._numbers.next(self._clock.now())

    def shown(self, case: Case) -> Answer:
        """What a caller is told of a case it has changed."""
        return Answer(
            status=200, body={"incident": case.incident.id, "job": str(case.job.id), "ver": case.incident.ver}
        )

    async def begin(self, connection: Connection, actor: str, opening: Callable[[Moment, str], Story]) -> Case:
        """Open a case that no alarm calls for; `opening` is given the moment and the case's number."""
        await self._numbers.fetch(1)
        moment = self._moment(actor)
        story = opening(moment, self._numbers.next(moment.now))
        await self._write(connection, {}, [story], Side())
        return story.case

    async def change(
        self, connection: Connection, incidents: Collection[str], actor: str,
        decision: Callable[[Moment, Case], Story | Refusal],
    ) -> None:  # fmt: skip
        """Let what was decided elsewhere change these cases; one that refuses stays as it is."""
        before, moment = await store.locked(connection, incidents), self._moment(actor)
        told = [decision(moment, case) for case in before.values()]
        await self._write(connection, before, [s for s in told if isinstance(s, Story) and s.facts], Side())

    async def overdue(self, database: Database, incidents: Sequence[str]) -> None:
        """Apply what is due for these, in one transaction; another worker may have done it already."""
        asking = await store.asking(database, incidents, self._clock.now(), ASKS_NOBODY)
        known = await self._situations.of_incidents(asking)
        async with database.transaction() as connection:
            before, moment = await store.locked(connection, incidents), self._moment("dispatch:clock")
            told = [overdue(moment, case, known.get(name)) for name, case in before.items()]
            await self._write(connection, before, [story for story in told if story.facts], Side())
            reach("timers.decided")


def _keys(case: Case) -> list[tuple[str, bool]]:
    return [(name, case.incident.drill) for name in case.matters]


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
    return await store.locked(connection, found)


def _refused(refusal: Refusal) -> Answer:
    return Answer(status=refusal.status, body={"code": refusal.code, "params": refusal.params})
