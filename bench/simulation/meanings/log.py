"""The log: appended to under locks, followed below the horizon."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bench.simulation.meanings.rows import nothing, plain
from bench.simulation.store import Meaning, Row, Transaction
from shared.runtime import log


async def lock(it: Transaction, keys: Sequence[str]) -> list[Row]:
    """log.lock."""
    await it.lock(*(f"stream/{key}" for key in keys))
    return []


async def append(it: Transaction, events: Sequence[Mapping[str, Any]], at: datetime) -> list[Row]:
    """log.append: numbered by stream under the stream's row, and by transaction."""
    for event in events:
        name = f"{event['stream']}/{event['stream_id']}"
        await it.lock(f"row/log.stream/{name}")
        seq = it.rows("stream").get(name, {"seq": 0})["seq"] + 1
        it.write("stream", name, {"seq": seq})
        place = (it.numbered(), it.server.position())
        row = {
            "id": UUID(str(event["id"])), "stream": event["stream"], "stream_id": event["stream_id"],
            "stream_seq": seq, "tag": event["tag"], "body": plain(event["body"]), "division": event["division"],
            "happened_at": event.get("happened_at"), "recorded_at": at, "actor": event["actor"], "era": 1,
            "txid": place[0], "position": place[1],
        }  # fmt: skip
        it.write("event", place, row)
    return []


async def begin(it: Transaction, name: str, tags: Sequence[str], _: datetime) -> list[Row]:
    """A follower's row. Whoever else begins it at this moment is waited for, as at its primary key."""
    await it.lock(f"row/log.follower/{name}")
    if name not in it.rows("follower"):
        it.write("follower", name, {"cursor": (0, 0), "tags": frozenset(tags)})
    return []


def _next(it: Transaction, reader: str, most: int) -> list[Row]:
    follower, horizon = it.rows("follower")[reader], it.server.horizon
    found: list[Row] = []
    for event in it.server.after(follower["cursor"]):
        if event["txid"] >= horizon or len(found) == most:
            break
        if event["tag"] in follower["tags"]:
            found.append(event)
    return found


async def take(it: Transaction, reader: str, most: int) -> list[Row]:
    """log.take."""
    if not it.server.try_lock(it, f"follower/{reader}"):
        return [{"id": None}]
    found = _next(it, reader, most)
    for event in found:
        key = (reader, event["position"])
        it.note("handled", key, {"times": it.rows("handled").get(key, {"times": 0})["times"] + 1})
    return found


async def take_briefly(it: Transaction, reader: str, most: int) -> list[Row]:
    """log.take in a transaction whose commit does not wait for the disk."""
    it.lasting = False
    return await take(it, reader, most)


async def peek(it: Transaction, reader: str, most: int) -> list[Row]:
    """log.peek."""
    return _next(it, reader, most)


async def pending(it: Transaction, reader: str) -> list[Row]:
    """log.pending."""
    follower = it.rows("follower")[reader]
    first = next((e for e in it.server.after(follower["cursor"]) if e["tag"] in follower["tags"]), None)
    return [{"pending": 0 if first is None else 1 if first["txid"] < it.server.horizon else 2}]


async def skip(it: Transaction, reader: str, _: datetime) -> list[Row]:
    """log.skip, which does not wait for the disk either."""
    it.lasting = False
    follower, horizon = it.rows("follower")[reader], it.server.horizon
    own = any(event["tag"] in follower["tags"] for event in it.server.after(follower["cursor"]))
    if it.server.try_lock(it, f"follower/{reader}") and follower["cursor"][0] < horizon and not own:
        it.write("follower", reader, {**follower, "cursor": (horizon, 0)})
    return []


async def move(it: Transaction, reader: str, _: int, txid: str, position: int, __: datetime) -> list[Row]:
    """A follower's cursor."""
    it.write("follower", reader, {**it.rows("follower")[reader], "cursor": (int(txid), position)})
    return []


async def give_up(it: Transaction, reader: str, event: UUID, reason: str, tag: str, *_: Any) -> list[Row]:
    """A dead letter."""
    it.write("dead_letter", (reader, event), {"reason": reason, "tag": tag})
    return []


MEANINGS: Mapping[str, Meaning] = {
    "SELECT log.lock($1)": lock,
    "SELECT log.append($1, $2)": append,
    log.SKIP: skip,
    log.BEGIN: begin,
    log.PENDING: pending,
    log.TAKE: take,
    log.BRIEFLY: take_briefly,
    log.PEEK: peek,
    log.MOVE: move,
    log.GIVE_UP: give_up,
    "SELECT era FROM log.event WHERE id = $1": nothing,
}  # fmt: skip
