"""`./yinling prove scope`: nobody sees past their own, over every endpoint, on every level, in every socket's frames.

Every word of a province of its own bears the number of its community (`scope_world`). Accounts of each role on
each level ask every endpoint of the description for their own things and, as often, for others'; whatever comes back is
searched for numbers beyond the asker's division, and for words that nobody has opened. What is written to others'
things must be refused. Sockets ask for their own inboxes and for others', while something happens in every community.
"""

import asyncio
import contextlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import asyncpg
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from bench.doors import doors
from bench.instance import Instance
from bench.machine import machine
from bench.matching import database
from bench.proofs.scope_world import COMMUNITIES, Account, World, ids, mark
from bench.ring import FIELDS
from deploy.local import secrets
from deploy.local.sealing import seal
from shared.contracts.console import SUBPROTOCOL
from shared.runtime.clock import SystemClock, stopwatch, woken
from shared.runtime.sealed import Fields

AT_ONCE, CUT_AT_MOST = 12, 100
OTHERS = 0.5
TOLD = {"ev", "alarm"}
"""What every desk hears of: an event of an incident, and an alarm that is in none."""
FRAMES_WITHIN_S = 20.0
DESKS = frozenset({"desk", "supervisor", "admin"})
OF_DESKS = 0.7
"""Share of the calls made by those who may see people at all; the others are mostly refused at the door."""
CODE = re.compile(r'Z(99\d{10})|"(99\d{4}(?:\d{3}){0,2})"')
SEALED = re.compile(r"y1:[0-9a-z]+:")
MEANT_TO = frozenset({"/api/v1/break-glass", "/api/v1/sessions", "/api/v1/sessions/current", "/api/v1/family/sessions"})
"""What looks beyond on purpose and is judged for it, and what would end the proof's own sessions."""
ECHO = re.compile(r'"filters":\{[^}]*\}|"incidents":"/api/[^"]*"')
"""What the asker has said, told back: by itself, and in the address of the list behind a figure."""
COUNTY = 6
SENT_FROM_AFAR = frozenset({"GET /api/v1/incidents/{incident}/candidates", "GET /api/v1/jobs/{job}/explain"})
"""Whoever may be sent to one's own call for help, or was asked, is shown; and people serve their whole county."""
NUMBER = re.compile(r"\{(\w+)\}")


@dataclass
class Tally:
    """What came back."""

    calls: int = 0
    frames: int = 0
    deaf: list[str] = field(default_factory=list)
    """Desks that were not told what is theirs."""
    doors: int = 0
    cut: int = 0
    own: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    seen_by: Counter[str] = field(default_factory=Counter)

    def read(self, who: Account, what: str, text: str) -> None:
        """Search an answer for what lies beyond."""
        codes = {first or second for first, second in CODE.findall(ECHO.sub("", text))}
        scope = who.scope[:COUNTY] if what in SENT_FROM_AFAR else who.scope
        beyond = {code for code in codes if not (code.startswith(scope) or scope.startswith(code))}
        if sealed := SEALED.search(text):
            self.leaks.append(f"{who.id}: {what}: sealed {sealed[0]}")
        if beyond:
            self.leaks.append(f"{who.id}: {what}: {sorted(beyond)[:3]}")
        if any(code.startswith(who.scope) for code in codes):
            self.own += 1
            self.seen_by[who.role] += 1


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the description."""

    method: str
    path: str
    query: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] | None

    @property
    def named(self) -> tuple[str, ...]:
        """The things that its path names."""
        return tuple(NUMBER.findall(self.path))


def operations(spec: Mapping[str, Any]) -> Iterator[Operation]:
    """Every endpoint of the description but those that are meant to look beyond."""
    for path, methods in spec["paths"].items():
        for method, told in methods.items():
            if path not in MEANT_TO:
                query = tuple(one for one in told.get("parameters", ()) if one["in"] == "query")
                content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
                yield Operation(method.upper(), path, query, content.get("schema"))


def example(schema: Mapping[str, Any], parts: Mapping[str, Any], about: Mapping[str, str], name: str = "") -> Any:
    """A value that fits a schema, as far as that is easily told; ids are those of `about`."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rsplit("/", 1)[1]]
    choices = next((schema[one] for one in ("anyOf", "oneOf", "allOf") if one in schema), None)
    if choices:
        return example(choices[0], parts, about, name)
    if name in about:
        return about[name]
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kinds: dict[str, Any] = {
        "integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True, "null": None,
        "array": [], "string": "2030-01-01T00:00:00Z" if schema.get("format") == "date-time" else "proof",
    }  # fmt: skip
    if schema.get("type") == "array" and schema.get("minItems"):
        return [example(schema["items"], parts, about, name.removesuffix("s"))]
    if schema.get("type") != "object":
        return kinds.get(schema.get("type", ""), "proof")
    wanted = schema.get("required", ())
    return {key: example(schema["properties"][key], parts, about, key) for key in wanted if key in schema["properties"]}


