"""A town for stories: real database, real broker, the services in one event loop under one clock moved by hand."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import asyncpg
import httpx
import orjson
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect

import services.devices.main
import services.dispatch.main
import services.gateway.main
import services.watch.main
from deploy.local.sealing import seal
from shared.runtime.clock import FakeClock, woken
from shared.runtime.database import speak
from shared.runtime.mqtt import Link
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.brokers import RunningBroker, patient, secret_of
from tests.conftest import RING, TestDatabase

COUNTY = "360733"
STREET = "360733100"
VILLAGE = "360733100001"
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PATIENCE_S = 30
PASSWORD = "yinling"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
KEYS = count()

DIVISIONS = (("36", "江西省", None), ("3607", "赣州市", "36"), (COUNTY, "会昌县", "3607"),
             (STREET, "文武坝镇", COUNTY), (VILLAGE, "红旗居委会", STREET), ("360121", "南昌县", "36"))  # fmt: skip
PEOPLE = (
    ("wang", "王小明", "nurse", 0.001),
    ("li", "李大力", "caregiver", 0.002),
    ("zhao", "赵一", "caregiver", 0.003),
    ("sun", "孙邻居", "volunteer", 0.0005),
    ("canary", "金丝雀", "canary", 0.0),
)
SEATS = (
    ("desk1", "陈值班", "desk", COUNTY),
    ("desk2", "刘值班", "desk", COUNTY),
    ("elsewhere", "外县", "desk", "360121"),
    ("bureau", "市民政局", "office", "3607"),
    ("province", "省民政厅", "office", "36"),
)


async def settle(url: str) -> None:
    """Put a couple, their buttons, four helpers and three seats into an empty database."""
    db = await asyncpg.connect(url)
    await db.executemany("INSERT INTO dispatch.division VALUES ($1, $2, $3)", DIVISIONS)
    await db.execute(
        "INSERT INTO dispatch.home VALUES ('H-1', $1, '红旗路3栋2单元101', 1, false, '2580#', '门垫下', 25.6, 115.79)",
        VILLAGE,
    )
    await db.executemany(
        "INSERT INTO dispatch.elder (id, home_id, division, name, sex, born, phone)"
        " VALUES ($1, 'H-1', $2, $3, $4, $5, '1')",
        [("E-1", VILLAGE, "李建国", "m", 1941), ("E-2", VILLAGE, "张秀英", "f", 1943)],
    )
    await db.execute("INSERT INTO dispatch.contact VALUES ('E-1', $1, 1, '李红', '女儿', '13900000001', true)", VILLAGE)
    await db.executemany(
        "INSERT INTO devices.device (id, county, division, model, secret_sha256, home_id, elder_id, added_at)"
        " VALUES ($1, $2, $3, 'button', $4, 'H-1', $5, $6)",
        [(b, COUNTY, VILLAGE, hashlib.sha256(secret_of(b).encode()).digest(), e, START)
         for b, e in (("B-1", "E-1"), ("B-2", "E-2"))],
    )  # fmt: skip
    await db.execute(
        "INSERT INTO devices.device (id, county, division, kind, model, secret_sha256, added_at)"
        " VALUES ('Y-1', $1, $1, 'canary', 'canary', $2, $3)",
        COUNTY, hashlib.sha256(secret_of("Y-1").encode()).digest(), START,
    )  # fmt: skip
    await db.executemany(
        "INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty, reachable)"
        " VALUES ($1, $2, $4, $3, '1', 25.6 + $5, 115.79, true, true)",
        [(i, STREET, n, k, far) for i, n, k, far in PEOPLE],
    )
    accounts: list[tuple[str | None, ...]] = [(i, n, "responder", k, STREET, i) for i, n, k, _ in PEOPLE]
    accounts += [(i, n, r, None, d, None) for i, n, r, d in SEATS]
    await db.executemany(
        "INSERT INTO gateway.account (id, username, password_hash, name, role, kind, division, responder_id)"
        " VALUES ($1, $1, $7, $2, $3, $4, $5, $6)",
        [(*a, HASH) for a in accounts],
    )
    inboxes = [*((f"u:{a[0]}", a[4]) for a in accounts), (f"d:{COUNTY}", COUNTY), ("d:360121", "360121")]
    await db.executemany("INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, 'e1')", inboxes)
    await db.close()
    await seal(url, RING)


async def until(look: Callable[[], Any], what: str) -> Any:
    """Wait, by the machine's time and not for long, until `look` gives something."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := look()):
                await woken(asyncio.Event(), 0.005)
            return found
    except TimeoutError:
        raise AssertionError(what) from None


