"""A sample of replayed episodes, lived through again by the service on a real database: the same people are asked.

The loop below knows the world file and the service's commands, and nothing of the replay's own.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import cos, radians
from typing import Any

import pytest

from bench.replay import Episode, Run
from bench.worlds import world
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.ids import uuid7
from tests.integration.test_dispatch_flow import Desk, desk

__all__ = ["desk"]

EPISODES, AROUND = 40, 30
LAT, LON = 25.6, 115.79
PERSON = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, speed_mps, on_duty, reachable)
VALUES ($1, $2, 'caregiver', $1::text, '1', $3, $4, $5, true, true)
"""
ASKED = """
SELECT id, responder_id, extract(epoch FROM sent_at - $2)::float AS after_s FROM dispatch.offer
WHERE incident_id = $1 ORDER BY sent_at, responder_id
"""
NEXT = "SELECT min(due_at) FROM dispatch.deadline WHERE incident_id = $1"
LIVE = "SELECT state IN ('sent', 'shown', 'rang') FROM dispatch.offer WHERE id = $1"
GOES = """
SELECT EXISTS (SELECT FROM dispatch.assignment
               WHERE offer_id = $1 AND state IN ('accepted', 'en_route', 'arrived', 'in_service'))
"""
EPOCH = datetime.fromtimestamp(0, UTC)
COMMANDS = {"accept": "accept_offer", "refuse": "decline_offer"}


@dataclass
class Lived:
    """One episode in a county of its own, second by second."""

    desk: Desk
    episode: dict[str, Any]
    number: int
    incident: str = ""
    begun: datetime = EPOCH
    queue: list[tuple[datetime, int, str, Any]] = field(default_factory=list)
    order: Any = field(default_factory=count)

    @property
    def street(self) -> str:
        """A county that no other episode's people belong to."""
        return f"{36:02}{self.number:04}100"

    async def live(self) -> list[tuple[str, float]]:
        """Who was asked, and how many seconds after the press."""
        for one in self.episode["responders"]:
            name = f"{self.episode['id']}-{one['id']}"
            place = (one["lat"], one["lon"])
            await self.desk.owner.pool.execute(PERSON, name, self.street, *place, one["speed_mps"])
        await self.press()
        until = self.begun + timedelta(seconds=self.episode["ends_s"])
        seen: set[Any] = set()
        while True:
            await self.look(seen)
            due = await self.desk.one(NEXT, self.incident)
            at = min((t for t in (due, self.queue[0][0] if self.queue else None) if t), default=until)
            if at >= until:
                break
            self.desk.clock.advance((at - self.desk.clock.now()).total_seconds())
            await (self.happens() if self.queue and self.queue[0][0] == at else self.due())
        rows = await self.desk.rows(ASKED, self.incident, self.begun)
        return [(r["responder_id"].split("-")[1], round(r["after_s"], 3)) for r in rows]

    async def press(self) -> None:
        """The log holds an alarm at the spot, and dispatch follows it."""
        self.begun = self.desk.clock.now()
        body: dict[str, Any] = {
            "alarm": str(uuid7(self.begun)), "device": f"B-{self.number}", "eid": f"B-{self.number}:1:1",
            "kind": "sos", "subject": f"elder:E-{self.number}", "county": self.street[:6], "home": None,
            "elder": None, "cls": "own", "flags": [],
            "loc": {"lat": self.episode["lat"], "lon": self.episode["lon"]},
        }  # fmt: skip
        stream = f"B-{self.number}"
        event = NewEvent(uuid7(self.begun), "device", stream, "alarm.raised", body, self.street, "test")
        async with self.desk.owner.transaction() as connection:
            await lock(connection, [f"device/{stream}"])
            await append(connection, [event], self.begun)
        await self.desk.follow()
        query = "SELECT id FROM dispatch.incident WHERE subject = $1"
        self.incident = str(await self.desk.one(query, f"elder:E-{self.number}"))

    async def look(self, seen: set[Any]) -> None:
        """Whoever has been asked since will answer as the world says."""
        for row in await self.desk.rows(ASKED, self.incident, self.begun):
            if row["id"] not in seen:
                seen.add(row["id"])
                one = self.person(row["responder_id"])
                if one["answer"] != "silent":
                    self.plan(one["delay_s"], one["answer"], row)

    def person(self, responder: str) -> Any:
        """As the world has them."""
        return next(p for p in self.episode["responders"] if p["id"] == responder.split("-")[1])

    def plan(self, seconds: float, what: str, row: Any) -> None:
        """Let this happen so much later."""
        heappush(self.queue, (self.desk.clock.now() + timedelta(seconds=seconds), next(self.order), what, row))

    async def happens(self) -> None:
        """Somebody answers, or is at the door."""
        _, _, what, row = heappop(self.queue)
        offer, responder = row["id"], row["responder_id"]
        job = str(await self.desk.one("SELECT job_id FROM dispatch.offer WHERE id = $1", offer))
        if what == "arrive":
            if await self.desk.one(GOES, offer):
                await self.desk.say("arrive", job, responder)
        elif await self.desk.one(LIVE, offer):
            args = {"reason": "busy"} if what == "refuse" else {}
            await self.desk.say(COMMANDS[what], str(offer), responder, **args)  # type: ignore[arg-type]
            if await self.desk.one(GOES, offer):
                await self.desk.say("depart", job, responder)
                self.plan(self.travel_s(responder), "arrive", row)

    def travel_s(self, responder: str) -> float:
        """As the replay is told to reckon it: distance times detour over speed."""
        one = self.person(responder)
        metres = distance_m(Position(one["lat"], one["lon"]), Position(self.episode["lat"], self.episode["lon"]))
        return float(metres * one["detour"] / one["speed_mps"])

    async def due(self) -> None:
        """A wait of the case is over."""
        await self.desk.house.cases.overdue(self.desk.house.database, [self.incident])


def moved(episode: dict[str, Any]) -> dict[str, Any]:
    """The episode in the county: the service believes no position in the sea off Africa."""

    def there(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"lat": LAT + one["lat"], "lon": LON + one["lon"] / cos(radians(LAT))}

    return there(episode) | {"responders": [there(one) for one in episode["responders"]]}


def replayed(episode: dict[str, Any]) -> list[tuple[str, float]]:
    """The same of the replay."""
    case = Run(Episode.model_validate(episode)).live().ended
    asked = [
        (o.responder_id, round((o.sent_at - case.incident.opened_at).total_seconds(), 3)) for o in case.offers.values()
    ]
    return sorted(asked, key=lambda one: (one[1], one[0]))


@pytest.fixture
async def sample(desk: Desk) -> list[tuple[Any, list[tuple[str, float]]]]:
    """Episodes, and whom the service asked when."""
    episodes = [moved(one) for one in world(EPISODES, AROUND, seed=21)["episodes"]]
    return [(one, await Lived(desk, one, number).live()) for number, one in enumerate(episodes)]


@pytest.mark.timeout(240)
async def test_the_service_asks_whom_the_replay_asks(sample: list[tuple[Any, list[tuple[str, float]]]]) -> None:
    """Person by person, to the millisecond; what the replay shows of a policy is what people will live through."""
    assert sum(len(asked) for _, asked in sample) > EPISODES * 7
    for episode, asked in sample:
        assert asked == replayed(episode), episode["id"]
