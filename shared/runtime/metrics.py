"""Figures of a process for Prometheus. Every name is told here, so that no dashboard can ask for one that is not.

The way of an alarm: `stored` (arrival → commit), `heard` (→ told to the desks), the followers `dispatch.alarms`
(→ incident and offers), `gateway.inboxes` (→ letters), `seen` (→ drawn and ringing), `devices.receipts` (→ what the
button is told).
"""

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.clock import stopwatch, woken

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SLOW_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LOOK_S = 0.5

ALARMS = Counter("yinling_alarms", "Alarms by what became of them: stored, folded, set_aside.", ["outcome"])
STORED = Histogram("yinling_alarm_stored_seconds", "From taking a batch in hand to its commit.", buckets=QUICK_S)
HEARD = Histogram("yinling_alarm_heard_seconds", "From an alarm's record to the desks' being told.", buckets=QUICK_S)
RECEIPTS_UNSENT = Counter("yinling_receipts_unsent", "First receipts that could not be handed to the broker.")
HEARTBEATS = Counter("yinling_heartbeats", "Signs of life heard.")
FOLLOWED = Histogram(
    "yinling_followed_seconds", "From an event's record to the commit of what follows from it.", ["follower"],
    buckets=SLOW_S,
)  # fmt: skip
FOLLOWER_FAILED = Counter("yinling_follower_failed", "Batches that could not be handled.", ["follower"])
GIVEN_UP = Counter("yinling_given_up", "Events that were put aside after three failures alone.", ["follower"])
SEEN = Histogram("yinling_seen_seconds", "From what happened to a screen that has drawn it.", buckets=SLOW_S)
LATE = Histogram("yinling_wait_late_seconds", "How long after its instant a wait was handled.", buckets=SLOW_S)
COMMANDS = Counter("yinling_commands", "Commands by the status of their answer.", ["status"])
COMMAND = Histogram("yinling_command_seconds", "From a command's arrival to its answer.", buckets=QUICK_S)
MESSAGES = Counter("yinling_messages", "Tries to send a message, by channel and what was said.", ["channel", "verdict"])
BREACHES = Counter("yinling_breaches", "Promises that were found not to be kept.", ["check"])
CANARY = Histogram("yinling_canary_seconds", "A canary's press until its button hears who goes.", buckets=SLOW_S)
CANARY_MISSED = Counter("yinling_canary_missed", "Presses of a canary that did not come back.", ["county"])
LOOP_LATE = Histogram("yinling_loop_late_seconds", "How late the event loop came back to a sleeper.", buckets=QUICK_S)


KIND = CONTENT_TYPE_LATEST


def written() -> bytes:
    """All figures as Prometheus reads them."""
    return generate_latest()


async def answer(_: Request) -> Response:
    """`GET /metrics`."""
    return Response(written(), media_type=KIND)


ROUTE = Route("/metrics", answer)


def app() -> Starlette:
    """The door of a process that has no other."""
    return Starlette(routes=[ROUTE])


async def watch_loop() -> None:
    """Measure for ever how late the event loop is: what hangs in one place delays everybody."""
    while True:
        before = stopwatch()
        await woken(asyncio.Event(), LOOK_S)
        LOOP_LATE.observe(max(0.0, stopwatch() - before - LOOK_S))
