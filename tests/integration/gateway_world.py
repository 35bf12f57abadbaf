"""A small county with people in it, and a gateway to talk to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
from argon2 import PasswordHasher
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from deploy.local.sealing import seal
from services.gateway.domain.streams import Limits
from services.gateway.main import serve
from shared.contracts.commands import SIGNATURE, Command, signed
from shared.runtime.clock import FakeClock, woken
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import NewEvent, append, lock
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.conftest import RING

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
COUNTY, STREET, OTHER_STREET, OTHER_COUNTY = "360733", "360733100", "360733101", "360734"
PASSWORD = "correct horse"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PATIENCE_S = 10
ADDRESS = "会昌县文武坝镇红旗路5号3栋2单元602室"

INCIDENT = """
INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill, class,
    flags, presses, home_id, elder_id, device_id, policy, rung, rung_at, opened_at, pressed_at, receipt_stage,
    canary)
VALUES ($1, $2, 'open', 1, 1, $1, 'person', 'sos', 1, false, 'own', '{}', 1, $3, $4, 'B-1', '{}', 0, $5, $5, $5, 1, $6)
"""
JOB = "INSERT INTO dispatch.job VALUES ($1, $2, $3, 'offering', 1, 1, $4, $4, $4)"
OFFER = """
INSERT INTO dispatch.offer (id, job_id, incident_id, division, responder_id, responder_name, responder_kind, state,
    wave, dist_m, eta_s, score, sent_at, respond_by)
VALUES ($1, $2, $3, $4, $5, $5::text, 'caregiver', 'sent', 1, 640, 420, '{}', $6, $7)
"""
ASSIGNMENT = """
INSERT INTO dispatch.assignment (id, job_id, incident_id, division, offer_id, responder_id, responder_name,
    responder_kind, role, slot, state, eta_s, accepted_at)
