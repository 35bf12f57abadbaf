"""Dispatch: case files, waits, answers by key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from bench.simulation.meanings.log import append, lock
from bench.simulation.meanings.rows import GOING, LIVE, UNDER_WAY, instant, nothing, plain
from bench.simulation.store import Meaning, Row, Transaction
from services.dispatch.store import callbacks, cases, messages, waits


async def numbers(it: Transaction, many: int) -> list[Row]:
    """A sequence, which no rollback turns back."""
    first = it.server.position()
    for _ in range(many):
        it.server.position()
    return [{"no": first + n} for n in range(many)]


async def surroundings(
    it: Transaction, subjects: Sequence[str], homes: Sequence[str], families: Sequence[str], drills: Sequence[bool],
    since: datetime, _: Sequence[str],
) -> list[Row]:  # fmt: skip
    """What a batch of alarms meets."""
    rows = sorted(it.rows("incident").values(), key=lambda row: row["opened_at"], reverse=True)
    live = [row["id"] for row in rows if row["subject"] in subjects and row["state"] in LIVE]
    linked: dict[str, list[Any]] = {}
    for n, (subject, home, family, drill) in enumerate(zip(subjects, homes, families, drills, strict=True)):
        for row in rows:
            ended = instant(row["resolved_at"] or row["closed_at"])
            own = (row["subject"], row["family"]) == (subject, family) and ended is not None and ended > since
            near = row["home_id"] == home and row["subject"] != subject and row["state"] in LIVE
            if row["drill"] == drill and (near or (own and row["state"] not in LIVE)):
                linked[str(n)] = [row["id"], row["priority"]]
                break
    return [{"live": live, "linked": linked}]


async def load(it: Transaction, wanted: Sequence[str]) -> list[Row]:
    """Case files."""
    return [case_rows(it.rows, name) for name in wanted if name in it.rows("incident")]


async def lock_and_load(it: Transaction, wanted: Sequence[str]) -> list[Row]:
    """Case files under their locks."""
    await lock(it, [f"incident/{name}" for name in sorted(wanted)])
    return await load(it, wanted)


def case_rows(rows: Any, name: str) -> Row:
    """The rows of one case; `rows` gives a table by its name."""

    def own(table: str, *order: str) -> list[Row]:
        mine = (row for row in rows(table).values() if row["incident_id"] == name)
        return sorted(mine, key=lambda row: [row[column] for column in order])

    return {
        "incident": rows("incident")[name], "job": next(iter(own("job", "id"))),
        "offers": own("offer", "sent_at", "id"), "assignments": own("assignment", "accepted_at", "id"),
    }  # fmt: skip


async def save(
    it: Transaction, incident: Sequence[Row], job: Sequence[Row], offers: Sequence[Row], assignments: Sequence[Row],
    gone: Sequence[Row], planned: Sequence[Row], alarm: Sequence[Row], *rest: Any,
) -> list[Row]:  # fmt: skip
    """Everything that a story changes, in one statement."""
    *_, events, at, _ = rest
    for one in plain(assignments):
        await _one_place(it, one)
    for table, rows in (("incident", incident), ("job", job), ("offer", offers), ("assignment", assignments)):
        for row in plain(rows):
            it.write(table, row["id"], row)
    for row in plain(gone):
        it.write("deadline", (row["incident_id"], row["kind"], row["target"]), None)
    for row in planned:
        it.write("deadline", (row["incident_id"], row["kind"], row["target"]), dict(row))
    for row in plain(alarm):
        it.write("alarm", row["id"], row)
    return await append(it, events, at)


async def _one_place(it: Transaction, one: Row) -> None:
    """The index assignment_one_place: whoever comes second waits for the first, and is refused."""
    if one["state"] not in UNDER_WAY or one["role"] == "backup":
        return
    await it.lock(f"row/place/{one['responder_id']}")
    for other in it.rows("assignment").values():
        same = other["responder_id"] == one["responder_id"] and other["id"] != one["id"]
        if same and other["state"] in UNDER_WAY and other["role"] != "backup":
            clash = asyncpg.UniqueViolationError("one place")
            clash.constraint_name = "assignment_one_place"
            raise clash


def _target(table: str) -> Meaning:
    async def find(it: Transaction, target: Any) -> list[Row]:
        row = it.rows(table).get(str(target))
        return [{"id": row.get("incident_id", row["id"]), "division": row["division"]}] if row else []

    return find


async def under_way(it: Transaction, people: Sequence[str]) -> list[Row]:
    """Where these people are going."""
    return [row for row in it.rows("assignment").values() if row["responder_id"] in people and row["state"] in GOING]


async def asking(it: Transaction, names: Sequence[str], now: datetime, unless: Sequence[str]) -> list[Row]:
    """Cases in which somebody may have to be asked."""
    due = [r for r in it.rows("deadline").values() if r["due_at"] <= now and r["kind"] not in unless]
    return [{"incident_id": name} for name in sorted({row["incident_id"] for row in due} & set(names))]


async def waiting(it: Transaction, many: int) -> list[Row]:
    """The next deadlines."""
    return sorted(it.rows("deadline").values(), key=lambda row: row["due_at"])[:many]


async def reachable(it: Transaction, responder: str, reachable: bool) -> list[Row]:  # noqa: FBT001
    """Whether a console of theirs can ring."""
    it.write("responder", responder, {**it.rows("responder")[responder], "reachable": reachable})
    return []


async def answered(it: Transaction, account: str, key: str) -> list[Row]:
    """What a key was answered with."""
    row = it.rows("key").get((account, key))
    return [row] if row else []


async def remember(
    it: Transaction, account: str, key: str, digest: bytes, status: int, body: Row, _: datetime
) -> list[Row]:
    """Keep an answer."""
    if (account, key) in it.rows("key"):
        raise asyncpg.UniqueViolationError("idempotency")
    it.write("key", (account, key), {"digest": digest, "status": status, "body": plain(body)})
    return []


MEANINGS: Mapping[str, Meaning] = {
    cases.NUMBERS: numbers,
    cases.SURROUNDINGS: surroundings,
    cases.LOAD: load,
    cases.LOCK_AND_LOAD: lock_and_load,
    cases.SAVE: save,
    cases.TARGETS[True, False]: _target("offer"),
    cases.TARGETS[False, True]: _target("job"),
    cases.TARGETS[False, False]: _target("incident"),
    cases.UNDER_WAY: under_way,
    cases.ASKING: asking,
    "SELECT incident_id, due_at FROM dispatch.deadline ORDER BY due_at LIMIT $1": waiting,
    "UPDATE dispatch.responder SET reachable = $2 WHERE id = $1": reachable,
    "SELECT digest, status, body FROM dispatch.idempotency WHERE account = $1 AND key = $2": answered,
    "INSERT INTO dispatch.idempotency (account, key, digest, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)":
        remember,
    messages.WANT: nothing,
    callbacks.PLAN: nothing,
    waits.PLAN: nothing,
}  # fmt: skip
