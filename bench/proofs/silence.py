"""`./yinling prove presence`: devices fall silent and are missed in time; those that speak are never called silent.

Beats are made as short as the registry allows (ten seconds), so that hours become minutes; the rule is the same. One
group falls silent all at once, hubs lose their line and leave a last will, the rest goes on beating. Meanwhile the
process that listens stands still for longer than anybody may be silent: what it did not hear counts for nobody.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import uvloop

from bench.beats import beat, connected
from bench.figures import percentile
from bench.helper import Helper
from bench.instance import Instance, fresh_folder, started
from bench.machine import machine
from bench.proofs.folk import CLOCK
from bench.proofs.history import History
from bench.proofs.killer import kill_in_turn

BEAT_S, LIMIT_BEATS, HUBS = 10, 3, 25
SETTLED_S, HELD_S, HEARD_AGAIN_S, NOTICED_WITHIN_S = 4.0, 35.0, 35.0, 90.0
LISTENS_AGAIN_S = 25.0
"""Its broker has hung up on a listener that stood still, which it notices after a while; until then it is deaf."""
GATHERED_S, SLACK_S = 10.0, 5.0
LATEST_S = BEAT_S * LIMIT_BEATS + GATHERED_S + SLACK_S
HUB_LATEST_S = 90.0
SHORT = "UPDATE devices.device SET beat_s = $2 WHERE id = ANY($1)"
MADE_HUBS = "UPDATE devices.device SET kind = 'hub', beat_s = NULL WHERE id = ANY($1)"
SEEN = "SELECT device_id, seen_at FROM devices.health WHERE device_id = ANY($1)"
MISSED = """
SELECT body ->> 'device' AS device, min(recorded_at) AS at FROM log.event
WHERE tag = 'device.fault' AND body ->> 'kind' = 'offline' AND recorded_at >= $1 GROUP BY 1
"""
OUTAGES = "SELECT devices FROM devices.outage WHERE opened_at >= $1"


@dataclass(frozen=True, slots=True)
class Groups:
    """Who falls silent, whose line breaks, who goes on."""

    silent: Sequence[dict[str, Any]]
    hubs: Sequence[dict[str, Any]]
    steady: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, it: Instance, devices: int) -> "Groups":
        """So many fall silent; as many go on."""
        buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
        return cls(buttons[:devices], buttons[devices : devices + HUBS], buttons[devices + HUBS :])


def main(*, devices: int = 1000, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if somebody was missed too late, wrongly or not at all."""
    report = uvloop.run(prove(devices))
    sys.stdout.write((json.dumps(report) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(devices: int) -> dict[str, Any]:
    """Against an instance of our own."""
    before = machine()
    with fresh_folder() as folder:
        async with started(folder, 2 * devices + HUBS) as it:
            owner = await asyncpg.connect(it.owner_url)
            try:
                figures = await _measured(it, owner, Groups.of(it, devices))
            finally:
                await owner.close()
    return {**figures, "devices": devices, "beat_s": BEAT_S, "machine": before}


async def _measured(it: Instance, owner: "asyncpg.Connection[Any]", groups: Groups) -> dict[str, Any]:
    await owner.execute(SHORT, _ids([*groups.silent, *groups.steady]), BEAT_S)
    await owner.execute(MADE_HUBS, _ids(groups.hubs))
    history = History(it.folder / "history.jsonl")
    await kill_in_turn(it, ["presence"], 0, history, CLOCK)  # who starts anew reads the registry at once
    history.close()
    begun = CLOCK.now()
    helpers = [await Helper.start("bench.beats", _order(it, some)) for some in (groups.silent, groups.steady)]
    try:
        for helper in helpers:
            await helper.line()
        for helper, seconds in zip(helpers, (SETTLED_S + HELD_S + HEARD_AGAIN_S, 600), strict=True):
            await helper.tell(str(seconds))
        hubs_gone = await _held_while_they_beat(it, groups)
        await helpers[0].line()
        missed = await _noticed(owner, groups, begun)
        seen = {row["device_id"]: row["seen_at"] for row in await owner.fetch(SEEN, _ids(groups.silent))}
        outages = [row["devices"] for row in await owner.fetch(OUTAGES, begun)]
    finally:
        for helper in helpers:
            await helper.end()
    return judged(groups, seen, hubs_gone, missed, outages)


async def _held_while_they_beat(it: Instance, groups: Groups) -> datetime:
    """Presence stands still and goes on; then the hubs' lines break. The instant of the latter."""
    mqtt = it.demo.content["mqtt"]
    links = await connected(list(groups.hubs), mqtt["host"], mqtt["port"], wills=True)
    for link, hub in zip(links, groups.hubs, strict=True):
        link.tell(*beat(hub, 0))
    await CLOCK.sleep(SETTLED_S)
    number = it.processes()["presence"]
    os.kill(number, signal.SIGSTOP)
    await CLOCK.sleep(HELD_S)
    os.kill(number, signal.SIGCONT)
    await CLOCK.sleep(LISTENS_AGAIN_S)
    for link, hub in zip(links, groups.hubs, strict=True):
        link.tell(*beat(hub, 1))
    await CLOCK.sleep(SETTLED_S)
    for link in links:
        link.close()
    return CLOCK.now()


async def _noticed(owner: "asyncpg.Connection[Any]", groups: Groups, since: datetime) -> dict[str, datetime]:
    """When each was missed; waits until all that are silent have been, in bounds."""
    wanted = {*_ids(groups.silent), *_ids(groups.hubs)}
    missed: dict[str, datetime] = {}
    try:
        async with asyncio.timeout(NOTICED_WITHIN_S):
            while not wanted <= missed.keys():
                missed = {row["device"]: row["at"] for row in await owner.fetch(MISSED, since)}
                await CLOCK.sleep(0.5)
    except TimeoutError:
        pass
    await CLOCK.sleep(SLACK_S)
    return {row["device"]: row["at"] for row in await owner.fetch(MISSED, since)}


def judged(
    groups: Groups, seen: Mapping[str, datetime], hubs_gone: datetime, missed: Mapping[str, datetime],
    outages: Sequence[int],
) -> dict[str, Any]:  # fmt: skip
    """Late is counted from the last beat, or from the end of the line."""
    silent, hubs, steady = (_ids(some) for some in (groups.silent, groups.hubs, groups.steady))
    took = [(missed[name] - seen[name]).total_seconds() for name in silent if name in missed]
    hubs_took = [(missed[name] - hubs_gone).total_seconds() for name in hubs if name in missed]
    unnoticed = [name for name in (*silent, *hubs) if name not in missed]
    false = [name for name in steady if name in missed]
    return {
        "unnoticed": len(unnoticed),
        "false": len(false),
        "early": sum(seconds < BEAT_S * LIMIT_BEATS for seconds in took),
        "noticed_p50_s": round(percentile(took, 0.5), 1),
        "noticed_max_s": round(max(took, default=float("nan")), 1),
        "hub_max_s": round(max(hubs_took, default=float("nan")), 1),
        "reports": len(outages),
        "largest_report": max(outages, default=0),
        "ok": not unnoticed and not false and len(outages) == 1 and max(took) <= LATEST_S
        and max(hubs_took) <= HUB_LATEST_S and min(took) >= BEAT_S * LIMIT_BEATS,
    }  # fmt: skip


def _ids(devices: Sequence[dict[str, Any]]) -> list[str]:
    return [device["id"] for device in devices]


def _order(it: Instance, devices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    mqtt = it.demo.content["mqtt"]
    return {"host": mqtt["host"], "port": mqtt["port"], "rate": len(devices) / BEAT_S, "devices": list(devices)}


def _readable(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:>18}  {value}" for name, value in report.items())
