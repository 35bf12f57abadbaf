"""What a story leaves behind: events for the log, rows beside the case. Words of people go into rows, never the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Fact, Moment, identifier
from services.dispatch.domain.messages import Message, wanted
from services.dispatch.domain.story import Story
from services.dispatch.store.callbacks import Owed
from services.dispatch.store.cases import Side
from shared.contracts.commands import Command
from shared.runtime.log import NewEvent
from shared.runtime.sealed import Private
from shared.vocabulary.ids import uuid7

NAMES = frozenset({"name", "evidence_by"})
"""Fields of a fact that stay out of the log, which is kept for ever."""


def alarm_rows(alarms: Sequence[Pressed], stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Which alarms belong to which incident."""
    return [
        {
            "id": a.alarm, "incident_id": s.case.incident.id, "division": a.division, "device_id": a.device or "",
            "eid": a.eid or "", "kind": a.kind, "at": a.at,
        }
        for a, s in zip(alarms, stories, strict=True)
    ]  # fmt: skip


def merged(stories: Sequence[Story]) -> list[Story]:
    """One story a case, however many decisions of the batch touched it."""
    facts: dict[str, list[Fact]] = {}
    last: dict[str, Case] = {}
    for story in stories:
        facts.setdefault(story.case.incident.id, []).extend(story.facts)
        last[story.case.incident.id] = story.case
    return [
        Story(case, Moment(facts[name][0].at, facts[name][0].actor, _no_more_ids), tuple(facts[name]))
        for name, case in last.items()
    ]


def _no_more_ids() -> UUID:
    message = "the story has been told"
    raise RuntimeError(message)


def cause(story: Story) -> UUID | None:
    """The alarm that made dispatch tell this, so that its way can be followed (`./yinling trace`)."""
    return next((identifier(fact.body["alarm"]) for fact in story.facts if fact.body.get("alarm")), None)


def event(case: Case, fact: Fact, because: UUID | None) -> NewEvent:
    """A fact as it is kept for ever, and the alarm behind it."""
    body = {k: v for k, v in fact.body.items() if k not in NAMES}
    return NewEvent(
        uuid7(fact.at), "incident", case.incident.id, fact.tag, body, case.incident.division, fact.actor, cause=because
    )


def messages_in(facts: Sequence[tuple[Case, Fact]]) -> list[Message]:
    """Messages that these facts want to be sent."""
    wanting = [(case.incident, fact) for case, fact in facts if fact.tag == "message.wanted"]
    return [wanted(fact, incident.division, drill=incident.drill) for incident, fact in wanting]


def owed_in(facts: Sequence[tuple[Case, Fact]]) -> list[Owed]:
    """Calls that these facts promise."""
    return [
        Owed(case.incident.id, case.incident.division, f.body["elder"], f.body["due_at"])
        for case, f in facts
        if f.tag == "call_back.planned"
    ]


def words(command: Command) -> str:
    """What a person wrote with a command; it is kept in a row, out of the log."""
    return next((str(command.args[k]) for k in ("text", "note", "reason") if command.args.get(k)), "")


def side(command: Command, story: Story, text: str) -> Side:
    """Call attempts, answers and notes of a decision."""
    there = {"incident_id": story.case.incident.id, "division": story.case.incident.division}
    by = {"by_account": command.actor.account, "by_name": Private(command.actor.name)}
    calls = [
        {"id": f.body["call"], **there, **by, "at": f.at, "callee": f.body["callee"], "result": f.body["result"]}
        for f in story.facts
        if f.tag == "call.attempted"
    ]
    notes = [
        {"id": f.body["note"], **there, **by, "at": f.at, "text": Private(text)}
        for f in story.facts
        if f.tag == "incident.noted"
    ]
    answers = [
        {"id": f.body["answer"], **there, **by, "at": f.at, **command.args}
        for f in story.facts
        if f.tag == "incident.questioned"
    ]
    return Side(calls=calls, notes=notes, answers=answers)
