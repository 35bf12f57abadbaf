"""Photos, signatures and spoken notes: the log keeps their hashes, and never what they show."""

from collections.abc import Mapping
from typing import Any

from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_YOURS, Refusal
from services.dispatch.domain.story import Story

TOLD = ("evidence", "what", "media", "size", "sha256")


def handed_in(moment: Moment, case: Case, responder: str | None, args: Mapping[str, Any]) -> Story | Refusal:
    """Something was handed in by one who went, or by the desk; a phone without network may send it after the end."""
    if responder is not None and all(a.responder_id != responder for a in case.assignments.values()):
        return NOT_YOURS
    story = Story(case, moment)
    story.tell("incident.handed_in", responder=responder, **{name: args[name] for name in TOLD})
    return story
