"""The peer: Node-RED 4 between the same Mosquitto and the same PostgreSQL, doing one SQL statement an alarm.

Its flow takes an alarm, stores it with a job for the nearest provider who is online, in one statement, and sends it to
every console: no incident, no offers, no escalation, no log, no receipt. The session is persistent, the pool's lost
connections are caught, and it is started again when it dies, so it is given its best. Fetched once with npm into a
folder beside the data; nothing of it is part of the project.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from secrets import token_urlsafe
from typing import Any

import asyncpg

from bench.instance import InstanceFailedError, many_files
from deploy.local import mosquitto
from deploy.local.ports import Ports, choose
from deploy.local.postgres import cluster, initialise
from deploy.local.supervisor import Part, Supervisor, answers
from deploy.local.up import default_folder
from deploy.local.web import node
from deploy.mosquitto.provision import SERVICE_USER, provision

PACKAGES = ("node-red@4", "pg@8")
PROVIDERS = 1500
COUNTY = "360733"
MIDDLE, SPREAD = (25.6, 115.79), 0.15
NAME = "peer"
TABLES = """
CREATE TABLE provider (id bigint PRIMARY KEY, lng float8 NOT NULL, lat float8 NOT NULL, online boolean NOT NULL);
CREATE TABLE alert (device_id text, msg_id text, lng float8 NOT NULL, lat float8 NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (device_id, msg_id));
CREATE TABLE job (id bigserial PRIMARY KEY, device_id text NOT NULL, msg_id text NOT NULL,
    provider_id bigint NOT NULL REFERENCES provider, state text NOT NULL);
"""
STATEMENT = """
WITH fresh AS (INSERT INTO alert (device_id, msg_id, lng, lat) VALUES ($1, $2, $3, $4)
               ON CONFLICT DO NOTHING RETURNING device_id, msg_id),
nearest AS (SELECT id FROM provider WHERE online ORDER BY (lng - $3) ^ 2 + (lat - $4) ^ 2 LIMIT 1)
INSERT INTO job (device_id, msg_id, provider_id, state)
SELECT f.device_id, f.msg_id, n.id, 'offered' FROM fresh f CROSS JOIN nearest n RETURNING id, provider_id
"""
TAKE = """
const alarm = msg.payload, device = msg.topic.split("/")[3];
const done = await global.get("pool").query({
  name: "alarm", text: global.get("statement"), values: [device, alarm.eid, alarm.loc.lon, alarm.loc.lat]});
if (done.rowCount === 0) return null;
return {payload: JSON.stringify({job_id: done.rows[0].id, provider_id: done.rows[0].provider_id,
                                 device_id: device, msg_id: alarm.eid, t0: alarm.ts})};