@dataclass
class Button:
    """A device in somebody's hand."""

    id: str
    link: Link
    boot: int = 1
    seq: int = 0
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def press(self, kind: str = "sos") -> str:
        """Send an alarm once; answers its event id."""
        self.seq += 1
        return self.repeat(kind)

    def repeat(self, kind: str = "sos") -> str:
        """Send the last alarm again, as a button without a receipt does."""
        eid = f"{self.id}:{self.boot}:{self.seq}"
        body = {"v": 1, "eid": eid, "kind": kind, "boot": self.boot, "seq": self.seq}
        self.link.send(f"yl/v1/{COUNTY}/{self.id}/up/alarm", orjson.dumps(body))
        return eid

    async def listen(self) -> None:
        """Keep every receipt."""
        async for delivery in self.link.messages():
            self.receipts.append(orjson.loads(delivery.payload))

    async def told(self, stage: str, /, **wanted: object) -> dict[str, Any]:
        """Wait for a receipt of this stage."""

        def look() -> dict[str, Any] | None:
            fitting = (r for r in self.receipts if r["stage"] == stage and wanted.items() <= r.items())
            return next(fitting, None)

        receipt: dict[str, Any] = await until(look, f"{self.id} was not told {stage} {wanted}: {self.receipts}")
        return receipt

    @property
    def stages(self) -> list[str]:
        """Stages in the order they were told."""
        return [r["stage"] for r in self.receipts]


