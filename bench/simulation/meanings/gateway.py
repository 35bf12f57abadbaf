"""The gateway: the desk's rows, inboxes, what consoles are believed to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bench.simulation.meanings.dispatch import case_rows, under_way
from bench.simulation.meanings.rows import OVER, instant, nothing, plain
from bench.simulation.store import Meaning, Row, Transaction
from services.gateway.store import heard, inboxes, incidents, kin, lists, screens


async def desk_rows(it: Transaction, names: Sequence[str], offers: Sequence[UUID]) -> list[Row]:
    """Incidents as the desk's rows, with these offers."""
    wanted = {str(offer) for offer in offers}
    return [_desk_row(it, name, wanted) for name in names if name in it.rows("incident")]


async def live_rows(it: Transaction, most: int) -> list[Row]:
    """Every incident that is not over, newest first."""
    rows = [row for row in it.rows("incident").values() if row["state"] not in OVER]
    rows.sort(key=lambda row: (row["opened_at"], row["id"]), reverse=True)
    return [_desk_row(it, row["id"], set()) for row in rows[:most]]


def _desk_row(it: Transaction, name: str, wanted: set[str]) -> Row:
    case = case_rows(it.rows, name)
    timed = {key: instant(value) if key.endswith(("_at", "_until")) else value
             for key, value in case["incident"].items()}  # fmt: skip
    due = [row["due_at"] for row in it.rows("deadline").values() if row["incident_id"] == name]
    return {
        **timed, "event": None, "elder_name": "王桂英", "address": "文武坝镇 1 号 101 室", "job": case["job"]["id"],
        "job_state": case["job"]["state"], "asked": len(case["offers"]), "next_due": min(due, default=None),
        "undelivered": 0,
        "assignments": [
            {"line": {**a, "job": a["job_id"], "offer": a["offer_id"], "responder": a["responder_id"],
                      "name": a["responder_name"], "kind": a["responder_kind"]},
             "account": a["responder_id"].lower(), "reason": a["end_reason"]} for a in case["assignments"]
        ],
        "offers": [
            {"id": o["id"], "job": o["job_id"], "account": o["responder_id"].lower(), "dist_m": o["dist_m"],
             "eta_s": o["eta_s"], "respond_by": o["respond_by"]} for o in case["offers"] if o["id"] in wanted
        ],
    }  # fmt: skip


async def my_offers(it: Transaction, responder: str, since: datetime, now: datetime) -> list[Row]:
    """Offers somebody may still answer."""
    return [
        row for row in it.rows("offer").values()
        if row["responder_id"] == responder and row["state"] in ("sent", "shown", "rang")
        and datetime.fromisoformat(row["sent_at"]) > since and datetime.fromisoformat(row["respond_by"]) > now
    ]  # fmt: skip


async def mine(it: Transaction, responder: str) -> list[Row]:
    """Where somebody is going."""
    return await under_way(it, [responder])


async def first_events(it: Transaction, names: Sequence[str]) -> list[Row]:
    """Each incident's first event."""
    return [
        row for row in it.rows("event").values()
        if row["stream"] == "incident" and row["stream_id"] in names and row["stream_seq"] == 1
    ]  # fmt: skip


async def write_letters(it: Transaction, letters: Sequence[Row]) -> list[Row]:
    """Events of inboxes, numbered under each inbox's row."""
    written: list[Row] = []
    for letter in plain(letters):
        for inbox in sorted(letter["inboxes"]):
            if inbox not in it.rows("inbox"):
                continue
            await it.lock(f"row/inbox/{inbox}")
            line = it.rows("inbox")[inbox]
            seq = line["last_seq"] + 1
            it.write("inbox", inbox, {**line, "last_seq": seq})
            row = {**letter, "inbox": inbox, "seq": seq, "id": UUID(letter["id"]),
                   "at": instant(letter["at"]), "exp": instant(letter["exp"])}  # fmt: skip
            it.write("inbox_event", (inbox, seq), row)
            written.append(row)
    return written


async def make_inboxes(it: Transaction, names: Sequence[str], _: Sequence[str], epochs: Sequence[str]) -> list[Row]:
    """Inboxes that there were not."""
    for name, epoch in zip(names, epochs, strict=True):
        await it.lock(f"row/inbox/{name}")
        if name not in it.rows("inbox"):
            it.write("inbox", name, {"id": name, "epoch": epoch, "last_seq": 0})
    return []