@dataclass
class Prober:
    """Asks one thing after the other."""

    http: aiohttp.ClientSession
    people: Sequence[Account]
    doors: Sequence[Operation]
    parts: Mapping[str, Any]
    draw: Random
    tally: Tally = field(default_factory=Tally)

    async def ask(self) -> None:
        """Somebody asks something, of their own or of others."""
        desks = self.draw.random() < OF_DESKS
        who = self.draw.choice([one for one in self.people if (one.role in DESKS) == desks])
        door = self.draw.choice(self.doors)
        others = [code for code in COMMUNITIES if not code.startswith(who.scope)]
        own = [code for code in COMMUNITIES if code.startswith(who.scope)]
        writes = door.method != "GET"
        foreign = bool(others) and (writes or self.draw.random() < OTHERS)
        if writes and not foreign:
            return
        about = ids(self.draw.choice(others if foreign else own))
        path = NUMBER.sub(lambda found: about.get(found[1], about["job"]), door.path)
        await self._sent(who, door, path, about, beyond=foreign and bool(door.named))

    async def _sent(self, who: Account, door: Operation, path: str, about: Mapping[str, str], *, beyond: bool) -> None:
        options: dict[str, Any] = {"params": self._query(door, about)}
        headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": f"k{self.tally.calls}", "If-Match": "1"}
        if door.body is not None:
            options["json"] = example(door.body, self.parts, about)
        self.tally.calls += 1
        async with self.http.request(door.method, path, headers=headers, **options) as answer:
            text = await answer.text(errors="replace")
        self.tally.statuses[answer.status] += 1
        self.tally.read(who, f"{door.method} {door.path}", text)
        if beyond and door.method != "GET" and answer.status < 300 and door.named[0] not in ("code", "inbox"):
            self.tally.leaks.append(f"{who.id}: wrote {door.method} {door.path} {answer.status}")

    def _query(self, door: Operation, about: Mapping[str, str]) -> dict[str, str]:
        given = {}
        for one in door.query:
            name = one["name"]
            if one.get("required") or self.draw.random() < 0.3:
                value = about.get(name, mark(about["division"]) if name == "q" else None)
                value = value or str(example(one["schema"], self.parts, about, name))
                given[name] = value
        return given


