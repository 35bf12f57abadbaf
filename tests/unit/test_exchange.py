"""The demo's telephones by themselves: they ring, are switched off, and tell the platform until it listens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from shared.contracts.channels import DeliveryReport
from shared.contracts.commands import SIGNATURE, signed
from shared.runtime.clock import FakeClock, woken
from simulators.exchange import ITEMS, PHONES, RINGS_S, Exchange

SECRET = "telephones"
TEXT = {"id": "01935a8e-2f60-7b1e-9a52-0c4b7d1e8f21", "to": "1370", "text": "你好", "keys": ["1", "2"]}


@dataclass
class Platform:
    """What was reported; away for the first `away` reports."""

    away: int = 0
    reports: list[DeliveryReport] = field(default_factory=list)
    tries: int = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Believe only what is signed."""
        self.tries += 1
        assert signed(SECRET, request.content, request.headers[SIGNATURE])
        if self.tries <= self.away:
            return httpx.Response(503)
        self.reports.append(DeliveryReport.model_validate_json(request.content))
        return httpx.Response(200, json={"say": "谢谢" if self.reports[-1].key else None})

    async def told(self, many: int) -> list[str]:
        """Wait for so many reports; their statuses."""
        async with asyncio.timeout(5):
            while len(self.reports) < many:
                await woken(asyncio.Event(), 0.001)
        return [report.status for report in self.reports]


@dataclass
class Booth:
    """An exchange under a clock moved by hand, and the platform behind it."""

    clock: FakeClock
    platform: Platform
    exchange: Exchange
    http: httpx.AsyncClient

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, when whoever waits has begun to."""
        for _ in range(20):
            await woken(asyncio.Event(), 0)
        self.clock.advance(seconds)


@pytest.fixture
async def booth() -> AsyncIterator[Booth]:
    """Telephones that nobody has called yet."""
    clock, platform = FakeClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), Platform()
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform.answer)) as client:
        exchange = Exchange(clock, SECRET, "http://platform/channel/v1/reports", client)
        door = httpx.ASGITransport(exchange.app())
        async with httpx.AsyncClient(transport=door, base_url="http://exchange") as http:
            yield Booth(clock, platform, exchange, http)
        await exchange.close()


def given(**more: Any) -> bytes:
    """A body from the platform."""
    return orjson.dumps(TEXT | more)


async def sent(booth: Booth, kind: str, key: str = "", **more: Any) -> httpx.Response:
    """Let the platform hand something over."""
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    return await booth.http.post(f"/{kind}", content=given(**more), headers=headers)


async def test_the_same_text_again_is_the_same_one(booth: Booth) -> None:
    """Under one key once; under another it is another."""
    refs = [(await sent(booth, "sms", key)).json()["ref"] for key in ("a", "a", "b")]
    assert refs[0] == refs[1] != refs[2]
    assert len(booth.exchange.phones["1370"].items) == 2
    assert await booth.platform.told(2) == ["delivered", "delivered"]


async def test_nobody_answers(booth: Booth) -> None:
    """It rings for thirty seconds."""
    await sent(booth, "calls")
    await booth.pass_time(RINGS_S - 1)
    assert booth.platform.reports == []
    await booth.pass_time(1)
    assert await booth.platform.told(1) == ["no_answer"]
    assert booth.exchange.phones["1370"].items[0].state == "no_answer"


async def test_what_is_said_to_whoever_presses_is_shown(booth: Booth) -> None:
    """A key that the call does not know is refused; a call that has ended can't be answered."""
    ref = (await sent(booth, "calls")).json()["ref"]
    for key, status in (("9", 404), ("1", 200), ("2", 404)):
        answer = await booth.http.post("/phones/1370/press", json={"item": ref, "key": key})
        assert answer.status_code == status
    assert booth.platform.reports[0].key == "1"
    [item] = booth.exchange.phones["1370"].items
    assert (item.state, item.key, item.say) == ("answered", "1", "谢谢")


async def test_a_text_that_asks_is_written_back_to(booth: Booth) -> None:
    """Once, with one of its keys; it can't be hung up, and one that asks nothing takes no answer."""
    ref = (await sent(booth, "sms")).json()["ref"]
    other = (await sent(booth, "sms", keys=[])).json()["ref"]
    for item, key, status in ((ref, "", 404), (other, "1", 404), (ref, "2", 200), (ref, "1", 404)):
        answer = await booth.http.post("/phones/1370/press", json={"item": item, "key": key})
        assert answer.status_code == status
    assert (await booth.http.post("/phones/1370/hang-up", json={"item": other})).status_code == 404
    assert sorted(await booth.platform.told(3)) == ["answered", "delivered", "delivered"]
    [reply] = [report.reply for report in booth.platform.reports if report.status == "answered"]
    assert (reply, booth.exchange.phones["1370"].items[0].key) == ("2", "2")


async def test_texts_wait_for_a_phone_that_is_off_and_calls_do_not(booth: Booth) -> None:
    """Switched on again, the texts are delivered."""
    booth.exchange.phone("1370").on = False
    await sent(booth, "sms")
    await sent(booth, "calls")
    assert await booth.platform.told(1) == ["off"]
    await booth.http.post("/phones/1370/power", json={"on": True})
    assert await booth.platform.told(2) == ["off", "delivered"]


async def test_a_report_is_repeated_until_the_platform_takes_it(booth: Booth) -> None:
    """Three times 503, then it listens."""
    booth.platform.away = 3
    await sent(booth, "sms")
    for _ in range(3):
        await booth.pass_time(5)
    assert await booth.platform.told(1) == ["delivered"]
    assert booth.platform.tries == 4


async def test_the_page_asks_for_news_only(booth: Booth) -> None:
    """Nothing new: 204. The newest phone comes first."""
    await sent(booth, "sms")
    await sent(booth, "sms", to="1371")
    state = (await booth.http.get("/phones")).json()
    assert [phone["number"] for phone in state["phones"]] == ["1371", "1370"]
    assert (await booth.http.get(f"/phones?rev={state['rev']}")).status_code == 204
    assert "演示电话" in (await booth.http.get("/")).text


async def test_other_pages_in_the_browser_can_press_nothing(booth: Booth) -> None:
    """A form of another page can't send JSON; what it can send is no key."""
    ref = (await sent(booth, "calls")).json()["ref"]
    form = await booth.http.post("/phones/1370/press", content=orjson.dumps({"item": ref, "key": "1"}))
    assert form.status_code == 404


async def test_memory_has_an_end(booth: Booth) -> None:
    """The oldest phones and the oldest things on them are forgotten."""
    for n in range(PHONES + 5):
        booth.exchange.take("push", {"to": str(n), "text": "x"}, "")
    for _ in range(ITEMS + 5):
        booth.exchange.take("push", {"to": "1370", "text": "x"}, "")
    assert len(booth.exchange.phones) == PHONES
    assert "0" not in booth.exchange.phones
    assert len(booth.exchange.phones["1370"].items) == ITEMS