async def positions(it: Transaction, names: Sequence[str], seqs: Sequence[int], since: datetime) -> list[Row]:
    """Where inboxes stand."""
    found = []
    for name, seq in zip(names, seqs, strict=True):
        if name in it.rows("inbox"):
            following = it.rows("inbox_event").get((name, seq + 1))
            found.append({**it.rows("inbox")[name], "held": following is not None and following["at"] > since})
    return found


async def after(it: Transaction, inbox: str, seq: int, most: int) -> list[Row]:
    """Events of one inbox above a position."""
    rows = it.rows("inbox_event")
    head = it.rows("inbox")[inbox]["last_seq"]
    return [rows[inbox, n] for n in range(seq + 1, min(head, seq + most) + 1)]


async def newer(
    it: Transaction, names: Sequence[str], epochs: Sequence[str], seqs: Sequence[int], most: int
) -> list[Row]:
    """What came to these inboxes since."""
    found: list[Row] = []
    for name, epoch, seq in zip(names, epochs, seqs, strict=True):
        if it.rows("inbox")[name]["epoch"] == epoch:
            found += await after(it, name, seq, most)
    return found[:most]


async def by_ids(it: Transaction, inbox: str, ids: Sequence[UUID], *_: datetime) -> list[Row]:
    """Events of one inbox by id."""
    return [row for (name, _), row in it.rows("inbox_event").items() if name == inbox and row["id"] in ids]


async def duty(it: Transaction, responder: str) -> list[Row]:
    """Whether somebody is on duty."""
    return [{"on_duty": responder in it.rows("responder"), "seen_lat": None, "seen_lon": None}]


async def unanswered(it: Transaction, known: Sequence[UUID], most: int) -> list[Row]:
    """Alarms that are stored and in no incident."""
    placed = {UUID(row["id"]) for row in it.rows("alarm").values()}
    raised = (row for row in it.rows("event").values() if row["tag"] == "alarm.raised")
    open_ = [row for row in raised if UUID(row["body"]["alarm"]) not in {*known, *placed}]
    return [
        {"division": row["division"], "at": row["recorded_at"], "body": row["body"], "name": "王桂英", "address": ""}
        for row in sorted(open_, key=lambda row: (row["recorded_at"], row["id"]))[:most]
    ]


async def taken_in(it: Transaction, alarms: Sequence[UUID]) -> list[Row]:
    """Which of them are in an incident."""
    return [{"id": UUID(row["id"])} for row in it.rows("alarm").values() if UUID(row["id"]) in alarms]


async def believed(it: Transaction) -> list[Row]:
    """Whose consoles are believed to ring."""
    rows = it.rows("responder")
    return [{"id": name.lower(), "responder_id": name, "division": row["division"]}
            for name, row in rows.items() if row["reachable"]]  # fmt: skip


async def unreachable(it: Transaction, people: Sequence[str]) -> list[Row]:
    """Whose are not."""
    return [{"id": name} for name in people if not it.rows("responder")[name]["reachable"]]


MEANINGS: Mapping[str, Meaning] = {
    "SELECT log.enter($1)": nothing,
    "SELECT set_config('yl.scope', $1, true)": nothing,
    incidents.BY_ID: desk_rows,
    incidents.LISTED.format(where=incidents.IS_LIVE): live_rows,
    incidents.MY_OFFERS: my_offers,
    incidents.MINE: mine,
    incidents.FIRST_EVENTS: first_events,
    kin.TOLD: nothing,
    inboxes.WRITE: write_letters,
    inboxes.MAKE: make_inboxes,
    inboxes.POSITIONS: positions,
    inboxes.AFTER: after,
    inboxes.NEWER: newer,
    inboxes.CHANGED: nothing,
    inboxes.BY_ID: by_ids,
    inboxes.LATELY: nothing,
    heard.TAKEN_IN: taken_in,
    heard.UNANSWERED: unanswered,
    lists.UNPLACED: nothing,
    lists.DUTY: duty,
    screens.BELIEVED: believed,
    screens.UNREACHABLE: unreachable,
}  # fmt: skip
