"""A desk in a flood and at the end of a shift: five hundred open rows scroll, and eight hours leave nothing behind."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.test_bad_days import desk_of
from tests.instances import Instance

pytestmark = pytest.mark.long
ROWS = 500
HOURS = 8
AN_HOUR = 60
"""Incidents an hour: ten times the load that is called manageable."""
FRAME_MS = 50
SCROLL = """async () => {
  const list = document.querySelector('.queue')
  const end = list.scrollHeight - list.clientHeight
  for (let at = 0; at <= end; at += 400) {
    list.scrollTop = at
    await new Promise(requestAnimationFrame)
  }
  return end
}"""


def row(number: int, ver: int, state: str = "open") -> dict[str, Any]:
    """An incident as a desk is told of it."""
    at = f"2026-11-22T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    return {
        "incident": f"I-{number:06}", "ver": ver, "state": state, "priority": 1 + number % 4, "kind": "sos",
        "drill": False, "flags": [], "cls": "own", "presses": 1, "rung": 0, "division": "360733",
        "name_masked": "李*国",
        "place": "文武坝镇 3 栋 2 单元", "device": "B-1", "linked_to": None, "opened_at": at, "pressed_at": at,
        "taken_at": None, "holder": None, "holder_account": None, "job": None, "job_state": "offering", "asked": 4,
        "going": [], "next_due": None, "faults": [], "protects": False, "undelivered": 0, "handoffs": {}, "hands": 1,
    }  # fmt: skip


class Server:
    """Speaks the console protocol from memory, as fast as it is asked to."""

    def __init__(self, rows: int) -> None:
        """Begin with so many open incidents."""
        self.seq = 0
        self._rows = rows
        self._socket: WebSocketRoute | None = None
        self._inbox = ""
        self.acked = 0

    def serve(self, socket: WebSocketRoute) -> None:
        """Take a page in."""
        self._socket = socket
        socket.on_message(self._told)

    def _told(self, text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["t"] == "hello":
            self._welcome([one["id"] for one in frame["inboxes"]])
        elif frame["t"] == "ack":
            self.acked = max(self.acked, frame["seq"])

    def _welcome(self, inboxes: list[str]) -> None:
        self._inbox = next(one for one in inboxes if one.startswith("d:"))
        now = "2026-11-22T08:00:00.000Z"
        modes = [{"id": one, "epoch": "e1", "head": 0, "mode": "snapshot", "from": 1} for one in inboxes]
        self.say(
            t="welcome", v=1, conn="c", now=now, ping_ms=15000, pong_ms=5000, jitter_ms=3000, min_client="",
            token_exp="2026-11-22T20:00:00.000Z", inboxes=modes,
        )  # fmt: skip
        for one in inboxes:
            desk = one == self._inbox
            rows = [{**row(n, 1), "ev": None} for n in range(self._rows)] if desk else []
            d = {"incidents": rows, "unplaced": [], "breaches": []} if desk else {"offers": [], "jobs": []}
            self.say(t="snap", i=one, epoch="e1", seq=0, reason="client", part=1, parts=1, d=d)
            self.say(t="live", i=one, seq=0)

    def say(self, **frame: Any) -> None:
        """One frame."""
        assert self._socket is not None
        self._socket.send(json.dumps(frame))

    def tell(self, type_: str, d: dict[str, Any]) -> None:
        """The next event of the desk."""
        self.seq += 1
        uuid = f"01935a8e-0000-7000-8000-{self.seq:012x}"
        self.say(
            t="ev", i=self._inbox, seq=self.seq, id=uuid, type=type_, at="2026-11-22T08:00:00.000Z", replay=False, d=d
        )

    def an_hour(self, hour: int) -> None:
        """As many incidents as come in an hour: opened, asked for, taken and closed."""
        for n in range(AN_HOUR):
            number = ROWS + hour * AN_HOUR + n
            self.tell("incident.opened", row(number, 1))
            for ver in range(2, 7):
                self.tell("incident.updated", {**row(number, ver), "asked": ver})
            self.tell("incident.closed", row(number, 7, "closed"))
        for n in range(240):
            self.say(t="ping", n=hour * 240 + n, now="2026-11-22T08:00:00.000Z")


@pytest.fixture
def told(instance: Instance, browser: Browser) -> Iterator[Callable[[int], tuple[Page, Server]]]:
    """A desk whose stream comes from a server of our own: `told(rows)`."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")

    def opened(rows: int) -> tuple[Page, Server]:
        server = Server(rows)
        context.route_web_socket("**/ws", server.serve)
        page = desk_of(instance, context)
        page.get_by_role("button", name="开始值守", exact=True).click()
        return page, server

    yield opened
    context.close()


def until_acknowledged(page: Page, server: Server) -> None:
    """Until the page says that it has everything."""
    for _ in range(400):
        if server.acked == server.seq:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError((server.acked, server.seq))


def longest_task(browser: Browser, page: Page, script: str) -> tuple[float, float]:
    """What a script answers, and the most that one task of the page took meanwhile: milliseconds of processor."""
    browser.start_tracing(page=page, categories=["toplevel"])
    answer = page.evaluate(script)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {(e["pid"], e["tid"]) for e in events if e.get("args", {}).get("name") == "CrRendererMain"}
    tasks = [e["tdur"] for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) in main and "tdur" in e]
    return answer, max(tasks) / 1000


@pytest.mark.timeout(180)
def test_five_hundred_open_rows_scroll(browser: Browser, told: Callable[[int], tuple[Page, Server]]) -> None:
    """All of them are on the page, and no frame of the scroll costs more than 50 ms, whoever else uses the machine."""
    page, _ = told(ROWS)
    expect(page.locator("[data-row]")).to_have_count(ROWS)
    page.evaluate(SCROLL)  # the first time every row is measured and reported as seen
    runs = [longest_task(browser, page, SCROLL) for _ in range(3)]
    assert runs[0][0] > ROWS * 50
    assert sorted(task for _, task in runs)[1] <= FRAME_MS, runs


@pytest.mark.timeout(300)
def test_eight_hours_leave_nothing_behind(told: Callable[[int], tuple[Page, Server]]) -> None:
    """After each hour's incidents have come and gone the heap is what it was after the first, within a fifth."""
    page, server = told(20)
    expect(page.locator("[data-row]")).to_have_count(20)
    tools = page.context.new_cdp_session(page)
    heap: list[float] = []
    for hour in range(HOURS):
        server.an_hour(hour)
        expect(page.locator("[data-row]")).to_have_count(20)
        until_acknowledged(page, server)
        tools.send("HeapProfiler.collectGarbage")
        heap.append(tools.send("Runtime.getHeapUsage")["usedSize"])
    assert max(heap[1:]) <= heap[0] * 1.2, heap
