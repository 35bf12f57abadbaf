"""Who presses, who answers, who sits at the desk: by the clients' rules of the wire contract, from the simulators."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from bench.simulation.loop import OUTSIDE, ImaginedClock, pause
from bench.simulation.processes import City, within
from bench.simulation.wire import Socket
from services.dispatch.flow.commands import execute
from services.gateway.domain.people import Identity
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.database import is_away
from shared.vocabulary.divisions import Division
from simulators.console import ringing_ids, seen_on_screen
from simulators.inbox import Frame, Inbox
from simulators.press import Press

COUNTY, STREET = "360733", "360733100"
HTTP_WITHIN_S = 3.0
GIVES_UP_AFTER = 12
TAKES_S = (0.1, 3.0)
NEXT_STEP = {"accepted": "depart", "en_route": "arrive", "arrived": "start", "in_service": "complete"}


@dataclass
class Diary:
    """What everybody did and saw, as `bench.proofs.checker` reads it."""

    clock: ImaginedClock
    entries: list[dict[str, Any]] = field(default_factory=list)

    def note(self, actor: str, op: str, **details: Any) -> None:
        """An entry at this instant."""
        self.entries.append({"t": self.clock.now().timestamp(), "actor": actor, "op": op, **details})


class Button:
    """A device in a bad spot; it repeats each press until it is answered."""

    def __init__(self, city: City, diary: Diary, number: int) -> None:
        """Listen for receipts."""
        self.device = f"B-{number}"
        self.presses: list[Press] = []
        self._city, self._diary = city, diary
        self._heard = asyncio.Event()
        city.broker.devices[self.device] = self._hear

    async def press(self) -> None:
        """Press, and repeat until somebody says that it is safe."""
        now = self._diary.clock.now()
        press = Press(self.device, "sos", 1, len(self.presses) + 1, now, due=now)
        self.presses.append(press)
        while press.due is not None:
            if press.due <= self._diary.clock.now():
                self.send(press)
            await self._diary.clock.wait_until(press.due, self._heard, 10)

    def send(self, press: Press) -> None:
        """One attempt."""
        payload = orjson.dumps(press.alarm())
        press.sent(self._diary.clock.now(), self._city.draw)
        self._diary.note(self.device, "sent", eid=press.eid, attempt=press.attempts, tries=0)
        self._city.broker.up(f"yl/v1/{COUNTY}/{self.device}/up/alarm", payload)

    def _hear(self, payload: bytes) -> None:
        receipt = orjson.loads(payload)
        for press in self.presses:
            if press.eid == receipt["eid"] and press.heard(receipt):
                about = {name: receipt.get(name) for name in ("rev", "stage", "incident")}
                self._diary.note(self.device, "receipt", eid=press.eid, **about)
        self._heard.set()


class Screen:
    """An open console that comes back whenever it is cut off, to either gateway."""

    def __init__(self, city: City, diary: Diary, who: Identity) -> None:
        """Closed."""
        self.who = who
        self.city, self.draw, self.diary = city, city.draw, diary
        self.inboxes = {name: Inbox(name) for name in who.inboxes}
        self.words: set[str] = set()
        """Alarms that stand on this screen without an incident."""
        self._socket: Socket | None = None
        self._keys = 0

    async def stay(self) -> None:
        """Stay connected."""
        while True:
            door = self._door()
            if door is not None:
                await self._visit(*door)
            await pause(self.draw.uniform(0.05, 1.0))

    def _door(self) -> tuple[Any, Any] | None:
        doors = [door for _, door in sorted(self.city.doors.items())]
        return self.draw.choice(doors) if doors else None

    async def _visit(self, process: Any, sockets: Any) -> None:
        serving: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()
        task = within(process, _serve(self.city, sockets, serving))
        await asyncio.wait({task, serving}, timeout=2, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            task.cancel()
            return
        socket = self._socket = serving.result()
        positions = [inbox.position() for inbox in self.inboxes.values()]
        self._put({"t": "hello", "v": 1, "token": self.who.account, "inboxes": positions})
        try:
            while (text := await self._next(socket)) is not None:
                self._take(orjson.loads(text))
        finally:
            self._socket = None
            self.words.clear()
            socket.cut()

    async def _next(self, socket: Socket) -> str | None:
        """None when the line is broken or silent for too long."""
        try:
            async with asyncio.timeout(25):
                return await socket.down.get()
        except TimeoutError:
            return None

    def cut(self) -> None:
        """A tunnel, a lift."""
        if self._socket is not None:
            self._socket.cut()

    def _put(self, frame: Mapping[str, Any]) -> None:
        if self._socket is not None:
            self._socket.up.put(orjson.dumps(frame).decode())

    def _take(self, frame: Frame) -> None:
        match frame["t"]:
            case "welcome":
                for mode in frame["inboxes"]:
                    self.inboxes[mode["id"]].meet(mode["epoch"])
            case "ev":
                self._event(self.inboxes[frame["i"]], frame)
            case "snap":
                inbox = self.inboxes[frame["i"]]
                inbox.reset(frame["epoch"], frame["seq"])
                self.words.clear()
                self._draw_it(inbox, frame)
            case "state" if frame["k"].startswith("alarm/"):
                change = self.words.add if frame["d"] else self.words.discard
                change(frame["k"].removeprefix("alarm/"))
            case "ping":
                self._put({"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
            case _:
                pass

    def _event(self, inbox: Inbox, frame: Frame) -> None:
        ready, hole = inbox.take(frame)
        if hole:
            self._put({"t": "sync", "i": inbox.id, "after": inbox.seq})
        for event in ready:
            if event["type"].startswith("incident."):
                self.words.difference_update(event["d"].get("alarms", ()))
            self._draw_it(inbox, event)

    def _draw_it(self, inbox: Inbox, frame: Frame) -> None:
        self.diary.note(self.who.account, "shown", **seen_on_screen(inbox, frame))
        if ids := ringing_ids(frame):
            self._put({"t": "seen", "i": inbox.id, "ids": ids, "ring": "ok"})
        self.show(frame)

    def show(self, frame: Frame) -> None:
        """What this person does about it."""

    def later(self, work: Any) -> None:
        """Begin to do something beside."""
        within(OUTSIDE, work)

    async def act(
        self, name: CommandName, target: str, args: Mapping[str, Any] | None = None, *, path: str = "",
        if_match: int | None = None,
    ) -> Answer | None:  # fmt: skip
        """A command with one key, sent until it is answered; None when nobody answers at all."""
        self._keys += 1
        who = self.who
        actor = Actor(account=who.account, name=who.name, role=who.role, division=who.division, responder=who.responder)
        command = Command(
            name=name, target=target, actor=actor, key=f"{who.account}-{self._keys}", args=dict(args or {}),
            if_match=if_match,
        )  # fmt: skip
        for _ in range(GIVES_UP_AFTER):
            answer = await self._asked(command)
            if answer is not None:
                self.diary.note(who.account, "acted", path=path or name, status=answer.status, body=answer.body)
                return answer
            await pause(self.draw.uniform(0.1, 1.0))
        return None

    async def _asked(self, command: Command) -> Answer | None:
        """Over HTTP: the question may be lost, or the answer, or whoever was asked."""
        houses = [house for _, house in sorted(self.city.houses.items())]
        await pause(self.draw.uniform(0.001, 0.05))
        if not houses or self.draw.random() < self.city.broker.radio.lost / 2:
            return None
        process, house = self.draw.choice(houses)
        task = within(process, execute(house, command))
        task.add_done_callback(self._look_at)
        await asyncio.wait({task}, timeout=HTTP_WITHIN_S)
        lost = process.dead or self.draw.random() < self.city.broker.radio.lost / 2
        if not task.done() or task.cancelled() or task.exception() is not None or lost:
            return None
        await pause(self.draw.uniform(0.001, 0.05))
        answer: Answer = task.result()
        return answer

    def _look_at(self, task: "asyncio.Task[Answer]") -> None:
        """A database that is away is answered with `try again`; anything else that is raised is a fault."""
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not is_away(fault):
            self.city.loop.faults.append(f"command: {fault!r}")


async def _serve(city: City, sockets: Any, serving: "asyncio.Future[Socket]") -> None:
    """Within the gateway: a connection has come in."""
    socket = Socket(city.draw, 0.04)
    city.sockets.append(socket)
    serving.set_result(socket)
    try:
        await sockets.serve(socket)
    finally:
        city.sockets.remove(socket)
        await socket.close()


class Responder(Screen):
    """Somebody who is asked: says yes or no or nothing, and goes."""

    def show(self, frame: Frame) -> None:
        """Answer an offer; go on with a job."""
        if frame["t"] == "snap":
            for offer in frame["d"].get("offers", []):
                self._offered(offer)
            for job in frame["d"].get("jobs", []):
                self._job(job)
        elif frame["type"] == "job.offered":
            self._offered(frame["d"])
        elif frame["type"] == "job.updated":
            self._job(frame["d"])

    def _offered(self, offer: Mapping[str, Any]) -> None:
        answer = self.draw.choices(("accept", "decline", "silence"), (6, 2, 2))[0]
        if answer != "silence":
            self.later(self._answer(offer["offer"], answer))

    async def _answer(self, offer: str, answer: str) -> None:
        await pause(self.draw.uniform(*TAKES_S))
        name: CommandName = "accept_offer" if answer == "accept" else "decline_offer"
        args = {} if answer == "accept" else {"reason": "busy"}
        await self.act(name, offer, args, path=f"/offers/{offer}/{answer}")

    def _job(self, job: Mapping[str, Any]) -> None:
        step = NEXT_STEP.get(job["my_state"])
        if step is not None:
            self.later(self._go_on(str(job["job"]), step))

    async def _go_on(self, job: str, step: Any) -> None:
        await pause(self.draw.uniform(*TAKES_S))
        await self.act(step, job)


class Seat(Screen):
    """The desk: takes what comes, closes what was seen to."""

    def show(self, frame: Frame) -> None:
        """Learn the rows."""
        rows = frame["d"].get("incidents", []) if frame["t"] == "snap" else [frame["d"]]
        for row in rows:
            if row.get("state") == "open" and not row["holder"]:
                self.later(self._claim(row))
            elif row.get("state") == "resolved":
                self.later(self._close(row))

    async def _claim(self, row: Mapping[str, Any]) -> None:
        await pause(self.draw.uniform(*TAKES_S))
        await self.act("claim", row["incident"], if_match=row["ver"])

    async def _close(self, row: Mapping[str, Any]) -> None:
        await pause(self.draw.uniform(*TAKES_S))
        seen = {"outcome": "genuine", "evidence": "seen", "evidence_by": "王", "note": ""}
        await self.act("close", row["incident"], seen, if_match=row["ver"])


def responder(number: int) -> Identity:
    """An account of somebody who goes."""
    return _identity(f"r-{number}", "responder", f"R-{number}", STREET)


def seat(number: int) -> Identity:
    """An account of the county's desk."""
    return _identity(f"desk{number}", "desk", None, COUNTY)


def _identity(account: str, role: str, name: str | None, division: str) -> Identity:
    return Identity(
        account, account, account, role, "caregiver" if name else None, Division(division), name, account.encode(),
        datetime(2030, 1, 1, tzinfo=UTC),
    )  # fmt: skip
