"""`./yinling prove race`: fifty consoles say yes to one job in the same instant, over real HTTP, again and again.

All are asked for the same place; where fewer are asked than there are consoles, several consoles answer each offer.
What everybody was answered, and what the log and the rows say afterwards, is judged without the services' own code: at
no instant two in one role, exactly one goes first, everybody who was told yes is assigned, the others were told who.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import summary
from bench.hamlet import CLOCK, COUNTY, Hamlet, hamlet, surname
from bench.instance import instance
from bench.machine import machine
from services.dispatch.domain.policy import SHIPPED, to_data
from shared.runtime.clock import stopwatch
from simulators.door import Door, Reply

HOMES = 20
SPARE = 10
UNWILLING = 1e6
"""So seldom do they accept, as far as dispatch knows, that it asks as many as its policy lets it."""
LAID_DOWN = """
INSERT INTO dispatch.policy (division, version, body, by_account, by_name, reason, at)
VALUES ($1, 1, $2::text::jsonb, 'proof', 'proof', 'proof', $3) ON CONFLICT DO NOTHING
"""
FACTS = """
SELECT tag, body ->> 'assignment' AS assignment, body ->> 'responder' AS responder, body ->> 'role' AS role
FROM log.event WHERE stream = 'incident' AND stream_id = $1 AND tag LIKE 'assignment.%' ORDER BY stream_seq
"""
HELD = "SELECT responder_id, role, state FROM dispatch.assignment WHERE incident_id = $1"
GOING = frozenset({"accepted", "en_route", "arrived", "in_service"})
FORGET = """
UPDATE dispatch.assignment SET accepted_at = accepted_at - interval '3 days', ended_at = ended_at - interval '3 days'
WHERE division LIKE $1 AND ended_at IS NOT NULL
"""
"""So that nobody tires: in life a day has other limits than a proof."""


@dataclass
class Tally:
    """What all rounds came to."""

    rounds: int = 0
    accepts: int = 0
    asked: int = 0
    won: int = 0
    kept_as_backup: int = 0
    told_who: int = 0
    seconds: list[float] = field(default_factory=list)
    offences: list[str] = field(default_factory=list)


def main(*, rounds: int = 10_000, consoles: int = 50, data: Path | None = None, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    report = uvloop.run(prove(rounds, consoles, data))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(rounds: int, consoles: int, data: Path | None) -> dict[str, Any]:
    """Run the rounds one after the other, each with all consoles at once."""
    before, tally = machine(), Tally()
    async with (
        instance(data, HOMES) as it,
        hamlet(it, consoles + SPARE, refusals=UNWILLING, connections=consoles) as place,
    ):
        await _ask_everyone(place, consoles)
        begun = stopwatch()
        with suppress(asyncio.CancelledError):  # Ctrl-C: what has been shown so far is told
            for _ in range(rounds):
                await _round(place, consoles, tally)
        took = stopwatch() - begun
    return {
        "rounds": tally.rounds, "wanted": rounds, "consoles": consoles,
        "asked_each": round(tally.asked / max(1, tally.rounds), 1),
        "accepts": tally.accepts, "won": tally.won, "kept_as_backup": tally.kept_as_backup,
        "told_who": tally.told_who, **summary(tally.seconds, "accept_"),
        "accepts_a_second": round(tally.accepts / took, 1), "broken": len(tally.offences),
        "ok": not tally.offences and tally.won == tally.rounds > 0, "offences": tally.offences[:50], "machine": before,
    }  # fmt: skip


async def _ask_everyone(place: Hamlet, consoles: int) -> None:
    """Lay down for this county that so many are asked at once."""
    gravest = replace(SHIPPED.rule(1), most=consoles, confidence=0.999999)
    body = json.dumps(to_data(replace(SHIPPED, rules={**SHIPPED.rules, 1: gravest})))
    await place.owner.execute(LAID_DOWN, COUNTY, body, CLOCK.now())


async def _round(place: Hamlet, consoles: int, tally: Tally) -> None:
    incident, offers = await place.incident()
    hands = list(islice(cycle(offers), consoles))
    replies = await asyncio.gather(*(_accept(place.crew[who], offer, tally) for offer, _, who in hands))
    answers = [(who, reply) for (_, _, who), reply in zip(hands, replies, strict=True)]
    facts = [dict(row) for row in await place.owner.fetch(FACTS, incident)]
    held = [dict(row) for row in await place.owner.fetch(HELD, incident)]
    tally.offences += [f"{incident}: {fault}" for fault in judged(answers, facts, held)]
    tally.rounds += 1
    tally.asked += len(offers)
    tally.won += sum(row["role"] == "first" and row["state"] in GOING for row in held)
    tally.kept_as_backup += sum(row["role"] == "backup" and row["state"] in GOING for row in held)
    tally.told_who += sum(reply.status == 409 for reply in replies)
    await place.over(incident)
    await place.owner.execute(FORGET, f"{COUNTY}%")


async def _accept(door: Door, offer: str, tally: Tally) -> Reply:
    begun = stopwatch()
    reply = await door.act(f"/offers/{offer}/accept")
    tally.accepts += 1
    tally.seconds.append(stopwatch() - begun)
    return reply


def judged(
    answers: Sequence[tuple[str, Reply]], facts: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Every promise that was broken in one round, in words."""
    yield from _two_at_once(facts)
    going = Counter(row["role"] for row in held if row["state"] in GOING)
    if going["first"] != 1:
        yield f"{going['first']} go first"
    if going["backup"] > 1:
        yield f"{going['backup']} backups"
    winners = {row["responder_id"] for row in held}
    names = {surname(winner) for winner in winners}
    for who, reply in answers:
        yield from _answered(who, reply, winners, names)


def _answered(who: str, reply: Reply, winners: set[str], names: set[str]) -> Iterator[str]:
    if reply.status == 200:
        if who not in winners:
            yield f"{who} was told yes and is not assigned"
    elif reply.status != 409 or reply.body.get("code") != "offer_taken":
        yield f"{who} was answered {reply.status} {reply.body.get('code')}"
    elif str(reply.body.get("params", {}).get("who"))[:1] not in names:
        yield f"{who} was not told who goes: {reply.body.get('params')}"


def _two_at_once(facts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The roles as they were held, fact by fact; within one decision the leaving comes first."""
    roles: dict[str, str] = {}
    for fact in facts:
        change, key = fact["tag"].removeprefix("assignment."), fact["assignment"]
        if change == "made":
            roles[key] = fact["role"]
        elif change in BECOMES:
            roles[key] = BECOMES[change]
        elif change in ENDS:
            roles.pop(key, None)
        if Counter(roles.values())["first"] > 1:
            yield f"two first after {fact['tag']} of {fact['responder']}"


BECOMES = {"promoted": "first", "demoted": "backup"}
ENDS = frozenset({"released", "stood_down", "completed"})


def _readable(report: dict[str, Any]) -> str:
    lines = [f"{name:>18}  {value}" for name, value in report.items() if name not in {"offences", "machine"}]
    return "\n".join([*lines, *(f"{'BROKEN':>18}  {offence}" for offence in report["offences"])])
