"""Which decision a command asks for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from services.dispatch.domain import answers, desk, visit
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_YOURS, Refusal
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from shared.contracts.commands import Command

ASKS_PEOPLE = frozenset({"decline_offer", "support", "relocate", "escalate"})
"""Commands after which somebody else may be asked, so that the situation is needed."""

Decision = Callable[[Command, Case, Moment, Situation], Story | Refusal]


def decide(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    """Ask the domain; what only a responder may do is refused to others."""
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


def _claim(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.claim(moment, case, command.actor.account, command.actor.name)


def _call(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.call(moment, case, command.args["callee"], command.args["result"])


def _relocate(command: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return desk.relocate(moment, case, command.args["lat"], command.args["lon"], situation)


def _escalate(_: Command, case: Case, moment: Moment, situation: Situation) -> Story | Refusal:
    return desk.escalate(moment, case, situation)


def _classify(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.classify(moment, case, command.args["priority"], str(command.args.get("reason", "")))


def _stand_down(_: Command, case: Case, moment: Moment, __: Situation) -> Story | Refusal:
    return desk.stand_down(moment, case)


def _close(command: Command, case: Case, moment: Moment, _: Situation) -> Story | Refusal:
    return desk.close(moment, case, command.args)


def _note(_: Command, case: Case, moment: Moment, __: Situation) -> Story | Refusal:
    return Story(case, moment)


DECISIONS: Mapping[str, Decision] = MappingProxyType(
    {
        "accept_offer": _accept,
        "decline_offer": _decline,
        "claim": _claim,
        "call": _call,
        "relocate": _relocate,
        "escalate": _escalate,
        "classify": _classify,
        "stand_down": _stand_down,
        "close": _close,
        "note": _note,
        **dict.fromkeys(("depart", "arrive", "start", "complete", "support", "no_access", "not_found"), _visit),
    }
)