VALUES ($1, $2, $3, $4, $5, $6, $6::text, 'caregiver', 'first', 1, 'accepted', 420, $7)
"""

PEOPLE: tuple[tuple[str, str, str, str | None], ...] = (
    ("desk", "desk", COUNTY, None),
    ("city", "supervisor", "3607", None),
    ("elsewhere", "desk", OTHER_COUNTY, None),
    ("wang", "responder", STREET, "R1"),
    ("li", "responder", STREET, "R2"),
    ("fitter", "installer", STREET, None),
    ("fitter2", "installer", OTHER_STREET, None),
)


async def seed(settings: Settings) -> None:
    """Divisions, a home with two elders, two responders, two installers, a desk in two counties and the city."""
    owner = await asyncpg.connect(settings.owner_database)
    await owner.executemany(
        "INSERT INTO dispatch.division VALUES ($1, $2, $3)",
        [("36", "江西省", None), ("3607", "赣州市", "36"), (COUNTY, "会昌县", "3607"), (STREET, "文武坝镇", COUNTY),
         (OTHER_STREET, "筠门岭镇", COUNTY)],
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO dispatch.home VALUES ('H1', $1, $2, 6, false, '#42', '门垫下', 25.6, 115.79)", STREET, ADDRESS
    )
    for elder, name in (("E1", "李建国"), ("E2", "王芳")):
        await owner.execute(
            "INSERT INTO dispatch.elder VALUES ($1, 'H1', $2, $3, 'm', 1940, '13900000001', true, 2, '高血压', '赣语')",
            elder, STREET, name,
        )  # fmt: skip
    contact = "INSERT INTO dispatch.contact VALUES ('E1', $1, 1, '李小军', '儿子', '13900000002', true)"
    await owner.execute(contact, STREET)
    for responder, name in (("R1", "王护士"), ("R2", "李师傅")):
        await owner.execute(
            "INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty) "
            "VALUES ($1, $2, 'caregiver', $3, '13900000003', 25.6, 115.79, true)",
            responder, STREET, name,
        )  # fmt: skip
    hashed = CHEAP.hash(PASSWORD)
    for username, role, division, going in PEOPLE:
        await owner.execute(
            "INSERT INTO gateway.account (id, username, password_hash, name, role, kind, division, responder_id) "
            "VALUES ($1, $1, $2, $1::text, $3, $4, $5, $6)",
            username, hashed, role, "caregiver" if going else None, division, going,
        )  # fmt: skip
    await owner.close()
    await seal(settings.owner_database, RING)


@dataclass
class City:
    """Stands for dispatch: writes its tables and its log."""

    database: Database
    clock: FakeClock
    jobs: dict[str, UUID] = field(default_factory=dict)

    def event(self, incident: str, tag: str, **body: Any) -> NewEvent:
        """An event of an incident."""
        plain = orjson.loads(orjson.dumps({"incident": incident, **body}))
        return NewEvent(uuid7(self.clock.now()), "incident", incident, tag, plain, STREET, "service:dispatch")

    async def write(self, *events: NewEvent, sql: tuple[tuple[Any, ...], ...] = ()) -> None:
        """Change rows and append events in one transaction."""
        async with self.database.transaction() as connection:
            await lock(connection, [f"{e.stream}/{e.stream_id}" for e in events])
            for statement, *values in sql:
                await connection.execute(statement, *values)
            await append(connection, events, self.clock.now())

    async def open(
        self, incident: str, *, home: str | None = "H1", elder: str | None = "E1", division: str = STREET,
        canary: bool = False, alarm: UUID | None = None,
    ) -> NewEvent:  # fmt: skip
        """An incident with its job, as dispatch would open it, for an alarm."""
        now = self.clock.now()
        job = self.jobs[incident] = uuid7(now)
        event = self.event(incident, "incident.opened", job=job, alarm=alarm)
        opened = (INCIDENT, incident, division, home, elder, now, canary)
        await self.write(event, sql=(opened, (JOB, job, incident, division, now)))
        return event

    async def offer(self, incident: str, responder: str) -> tuple[UUID, NewEvent]:
        """Ask somebody."""
        now = self.clock.now()
        offer, job, until = uuid7(now), self.jobs[incident], now + timedelta(seconds=60)
        event = self.event(incident, "offer.sent", offer=offer, job=job, responder=responder)
        await self.write(event, sql=((OFFER, offer, job, incident, STREET, responder, now, until),))
        return offer, event

    async def accept(self, incident: str, responder: str, offer: UUID) -> None:
        """Somebody goes."""
        now, made, job = self.clock.now(), uuid7(self.clock.now()), self.jobs[incident]
        await self.write(
            self.event(incident, "offer.accepted", offer=offer, job=job, responder=responder),
            self.event(incident, "assignment.made", assignment=made, job=job, responder=responder, role="first"),
            sql=(
                ("UPDATE dispatch.incident SET ver = ver + 2 WHERE id = $1", incident),
                ("UPDATE dispatch.offer SET state = 'accepted' WHERE id = $1", offer),
                (ASSIGNMENT, made, job, incident, STREET, offer, responder, now),
            ),
        )

    async def press_again(self, incident: str) -> NewEvent:
        """The same button once more."""
        event = self.event(incident, "alarm.joined", alarm=uuid7(self.clock.now()), device="B-1", eid="B-1:1:2")
        statement = "UPDATE dispatch.incident SET presses = presses + 1, ver = ver + 1 WHERE id = $1"
        await self.write(event, sql=((statement, incident),))
        return event

    async def close(self, incident: str) -> None:
        """The end of an incident, and of every way to it."""
        statement = "UPDATE dispatch.incident SET state = 'closed', ver = ver + 1, closed_at = $2 WHERE id = $1"
        ways = "UPDATE dispatch.assignment SET state = 'completed', ended_at = $2 WHERE incident_id = $1"
        done = (incident, self.clock.now())
        await self.write(self.event(incident, "incident.closed"), sql=((statement, *done), (ways, *done)))

    async def logged(self, tag: str) -> list[dict[str, Any]]:
        """Bodies of the events with a tag."""
        rows = await self.database.pool.fetch("SELECT body FROM log.event WHERE tag = $1 ORDER BY position", tag)
        return [row["body"] for row in rows]

    async def until_logged(self, tag: str, many: int = 1) -> list[dict[str, Any]]:
        """Wait for events to arrive in the log."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := await self.logged(tag)) < many:
                await woken(asyncio.Event(), 0.01)
        return found


