"""Devices: alarms, receipts, leases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from bench.simulation.meanings.log import append
from bench.simulation.meanings.rows import plain
from bench.simulation.store import Meaning, Row, Transaction
from services.devices.store import alarms, leases, receipts

STAGES = ("stage", "who", "eta_s", "say")


async def ingest(
    it: Transaction, arrivals: Sequence[tuple[Any, ...]], at: datetime, _: datetime, by: str, __: str
) -> list[Row]:
    """devices.ingest for numbered alarms of known devices: stored once, and of each what its device was last told."""
    await it.lock(*(f"stream/device/{a[0]}" for a in arrivals))
    events: list[Row] = []
    outcomes: list[Row] = []
    for n, a in enumerate(arrivals, start=1):
        device, key, eid, county = a[0], a[:3], a[8], a[10]
        stored = it.rows("raw").get(key)
        if stored is None:
            home = it.rows("device")[device]["home"]
            it.write("raw", key, {"id": a[6], "eid": eid, "key": key, "copies": 1, "at": at})
            told = {
                "device": device,
                "eid": eid,
                "county": county,
                "rev": 1,
                "stage": 1,
                "rx": at,
                "sent_rev": 0,
                "incident": None,
                "who": None,
                "eta_s": None,
                "say": None,
                "signed": False,
                "changed_at": at,
            }
            it.write("receipt", (device, eid), told)
            body = {**orjson.loads(a[16]), "subject": f"elder:E-{home}", "home": home, "elder": f"E-{home}",
                    "flags": list(a[12]), "cls": "own"}  # fmt: skip
            events.append(
                {
                    "id": a[7],
                    "stream": "device",
                    "stream_id": device,
                    "tag": "alarm.raised",
                    "actor": by,
                    "body": body,
                    "division": it.rows("device")[device]["division"],
                    "happened_at": a[14],
                }
            )
        outcomes.append({"n": n, "fresh": stored is None, **it.rows("receipt")[device, eid]})
    await append(it, events, at)
    return outcomes


async def tell(
    it: Transaction, of: Sequence[UUID], places: Sequence[str], news: Sequence[Row], at: datetime
) -> list[Row]:
    """devices.tell."""
    for one in plain(news):
        known = it.rows("told").get(one["incident"])
        if known is None or one["stage"] >= known["stage"]:
            it.write("told", one["incident"], one)
    concerned = {*places, *(one["incident"] for one in news)}
    placed = dict(zip(of, places, strict=True))
    eids = {row["eid"]: placed[row["id"]] for row in it.rows("raw").values() if row["id"] in placed}
    changed: list[Row] = []
    for key in list(it.rows("receipt")):
        incident = eids.get(key[1], it.rows("receipt")[key]["incident"])
        if incident not in concerned:
            continue
        await it.lock(f"row/receipt/{key}")
        row = {**it.rows("receipt")[key], "incident": incident}
        told = it.rows("told").get(incident)
        if told and told["stage"] >= row["stage"] and any(told[name] != row[name] for name in STAGES):
            row |= {name: told[name] for name in STAGES} | {"rev": row["rev"] + 1, "changed_at": at}
            changed.append(row)
        it.write("receipt", key, row)
    return changed


async def unheard(it: Transaction, before: datetime, most: int) -> list[Row]:
    """Receipts that nobody confirmed."""
    rows = (r for r in it.rows("receipt").values() if r["sent_rev"] < r["rev"] and r["stage"] > 1)
    return sorted((r for r in rows if r["changed_at"] <= before), key=lambda r: r["changed_at"])[:most]


async def heard(it: Transaction, devices: Sequence[str], eids: Sequence[str], revs: Sequence[int]) -> list[Row]:
    """The broker has confirmed these."""
    for device, eid, rev in zip(devices, eids, revs, strict=True):
        await it.lock(f"row/receipt/{(device, eid)}")
        row = it.rows("receipt")[device, eid]
        if row["sent_rev"] < rev:
            it.write("receipt", (device, eid), {**row, "sent_rev": rev})
    return []


async def take_lease(it: Transaction, name: str, holder: str, now: datetime, until: datetime) -> list[Row]:
    """devices.lease."""
    await it.lock(f"row/lease/{name}")
    held = it.rows("lease").get(name)
    if held is not None and held["holder"] != holder and held["until"] >= now:
        return []
    it.write("lease", name, {"holder": holder, "until": until})
    return [{"taken": True}]


async def give_lease(it: Transaction, name: str, holder: str) -> list[Row]:
    """The holder goes."""
    if it.rows("lease").get(name, {}).get("holder") == holder:
        it.write("lease", name, None)
    return []


MEANINGS: Mapping[str, Meaning] = {
    alarms.INGEST: ingest,
    receipts.TELL: tell,
    receipts.UNHEARD: unheard,
    receipts.HEARD: heard,
    leases.TAKE: take_lease,
    leases.GIVE: give_lease,
}  # fmt: skip
