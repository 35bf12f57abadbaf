"""Commands from the gateway to the service that owns the decision: `POST /commands`, signed.

The body is JSON of `Command`; the header `X-Yinling-Signature` is hex HMAC-SHA256 of the body under the
service secret. The owner commits the effect and the idempotency key together.
"""

import hashlib
import hmac
from typing import Any, Literal

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.registry import Crs, DivisionCode, SheetName

SIGNATURE = "X-Yinling-Signature"

CommandName = Literal[
    "accept_offer",
    "decline_offer",
    "depart",
    "arrive",
    "start",
    "complete",
    "check_in",
    "support",
    "no_access",
    "not_found",
    "claim",
    "hold",
    "call",
    "confirm",
    "handoff",
    "relocate",
    "escalate",
    "classify",
    "stand_down",
    "close",
    "shelve",
    "unshelve",
    "note",
    "answer_question",
    "hand_in",
    "offer_person",
    "order_person",
    "reassign",
    "act_for",
    "merge",
    "split",
    "reopen",
    "list_candidates",
    "record_call",
    "open_call",
    "link_call",
    "set_duty_for",
    "open_incident",
    "open_drill",
    "open_event",
    "mark_people",
    "close_event",
    "set_mode",
    "confirm_duty",
    "leave_duty",
    "ask_duty",
    "hand_over",
    "set_duty",
    "name_person",
    "save_responder",
    "retire_responder",
    "block_responder",
    "unblock_responder",
    "plan_shift",
    "cancel_shift",
    "relate",
    "unrelate",
    "save_provider",
    "retire_provider",
    "set_policy",
    "check_policy",
    "set_elder_status",
    "set_temporary_address",
    "set_plan",
    "save_elder",
    "save_contact",
    "remove_contact",
    "confirm_contact",
    "assess_elder",
    "give_consent",
    "end_consent",
    "renew_code",
    "ask_export",
    "decide_export",
    "take_export",
    "make_call_back",
    "set_duty_phone",
    "place_order",
    "confirm_order",
    "reschedule_order",
    "cancel_order",
    "return_order",
    "assign_order",
    "hand_over_order",
    "prove_order",
    "call_back_order",
    "dispute_order",
    "settle_order",
    "correct_order",
    "set_service",
    "set_price",
    "add_series",
    "end_series",
    "set_home_code",
    "send_login_code",
    "register_device",
    "start_claim",
    "finish_claim",
    "unclaim",
    "rekey",
    "revoke",
    "place",
    "confirm_place",
    "bind_address",
    "unbind_address",
    "open_test",
    "settle_stray",
    "ask_device",
    "pair_page",
]

DEVICE_COMMANDS: frozenset[CommandName] = frozenset(
    {
        "register_device", "start_claim", "finish_claim", "unclaim", "rekey", "revoke", "place", "confirm_place",
        "bind_address", "unbind_address", "open_test", "settle_stray", "ask_device", "pair_page",
    }
)  # fmt: skip
"""What devices decides; everything else is dispatch's."""


OF_OFFER: frozenset[CommandName] = frozenset({"accept_offer", "decline_offer"})
OF_JOB: frozenset[CommandName] = frozenset(
    {"depart", "arrive", "start", "complete", "check_in", "support", "no_access", "not_found", "act_for", "name_person"}
)
"""Commands whose target is an offer, or a job; other commands about a case name the incident."""


class Actor(Message):
    """Who asks, as the gateway has proved it."""

    account: str
    name: str
    role: str
    division: str
    responder: str | None = None
    kind: str | None = None


class Command(Message):
    """`target` is the offer, job, incident or responder the name speaks of; `key` the caller's idempotency key."""

    name: CommandName
    target: str
    actor: Actor
    key: str
    if_match: int | None = None
    args: dict[str, Any] = Field(default_factory=dict)


class Answer(Message):
    """Status as in HTTP: 200 done, 404 unknown or out of scope, 409 refused, 412 version passed, 422 bad argument.

    `body` is the result, or `{"code", "params"}` of the refusal; codes are stable and translated by the screens.
    """

    status: int
    body: dict[str, Any]


class Table(Message):
    """A list for the registry, sent to `POST /tables`, signed alike. `content`: the file in base64; `by`: the actor."""

    sheet: SheetName
    area: DivisionCode
    crs: Crs
    by: str
    dry_run: bool
    good_rows: bool
    content: str


def sign(secret: str, body: bytes) -> str:
    """Signature of a command's body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether the signature belongs to the body."""
    return hmac.compare_digest(sign(secret, body), signature)