def main(*, calls: int, seed: int, data: Path | None, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if anything leaked or broke, or somebody was not told of their own."""
    found = uvloop.run(prove(calls, seed, data))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if not found["leaks"] and not found["faults"] and not found["deaf"] and found["own"] else 1


@asynccontextmanager
async def _standing(data: Path | None) -> AsyncIterator[tuple[str, str, Fields]]:
    """Where the owner of the tables and the gateway are, and its keys: of a running instance, or of one of our own."""
    if data is not None:
        it = Instance(data)
        yield it.owner_url, it.demo.http, secrets.fields(data)
        return
    with tempfile.TemporaryDirectory(prefix="yinling-proof-") as folder:
        async with database() as urls, doors(urls, Path(folder)) as url:
            yield urls["owner"], url, FIELDS


async def prove(calls: int, seed: int, data: Path | None) -> dict[str, Any]:
    """Ask so many times; frames of sockets come on top."""
    before, began = machine(), stopwatch()
    async with _standing(data) as (owner_url, url, fields):
        owner = await asyncpg.connect(owner_url)
        world = World(owner, SystemClock().now())
        people = await world.settle()
        await seal(owner_url, fields)
        tally = await probed(url, world, people, calls, Random(seed))
        await owner.close()
    return {
        "calls": tally.calls + tally.frames, "leaks": len(tally.leaks), "leaked": tally.leaks[:20], "deaf": tally.deaf,
        "faults": tally.statuses[HTTPStatus.INTERNAL_SERVER_ERROR],
        "http": tally.calls, "frames": tally.frames, "cut": tally.cut, "own": tally.own, "seen_by": dict(tally.seen_by),
        "statuses": {str(status): many for status, many in sorted(tally.statuses.items())}, "doors": tally.doors,
        "accounts": len(people), "seed": seed, "seconds": round(stopwatch() - began, 1), "machine": before,
    }  # fmt: skip


async def probed(url: str, world: World, people: Sequence[Account], calls: int, draw: Random) -> Tally:
    """Sockets first, then so many calls; what came back."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(url, connector=connector) as http:
        async with http.get("/api/v1/openapi.json") as answer:
            spec = await answer.json()
        prober = Prober(http, people, list(operations(spec)), spec["components"]["schemas"], draw)
        prober.tally.doors = len(prober.doors)
        await _sockets(url.replace("http", "ws", 1) + "/ws", world, prober)
        await asyncio.gather(*(_calls(prober, calls) for _ in range(AT_ONCE)))
    return prober.tally


async def _calls(prober: Prober, calls: int) -> None:
    while prober.tally.calls < calls:
        try:
            await prober.ask()
        except aiohttp.ClientConnectionError:  # it was let go by the other side just when it was taken up again
            prober.tally.cut += 1
            if prober.tally.cut > CUT_AT_MOST:
                raise


async def _sockets(url: str, world: World, prober: Prober) -> None:
    """Each account's own inboxes and somebody else's, while something happens everywhere."""
    heard: dict[str, set[str]] = {who.id: set() for who in prober.people}
    listening = [asyncio.create_task(_listen(url, who, prober.tally, heard[who.id])) for who in prober.people]
    await _until(lambda: all("live" in kinds for kinds in heard.values()))
    desks = [who for who in prober.people if who.role in DESKS]
    async with world.nobody_answers():
        for code in COMMUNITIES:
            await world.happened(code, "alarm.joined", {"alarm": ids(code)["call"], "device": ids(code)["device"]})
            await world.pressed(code)
        await _until(lambda: all(heard[who.id] >= TOLD for who in desks))
    prober.tally.deaf = sorted(who.id for who in desks if not heard[who.id] >= TOLD)
    for task in listening:
        task.cancel()
    await asyncio.wait(listening)


async def _until(true: Callable[[], bool]) -> None:
    began = stopwatch()
    while not true() and stopwatch() - began < FRAMES_WITHIN_S:
        await woken(asyncio.Event(), 0.1)


async def _listen(url: str, who: Account, tally: Tally, heard: set[str]) -> None:
    foreign = [f"d:{code}" for code in COMMUNITIES if not code.startswith(who.scope)]
    if foreign:
        with contextlib.suppress(WebSocketException, OSError):
            await _frames(url, who, tally, foreign[:1], set())
    await _frames(url, who, tally, who.inboxes, heard)


async def _frames(url: str, who: Account, tally: Tally, inboxes: Sequence[str], heard: set[str]) -> None:
    """Read until the gateway hangs up, as it does on whoever asks for others' inboxes."""
    async with connect(url, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None, open_timeout=60) as socket:
        hello = {"t": "hello", "v": 1, "token": who.token, "inboxes": [{"id": one} for one in inboxes]}
        await socket.send(json.dumps(hello))
        async for text in socket:
            tally.frames += 1
            tally.read(who, f"frame {text[:40]!r}", str(text))
            frame = json.loads(text)
            heard.add(frame["k"].partition("/")[0] if frame["t"] == "state" else frame["t"])


def _readable(found: dict[str, Any]) -> str:
    lines = [f"{found['calls']} calls and frames by {found['accounts']} accounts, {found['leaks']} leaks"]
    return "\n".join([*lines, *found["leaked"]])
