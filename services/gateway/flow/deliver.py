"""From the log into inboxes: one read and one write a batch."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.gateway.domain import family_letters
from services.gateway.domain.duty_letters import TAGS as ON_DUTY
from services.gateway.domain.letters import (
    Fact,
    Letter,
    breach_letter,
    call_letter,
    letters,
    letters_of_tests,
    settled_letter,
    unplaced_letter,
)
from services.gateway.flow import breaches, duty
from services.gateway.store import calls, devices, inboxes, incidents, kin
from services.gateway.store.inboxes import Post
from shared.runtime.database import Connection

CALLS = ("call.incoming", "call.opened", "call.linked")
TAGS = (
    *(
        f"incident.{what}"
        for what in (
            "opened", "taken", "claimed", "unclaimed", "released", "on_scene", "with_elder", "resolved", "closed",
            "false_alarm", "escalated", "reclassified", "relocated", "noted", "nudged", "support_asked",
            "postponed", "cover_opened", "outage_grew",
            "confirmed", "cleared", "held", "family_told", "merged", "absorbed", "split_off", "split", "reopened",
            "shelved", "unshelved", "handed_in",
        )
    ),
    *(
        f"job.{what}"
        for what in (
            "opened", "asked", "offering", "re_offering", "accepted", "en_route", "arrived", "in_service",
            "completed", "closed", "escalated", "nobody_available", "nobody_accepted", "no_access", "not_found",
            "stood_down", "reopened",
        )
    ),
    *(f"offer.{what}" for what in ("sent", "shown", "rang", "accepted", "declined", "expired", "withdrawn", "stepped")),
    *(
        f"assignment.{what}"
        for what in (
            "made", "named", "promoted", "demoted", "stalled", "late", "lost", "found",
            "en_route", "arrived", "in_service", "completed", "released",
            "stood_down",
        )
    ),
    "access.keyholder",
    "access.nobody",
    "alarm.joined",
    "alarm.quarantined",
    *CALLS,
    "call_back.overdue",
    "handoff.made",
    "handoff.prompted",
    "call.attempted",
    "device.tested",
    "fault.joined",
    "fault.mended",
    "message.undelivered",
    "quarantine.settled",
    "watch.breach",
    "kin.bound",
    "kin.ended",
    "complaint.answered",
    breaches.NUDGED,
    *ON_DUTY,
)  # fmt: skip
STRAYS = {"alarm.quarantined": unplaced_letter, "quarantine.settled": settled_letter}
ALONE = frozenset({*STRAYS, "watch.breach"})


async def deliver(connection: Connection, facts: Sequence[Fact]) -> list[Post]:
    """Write everybody's events for a batch. The connection's scope is the whole cell."""
    touched = {fact.incident for fact in facts if fact.incident and fact.tag != "watch.breach"}
    offers = [UUID(str(fact.body["offer"])) for fact in facts if fact.tag.startswith("offer.")]
    known = await incidents.load(connection, touched, offers) if touched else {}
    found = letters([fact for fact in facts if fact.tag != "watch.breach"], known)
    for fact in facts:
        if fact.tag in ALONE:
            found.append(await _alone(connection, fact))
    found.extend(await duty.letters(connection, [fact for fact in facts if fact.tag in ON_DUTY]))
    found.extend(await breaches.letters(connection, [fact for fact in facts if fact.tag == breaches.NUDGED]))
    for fact in facts:
        if fact.tag in CALLS:
            found.extend(await _called(connection, fact))
    found.extend(await _families(connection, facts, touched))
    found.extend(await _tested(connection, [fact for fact in facts if fact.tag == "device.tested"]))
    return await inboxes.write(connection, found)


async def _called(connection: Connection, fact: Fact) -> list[Letter]:
    line = await calls.line(connection, UUID(str(fact.body["call"])))
    return [call_letter(fact, line)] if line else []


async def _alone(connection: Connection, fact: Fact) -> Letter:
    stray = STRAYS.get(fact.tag)
    letter = stray(fact) if stray else await _breach(connection, fact)
    if fact.division:
        return letter
    return replace(letter, inboxes=await inboxes.desks(connection))


async def _families(connection: Connection, facts: Sequence[Fact], touched: set[str]) -> list[Letter]:
    told = await kin.told(connection, sorted(touched)) if touched else {}
    return [*family_letters.of_calls(facts, told), *family_letters.of_kin(facts)]


async def _tested(connection: Connection, facts: Sequence[Fact]) -> list[Letter]:
    if not facts:
        return []
    return letters_of_tests(facts, await devices.testing(connection, {str(fact.body["device"]) for fact in facts}))


async def _breach(connection: Connection, fact: Fact) -> Letter:
    home = (fact.body.get("alarm") or {}).get("home")
    return breach_letter(fact, await incidents.address(connection, home) if home else None)
