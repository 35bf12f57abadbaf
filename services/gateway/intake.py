"""What arrives: the log, followed under the name `gateway.inboxes`."""

from collections.abc import Callable, Sequence

from services.gateway.domain.letters import Fact
from services.gateway.flow.deliver import TAGS, deliver
from services.gateway.store.inboxes import Post
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database
from shared.runtime.log import Event, Follower, Wakeup

NAME = "gateway.inboxes"
HEARS = ("incident", "call", "quarantine", "watch", "mass", "mode", "duty", "kin", "complaint", "load", "breach")

Push = Callable[[Sequence[Post]], None]


class Inboxes:
    """Writes inboxes from the log and hands what was committed to those who listen here."""

    def __init__(self, database: Database, clock: Clock, push: Push) -> None:
        """`database` reads the whole cell; `push` must not wait for anybody."""
        self.follower = Follower(NAME, TAGS, self._handle, database, clock)
        self._push = push
        self._written: Sequence[Post] = ()

    async def run(self, wakeup: Wakeup) -> None:
        """Follow for ever."""
        await self.follower.run(wakeup, hears=HEARS, tells=("inbox",), after=self.committed)

    async def _handle(self, connection: Connection, events: Sequence[Event]) -> None:
        self._written = ()
        self._written = await deliver(connection, [_fact(event) for event in events])

    def committed(self) -> None:
        """Push what the last batch wrote."""
        written, self._written = self._written, ()
        self._push(written)


def _fact(event: Event) -> Fact:
    return Fact(event.id, event.tag, event.body, event.division, event.recorded_at)