class Console:
    """A console that keeps every frame it was sent."""

    def __init__(self, socket: ClientConnection) -> None:
        """Start with nothing."""
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def say(self, **frame: Any) -> None:
        """Send a frame."""
        await self.socket.send(orjson.dumps(frame).decode())

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds; pings are answered, others are kept."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: dict[str, Any] = orjson.loads(await self.socket.recv())
                self.frames.append(frame)
                if frame["t"] == "ping" and "ping" not in kinds:
                    await self.say(t="pong", n=frame["n"])
                if frame["t"] in kinds:
                    return frame

    async def closed(self) -> int:
        """The code this socket is closed with."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    self.frames.append(orjson.loads(await self.socket.recv()))
            except ConnectionClosed as end:
                return end.rcvd.code if end.rcvd else 1006


@dataclass
class World:
    """Everything a test needs."""

    settings: Settings
    clock: FakeClock
    city: City
    http: httpx.AsyncClient
    commands: list[Command]
    answers: list[Any]

    def at_port(self, port: int) -> "World":
        """The same county behind a second gateway."""
        return replace(self, settings=self.settings.model_copy(update={"gateway_port": port}))

    async def log_in(self, username: str) -> str:
        """A session's token."""
        given = {"username": username, "password": PASSWORD}
        answer = await self.http.post("/api/v1/sessions", json=given)
        assert answer.status_code == 201, answer.text
        self.http.cookies.clear()
        token: str = answer.json()["token"]
        return token

    async def get(self, path: str, token: str, **params: Any) -> httpx.Response:
        """GET under the API's root."""
        return await self.http.get(f"/api/v1{path}", params=params, headers={"Authorization": f"Bearer {token}"})

    async def post(self, path: str, token: str, body: Any = None, **headers: str) -> httpx.Response:
        """POST under the API's root."""
        own = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1", **headers}
        return await self.http.post(f"/api/v1{path}", json=body, headers={k: v for k, v in own.items() if v})

    @asynccontextmanager
    async def console(
        self, token: str, *positions: dict[str, Any], hello: bool = True, origin: str | None = None, **options: Any
    ) -> AsyncIterator[Console]:
        """An open socket, after its hello."""
        url = f"ws://127.0.0.1:{self.settings.gateway_port}/ws"
        given = Origin(origin) if origin else None
        options = {"max_queue": None, **options}
        async with connect(url, subprotocols=[Subprotocol("yinling.v1")], origin=given, **options) as socket:
            console = Console(socket)
            if hello:
                await console.say(t="hello", v=1, token=token, inboxes=list(positions))
            yield console


async def _owner(
    taken: list[Command], answers: list[Any], settings: Settings, port: int, opened: asyncio.Event
) -> None:
    app = FastAPI()

    @app.post("/commands")
    async def commands(request: Request) -> JSONResponse:
        body = await request.body()
        assert signed(settings.service_secret.get_secret_value(), body, request.headers[SIGNATURE])
        taken.append(Command.model_validate_json(body))
        return JSONResponse(answers.pop(0))

    await serve_app(app, settings.dispatch_host, port, opened)


@asynccontextmanager
async def owner(settings: Settings, port: int) -> AsyncIterator[tuple[list[Command], list[Any]]]:
    """A stand-in for a service that decides: the commands it was given, and the answers it will give."""
    commands: list[Command] = []
    answers: list[Any] = []
    opened = asyncio.Event()
    serving = asyncio.create_task(_owner(commands, answers, settings, port, opened))
    await opened.wait()
    try:
        yield commands, answers
    finally:
        await ended(serving)


@asynccontextmanager
async def world(settings: Settings, limits: Limits | None = None, start: datetime = START) -> AsyncIterator[World]:
    """A seeded county with a running gateway and a stand-in for dispatch."""
    await seed(settings)
    clock = FakeClock(start)
    database = Database(settings.dispatch_database, name="test-dispatch", size=3, fields=RING)
    await database.open()
    url = f"http://127.0.0.1:{settings.gateway_port}"
    try:
        async with (
            owner(settings, settings.dispatch_port) as (commands, answers),
            gateway(settings, clock, limits),
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http,
        ):
            yield World(settings, clock, City(database, clock), http, commands, answers)
    finally:
        await database.close()


@asynccontextmanager
async def gateway(settings: Settings, clock: FakeClock, limits: Limits | None = None) -> AsyncIterator[None]:
    """A gateway that serves inside this event loop."""
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(settings, clock, ready.set, limits or Limits()))
    try:
        await asyncio.wait({serving, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
        assert ready.is_set()
        yield
    finally:
        await ended(serving)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end; its faults are ours."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
