"""What responders and desks send about a case: a step on the way, a call, how it ended.

Times are UTC with milliseconds.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Degrees, Message


class Decline(Message):
    """Why not: busy, too_far, unwell, off_duty, no_transport or other. An accepted offer can be given back."""

    reason: Literal["busy", "too_far", "unwell", "off_duty", "no_transport", "other"] = "other"


class Step(Message):
    """A step on the way, sent now or later."""

    at: datetime | None = None
    """When it was pressed, by the server's clock as the phone knows it; kept beside the time of our record."""


class Arrival(Step):
    """At the door, and what the phone says of where that is. Never refused: what does not fit is recorded so."""

    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Degrees | None = None
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    says: Literal["wrong_position", "no_position", "elsewhere", "other"] | None = None
    """Why it holds although the phone is far away, or does not know where it is."""
    note: Annotated[str, Field(max_length=500)] = ""


class Support(Step):
    """More hands, or an ambulance, which the desk sends for too."""

    need: Literal["hands", "ambulance"] = "hands"


class Completion(Step):
    """How a visit ended."""

    outcome: Literal["helped", "hospital", "false_press", "refused", "other"] = "helped"
    note: Annotated[str, Field(max_length=2000)] = ""


class CallAttempt(Message):
    """One try to reach somebody by telephone (接通 无人接 占线 关机)."""

    callee: Annotated[str, Field(min_length=1, max_length=64)]
    result: Literal["answered", "no_answer", "busy", "off"]
    cleared: bool = False
    """She answered herself and needs nobody at her door: neighbours are not asked."""


class Relocation(Message):
    """The elder is somewhere else."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Degrees
    note: Annotated[str, Field(max_length=500)] = ""


class Escalation(Message):
    """Ring the next level now."""

    reason: Annotated[str, Field(max_length=500)] = ""


class Classification(Message):
    """A priority set by a person; lowering it needs a reason, as a code or in words."""

    priority: Annotated[int, Field(ge=1, le=4)]
    code: (
        Literal["voice_contact", "condition_worse", "condition_better", "family_there", "likely_false", "duplicate"]
        | None
    ) = None
    reason: Annotated[str, Field(max_length=500)] = ""


class StandDown(Message):
    """Everyone asked or under way is told to stop."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Closing(Message):
    """An SOS closes only when somebody saw or heard the elder (见人, 闻声)."""

    outcome: Literal[
        "genuine",
        "false_press",
        "test",
        "device_fault",
        "hospital",
        "deceased",
        "not_actionable",
        "poor_details",
        "other",
    ]
    evidence: Literal["seen", "heard", "none"] = "none"
    evidence_by: Annotated[str, Field(max_length=64)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""


class Note(Message):
    """A line in the timeline."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class PhoneIncident(Message):
    """Somebody telephoned: open an incident for an elder."""

    elder: str
    kind: Literal["sos", "fall", "vital", "smoke", "gas", "fence_exit", "water"] = "sos"
    note: Annotated[str, Field(max_length=2000)] = ""
    call: UUID | None = None
    """The call that told of it, where an exchange announced one."""