@dataclass
class Console:
    """Somebody's open screen, and their hands."""

    name: str
    http: httpx.AsyncClient
    ws: str
    token: str
    inboxes: list[str]
    socket: ClientConnection | None = None
    frames: list[dict[str, Any]] = field(default_factory=list)
    snaps: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    positions: dict[str, dict[str, Any]] = field(default_factory=dict)
    says_seen: bool = True

    async def open(self) -> None:
        """Connect where it left off."""
        self.socket = await connect(self.ws, subprotocols=["yinling.v1"], proxy=None)  # type: ignore[list-item]
        places = [self.positions.get(i, {"id": i}) for i in self.inboxes]
        await self.send({"t": "hello", "v": 1, "token": self.token, "inboxes": places})

    async def close(self) -> None:
        """Drop the connection."""
        if self.socket is not None:
            await self.socket.close()

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""
        assert self.socket is not None
        await self.socket.send(orjson.dumps(frame).decode())

    async def watch(self) -> None:
        """Take every frame as the protocol says, until the socket closes."""
        assert self.socket is not None
        async for text in self.socket:
            await self._take(orjson.loads(text))

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "ev":
                self.frames.append(frame)
                self.positions[frame["i"]] |= {"seq": frame["seq"]}
                if self.says_seen and frame["type"] in ("job.offered", "incident.opened"):
                    await self.send({"t": "seen", "i": frame["i"], "ids": [frame["id"]], "ring": "ok"})
            case "welcome":
                for i in frame["inboxes"]:
                    self.positions.setdefault(i["id"], {"id": i["id"], "seq": 0}).update(epoch=i["epoch"])
            case "snap":
                self.snaps.append(frame)
                self.positions[frame["i"]] |= {"epoch": frame["epoch"], "seq": frame["seq"]}
            case "state":
                self.words[frame["k"]] = frame["d"]
            case "ping":
                await self.send({"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
            case _:
                pass

    async def sees(self, event: str, /, **wanted: object) -> dict[str, Any]:
        """Wait for an event of this type whose body has these fields."""

        def look() -> dict[str, Any] | None:
            fitting = (f["d"] for f in self.frames if f["type"] == event and wanted.items() <= f["d"].items())
            return next(fitting, None)

        seen = [(f["type"], {k: f["d"].get(k) for k in wanted}) for f in self.frames]
        body: dict[str, Any] = await until(look, f"{self.name} never saw {event} {wanted}; saw {seen}")
        return body

    @property
    def offers(self) -> list[str]:
        """Offers shown so far, oldest first."""
        return [f["d"]["offer"] for f in self.frames if f["type"] == "job.offered"]

    async def act(self, path: str, body: dict[str, Any] | None = None, *, ver: int | None = None) -> httpx.Response:
        """Do something over HTTP."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"{self.name}-{next(KEYS)}"}
        if ver is not None:
            headers["If-Match"] = str(ver)
        return await self.http.post(f"/api/v1{path}", json=body or {}, headers=headers)

    async def read(self, path: str) -> Any:
        """Read something over HTTP."""
        response = await self.http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})
        assert response.status_code == 200, response.text
        return response.json()


class Town:
    """Everything that lives in a story."""

    def __init__(self, database: TestDatabase, broker: RunningBroker, settings: Settings) -> None:
        """Stand still at ten in the morning."""
        self.database = database
        self.broker = broker
        self.settings = broker.settings(settings)
        self.clock = FakeClock(START)
        self.stack = AsyncExitStack()
        self.services: dict[str, asyncio.Task[None]] = {}

    async def start(self, name: str) -> None:
        """Start a service and wait until it serves."""
        ready = asyncio.Event()
        serve: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "devices": lambda: services.devices.main.serve(self.settings, self.clock, ready.set, 1),
            "dispatch": lambda: services.dispatch.main.serve(self.settings, self.clock, ready.set),
            "gateway": lambda: services.gateway.main.serve(self.settings, self.clock, ready.set),
            "watch": lambda: services.watch.main.serve(self.settings, self.clock, ready.set),
            "presence": lambda: services.devices.main.serve_presence(self.settings, self.clock, ready.set),
        }
        task = asyncio.create_task(serve[name]())
        self.services[name] = task
        await until(lambda: ready.is_set() or task.done(), f"{name} does not serve")
        if task.done():
            task.result()

    async def stop(self, name: str) -> None:
        """End a service in the middle of whatever it does."""
        task = self.services.pop(name)
        task.cancel()
        await asyncio.wait({task}, timeout=15)

    async def button(self, name: str, secret: str | None = None) -> Button:
        """Somebody has this button at hand."""
        topic = f"yl/v1/{COUNTY}/{name}/down/receipt"
        it = Button(name, await self.stack.enter_async_context(patient(self.broker, name, topic, secret=secret)))
        self._live(it.listen())
        return it

    async def console(self, name: str, *, says_seen: bool = True, password: str = PASSWORD) -> Console:
        """Somebody logs in and looks at the screen."""
        base = f"http://127.0.0.1:{self.settings.gateway_port}"
        http = await self.stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=10, trust_env=False))
        reply = await http.post("/api/v1/sessions", json={"username": name, "password": password})
        assert reply.status_code in (200, 201), reply.text
        body = reply.json()
        ws = base.replace("http", "ws", 1) + "/ws"
        it = Console(name, http, ws, body["token"], list(body["account"]["inboxes"]), says_seen=says_seen)
        await self.show(it)
        return it

    async def show(self, console: Console) -> None:
        """Open the screen (again) and keep looking at it."""
        await console.open()
        self.stack.push_async_callback(console.close)
        self._live(console.watch())
        await until(lambda: len(console.positions) == len(console.inboxes), f"{console.name} was not welcomed")

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        await woken(asyncio.Event(), 0)

    async def happens(self, stream: str, tag: str, body: dict[str, Any], division: str = VILLAGE) -> None:
        """Let somebody have written this into the log: `stream` is `<stream>/<id>`."""
        name, _, of = stream.partition("/")
        event = {
            "id": str(uuid7(self.clock.now())), "stream": name, "stream_id": of, "tag": tag, "body": body,
            "division": division, "actor": "story",
        }  # fmt: skip
        write = "SELECT log.append($1::text::jsonb, $2) FROM log.lock(ARRAY[$3])"
        await self.value(write, orjson.dumps([event]).decode(), self.clock.now(), stream)

    async def value(self, sql: str, *args: object) -> Any:
        """Look into the database."""
        connection = await asyncpg.connect(self.database.url("owner"))
        try:
            await speak(connection, RING)
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()

    async def becomes(self, sql: str, wanted: object) -> None:
        """Wait until the database says so."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := await self.value(sql)) != wanted:
                await woken(asyncio.Event(), 0.02)
        assert found == wanted

    def _live(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)

        async def end() -> None:
            task.cancel()
            await asyncio.wait({task})

        self.stack.push_async_callback(end)


@asynccontextmanager
async def living(database: TestDatabase, broker: RunningBroker, settings: Settings) -> AsyncIterator[Town]:
    """A settled town with its services running."""
    await settle(database.url("owner"))
    broker.admit("B-1", "B-2", "Y-1")
    town = Town(database, broker, settings)
    try:
        for name in ("devices", "dispatch", "gateway"):
            await town.start(name)
        yield town
    finally:
        await town.stack.aclose()
        for name in tuple(town.services)[::-1]:
            await town.stop(name)
