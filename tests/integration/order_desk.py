"""A dispatch service in the test's hands, with an elder, a catalogue with prices, and people who can be booked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Fact
from services.dispatch.domain.orders.order import Order, replay
from services.dispatch.flow import catalogue, order_work
from services.dispatch.flow import commands as flow
from services.dispatch.store import orders as store
from shared.contracts.commands import Actor, Answer, Command, CommandName
from shared.runtime.database import Database
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import HOME, STREET, Desk

CODE = "YL-HOME-7788"


@asynccontextmanager
async def furnished(database: TestDatabase) -> AsyncIterator["OrderDesk"]:
    """Dispatch with one elder and a catalogue."""
    pools = [Database(database.url(role), name="test", size=10, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    it = OrderDesk(*pools)
    await it.settle()
    yield it
    for pool in pools:
        await pool.close()


class OrderDesk(Desk):
    """The same desk, keeping orders' waits too."""

    def __init__(self, database: Database, owner: Database) -> None:
        """Begin at nine in the morning, as people there call it."""
        super().__init__(database, owner)
        self.clock.advance(-9 * 3600)

    async def settle(self) -> None:
        """One elder in one home, prices for meals, baths and cleaning, and a label with a code at the door."""
        run = self.owner.pool.execute
        await run("INSERT INTO dispatch.division VALUES ('36', '江西省', NULL)")
        await run("INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H-1', $1, '红旗路', $2, $3)",
                  STREET, *HOME)  # fmt: skip
        await run(
            "INSERT INTO dispatch.elder (id, home_id, division, name, sex) VALUES ('E-1', 'H-1', $1, '李建国', 'm')",
            STREET,
        )
        for service in ("meal", "bath", "cleaning"):
            await self.ok("set_price", service, division="360733", since="2026-11-22", cents=1500, subsidy_permille=600,
                          absent_permille=500)  # fmt: skip
        await self.ok("set_home_code", "H-1", code=CODE)

    async def staff(self, *names: str, skills: tuple[str, ...] = ("bath",)) -> None:
        """Caregivers on duty beside the home."""
        for n, name in enumerate(names):
            await self.owner.pool.execute(
                "INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, speed_mps, on_duty,"
                " reachable) VALUES ($1, $2, 'caregiver', $1::text, '1', $3, $4, 4, true, true)",
                name, STREET, HOME[0] + n / 1000, HOME[1],
            )  # fmt: skip
            for skill in skills:
                await self.owner.pool.execute(
                    "INSERT INTO dispatch.skill VALUES ($1, $2, $3, NULL)", name, STREET, skill
                )

    async def do(self, command: str, target: str, who: str = "desk", **args: Any) -> Answer:
        """Send a command as somebody; args go in as they are."""
        desk = who.startswith("desk")
        actor = Actor(
            account=who, name=who, role="desk" if desk else "responder", division="360733" if desk else STREET,
            responder=None if desk else who,
        )  # fmt: skip
        name: CommandName = command  # type: ignore[assignment]
        return await flow.execute(
            self.house, Command(name=name, target=target, actor=actor, key=f"o{next(self.keys)}", args=args)
        )

    async def ok(self, command: str, target: str, who: str = "desk", **args: Any) -> dict[str, Any]:
        """Command, and be obeyed."""
        answer = await self.do(command, target, who, **args)
        assert answer.status == 200, answer.body
        return answer.body

    async def refused(self, command: str, target: str, who: str = "desk", **args: Any) -> tuple[str, str | None]:
        """Command, and be refused: code and field."""
        answer = await self.do(command, target, who, **args)
        assert answer.status != 200, answer.body
        return answer.body["code"], answer.body["params"].get("field")

    def window(self, hours: float, minutes: float = 60) -> dict[str, str]:
        """A window that opens so many hours from now."""
        first = self.clock.now() + timedelta(hours=hours)
        return {"window_from": first.isoformat(), "window_to": (first + timedelta(minutes=minutes)).isoformat()}

    async def order(self, service: str = "meal", hours: float = 3, **more: Any) -> str:
        """Place an order for her."""
        return str((await self.ok("place_order", "E-1", service=service, **self.window(hours), **more))["order"])

    async def passes(self, seconds: float) -> None:
        """Let time pass, with everything that is due on the way, the earliest first."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while (due := await self._next()) is not None and due[0] <= until:
            self.clock.advance(max(0.0, (due[0] - self.clock.now()).total_seconds()))
            await self._apply(due[1], due[2])
            await self.follow()
        self.clock.advance((until - self.clock.now()).total_seconds())

    async def _next(self) -> tuple[datetime, str, str] | None:
        row = await self.owner.pool.fetchrow(
            "SELECT due_at, 'order' AS kind, order_id AS of FROM dispatch.order_wait UNION ALL"
            " SELECT next_at, 'series', id::text FROM dispatch.series WHERE next_at IS NOT NULL UNION ALL"
            " SELECT due_at, 'case', incident_id FROM dispatch.deadline ORDER BY 1, 2, 3 LIMIT 1"
        )
        return (row["due_at"], row["kind"], row["of"]) if row else None

    async def _apply(self, kind: str, of: str) -> None:
        if kind == "order":
            await order_work.overdue(self.house, of)
        elif kind == "series":
            await catalogue.fill(self.house, UUID(of))
        else:
            await self.house.cases.overdue(self.house.database, [of])

    async def read(self, order: str) -> Order:
        """The order as its row says, which is what its log says."""
        async with self.owner.pool.acquire() as connection:
            it = (await store.load(connection, [order]))[order]
        rows = await self.rows(
            "SELECT tag, body, recorded_at, actor FROM log.event WHERE stream = 'order' AND stream_id = $1"
            " ORDER BY stream_seq", order,
        )  # fmt: skip
        assert replay(Fact(r["tag"], r["body"], r["recorded_at"], r["actor"]) for r in rows) == it
        return it

    async def serve(self, order: str, who: str, *, until: str = "complete") -> None:
        """Somebody accepts what she is asked for and goes through the steps of the visit."""
        incident = (await self.read(order)).incident_id
        offer = await self.one(
            "SELECT id FROM dispatch.offer WHERE incident_id = $1 AND responder_id = $2", incident, who
        )
        await self.ok("accept_offer", str(offer), who)
        job = str(await self.one("SELECT id FROM dispatch.job WHERE incident_id = $1", incident))
        for step in ("depart", "arrive", "start", "complete"):
            await self.ok(step, job, who)
            await self.follow()
            if step == until:
                return