"""
SETTINGS = """
const { Pool } = require(process.env.PEER_MODULES + "/pg");
const pool = new Pool({ connectionString: process.env.PEER_DATABASE, max: 10 });
pool.on("error", () => {});
module.exports = {
  uiHost: "127.0.0.1", uiPort: Number(process.env.PEER_PORT), httpAdminRoot: false, credentialSecret: false,
  flowFile: "flows.json", functionGlobalContext: { pool, statement: process.env.PEER_STATEMENT },
  logging: { console: { level: "warn" } },
};
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running peer; `devices` are identities as bench.load wants them."""

    folder: Path
    ports: Ports
    owner_url: str
    devices: Sequence[dict[str, Any]]

    @property
    def socket(self) -> str:
        """Where its consoles listen."""
        return f"ws://127.0.0.1:{self.ports.http}/ws/console"

    def processes(self) -> dict[str, int]:
        """Process numbers by name."""
        return dict(json.loads((self.folder / "run.json").read_text("utf-8"))["processes"])

    async def kept(self, eids: Sequence[str]) -> set[str]:
        """Which of these it has a job for."""
        database = await asyncpg.connect(self.owner_url)
        try:
            return {row[0] for row in await database.fetch("SELECT msg_id FROM job WHERE msg_id = ANY($1)", eids)}
        finally:
            await database.close()


def fetched() -> Path:
    """The folder with its packages, fetched the first time; InstanceFailedError when npm cannot."""
    folder = default_folder() / NAME
    if not (folder / "node_modules" / "node-red").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", "utf-8")
        binary, script = node()
        path = f"{binary.parent}:{os.environ.get('PATH', '')}"
        done = subprocess.run(
            [binary, script, "install", "--no-audit", "--no-fund", *PACKAGES], cwd=folder, capture_output=True,
            text=True, check=False, env={**os.environ, "PATH": path},
        )  # fmt: skip
        if done.returncode:
            raise InstanceFailedError(done.stderr[-2000:])
    return folder / "node_modules"


@asynccontextmanager
async def peer(homes: int) -> AsyncIterator[Peer]:
    """Start one with that many devices, and remove it afterwards."""
    many_files()
    modules = fetched()
    folder = Path(tempfile.mkdtemp(prefix="yinling-peer-"))
    # PostgreSQL may have to run as another user, who must get through.
    folder.chmod(0o711)  # noqa: ASYNC240
    supervisor = Supervisor(folder, lambda *_: None)
    try:
        yield await _started(folder, modules, supervisor, _devices(homes))
    finally:
        await supervisor.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _started(folder: Path, modules: Path, supervisor: Supervisor, devices: Sequence[dict[str, Any]]) -> Peer:
    ports, _ = choose(Ports(), "127.0.0.1")
    word = token_urlsafe(24)
    it = cluster(folder / "postgres")
    initialise(it, word)
    url = f"postgresql://postgres:{word}@127.0.0.1:{ports.postgres}/postgres"
    parts = (
        Part("postgres", it.command(ports.postgres), {}, it.user, probe=lambda: _serves(url), directory=Path("/")),
        Part("broker", _broker(folder / "mosquitto", ports, devices, word), probe=_open(ports.mqtt)),
    )
    await supervisor.start(*parts)
    await _filled(url)
    _write_flow(folder, ports, word)
    environment = {
        "PEER_MODULES": str(modules), "PEER_DATABASE": url, "PEER_PORT": str(ports.http), "PEER_STATEMENT": STATEMENT,
    }  # fmt: skip
    command = (
        str(node()[0]), str(modules / "node-red" / "red.js"), "--settings", str(folder / "settings.js"), "--userDir",
        str(folder),
    )  # fmt: skip
    await supervisor.start(Part("node-red", command, environment, probe=_open(ports.http)))
    return Peer(folder, ports, url, devices)


def _broker(folder: Path, ports: Ports, devices: Sequence[dict[str, Any]], word: str) -> list[str]:
    folder.mkdir()
    provision(folder, [(one["id"], one["secret"]) for one in devices], hubs={}, service_password=word)
    config = mosquitto.write_config(folder, host="127.0.0.1", port=ports.mqtt, service_port=ports.mqtt_services)
    return mosquitto.command(config)


def _open(port: int) -> Any:
    return lambda: answers("127.0.0.1", port)


async def _serves(url: str) -> bool:
    try:
        await (await asyncpg.connect(url, timeout=1)).close()
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


async def _filled(url: str) -> None:
    draw = Random(1)
    rows = [(n, *_place(draw), draw.random() < 0.9) for n in range(PROVIDERS)]
    database = await asyncpg.connect(url)
    await database.execute(TABLES)
    await database.copy_records_to_table("provider", records=rows)
    await database.execute("ANALYZE")
    await database.close()


def _place(draw: Random) -> tuple[float, float]:
    lat, lon = MIDDLE
    return lon + draw.uniform(-SPREAD, SPREAD), lat + draw.uniform(-SPREAD, SPREAD)


def _devices(homes: int) -> list[dict[str, Any]]:
    draw = Random(2)
    places = [_place(draw) for _ in range(homes)]
    return [
        {"id": f"B-{n:05}", "county": COUNTY, "secret": token_urlsafe(24), "loc": {"lat": lat, "lon": lon}}
        for n, (lon, lat) in enumerate(places, start=1)
    ]


def _write_flow(folder: Path, ports: Ports, word: str) -> None:
    broker = {
        "id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(ports.mqtt_services),
        "clientid": NAME, "autoConnect": True, "usetls": False, "protocolVersion": "4", "keepalive": "60",
        "cleansession": False, "autoUnsubscribe": False,
    }  # fmt: skip
    flow = [
        {"id": "tab", "type": "tab", "label": NAME},
        broker,
        {"id": "consoles", "type": "websocket-listener", "path": "/ws/console", "wholemsg": "false"},
        {
            "id": "in", "type": "mqtt in", "z": "tab", "topic": "yl/v1/+/+/up/alarm", "qos": "1", "datatype": "json",
            "broker": "broker", "inputs": 0, "wires": [["take"]],
        },
        {"id": "take", "type": "function", "z": "tab", "func": TAKE, "outputs": 1, "libs": [], "wires": [["out"]]},
        {"id": "out", "type": "websocket out", "z": "tab", "server": "consoles", "client": "", "wires": []},
    ]  # fmt: skip
    words = {"broker": {"user": SERVICE_USER, "password": word}}
    for name, text in (
        ("settings.js", SETTINGS), ("flows.json", json.dumps(flow)), ("flows_cred.json", json.dumps(words)),
    ):  # fmt: skip
        (folder / name).write_text(text, "utf-8")
