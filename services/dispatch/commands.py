"""Which decision a command asks for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from services.dispatch.domain import answers, desk, handing, handoff, leaving, overrides, visit, voice
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_YOURS, Refusal, argument, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from shared.contracts.commands import Command
from shared.vocabulary.people import Role

NAMES_SOMEBODY = frozenset({"offer_person", "order_person", "reassign"})
"""Commands in which a person at the desk names who is to go."""
ASKS_PEOPLE = frozenset(
    {
        "decline_offer", "support", "no_access", "relocate", "escalate", "call", "confirm", "act_for", *NAMES_SOMEBODY
    }
)  # fmt: skip
"""Commands after which somebody else may be asked, so that the situation is needed."""

STEPS = ("depart", "arrive", "start", "complete", "check_in", "support", "no_access", "not_found")
OF_RESPONDERS = frozenset({"accept_offer", "decline_offer", "name_person", "hand_in", *STEPS})
"""What those who go decide for themselves; everything else is a desk's."""
DESKS = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN})

Decision = Callable[[Command, Case, Moment, Situation], Story | Refusal]


def decide(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    """Ask the domain; what only a responder or only a desk may do is refused to others."""
    if command.name not in OF_RESPONDERS and command.actor.role not in DESKS:
        return NOT_AT_A_DESK
    return DECISIONS[command.name](command, case, moment, situation)


def _accept(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    actor = command.actor
    return answers.accept(moment, case, UUID(command.target), actor.responder or "", actor.account)


def _decline(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    why = str(command.args.get("reason", "other"))
    return answers.decline(moment, case, UUID(command.target), command.actor.responder or "", why, situation)


def _visit(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    if command.actor.responder is None:
        return NOT_YOURS
    return visit.report(moment, case, command.actor.responder, command.name, command.args, situation)


def _name_person(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return leaving.name_person(moment, case, command.actor.responder or "", situation.named)


def _offer(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return overrides.offer(moment, case, command.actor.account, situation)


def _order(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return overrides.order(moment, case, command.actor.account, situation)


def _reassign(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    if command.args.get("responder") and situation.named is None:
        return argument("responder", "unknown_responder")
    return overrides.reassign(moment, case, command.actor.account, command.args.get("from"), situation)


def _act_for(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return overrides.act_for(moment, case, command.actor.account, command.args, situation)


def _claim(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.claim(moment, case, command.actor.account, command.actor.name)


def _call(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    args = command.args
    cleared = bool(args.get("cleared"))
    return voice.attempted(moment, case, args["callee"], args["result"], cleared=cleared, situation=situation)


def _confirm(_: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return voice.confirm(moment, case, situation)


def _handoff(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return handoff.made(moment, case, command.args["service"], command.args["result"], command.args.get("ref", ""))


def _relocate(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return desk.relocate(moment, case, command.args["lat"], command.args["lon"], situation)


def _escalate(_: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return desk.escalate(moment, case, situation)


def _classify(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    args = command.args
    return desk.classify(moment, case, args["priority"], str(args.get("reason", "")), args.get("code"))


def _stand_down(_: Command, case: Case, moment: Moment, __: Situation) -> Story | Refusal:
    return desk.stand_down(moment, case)


def _close(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.close(moment, case, command.args)


def _question(_: Command, case: Case, moment: Moment, __: Situation) -> Story | Refusal:
    """The question and its answer are kept in a row; they may say how ill she is."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    story = Story(case, moment)
    story.tell("incident.questioned", answer=moment.mint())
    return story


def _hand_in(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return handing.handed_in(moment, case, command.actor.responder, command.args)


def _note(_: Command, case: Case, moment: Moment, __: Situation) -> Story | Refusal:
    return Story(case, moment)


DECISIONS: Mapping[str, Decision] = MappingProxyType(
    {
        "accept_offer": _accept,
        "name_person": _name_person,
        "decline_offer": _decline,
        "claim": _claim,
        "call": _call,
        "confirm": _confirm,
        "handoff": _handoff,
        "relocate": _relocate,
        "escalate": _escalate,
        "classify": _classify,
        "stand_down": _stand_down,
        "close": _close,
        "note": _note,
        "answer_question": _question,
        "hand_in": _hand_in,
        "offer_person": _offer,
        "order_person": _order,
        "reassign": _reassign,
        "act_for": _act_for,
        **dict.fromkeys(STEPS, _visit),
    }
)
