"""Every endpoint of the description is fed with what fits it and what does not: nothing breaks, nothing leaks."""

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from bench.doors import doors, faults
from bench.proofs.scope import MEANT_TO, Tally, probed
from bench.proofs.scope_world import Account, World
from bench.ring import FIELDS
from deploy.local.sealing import seal
from shared.runtime.clock import SystemClock
from tests.conftest import TestDatabase

FUZZ = settings(
    max_examples=2, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
SENT = ("method", "url", "params", "json", "headers")
NOBODY = Account("nobody", "nobody", "nowhere", ())
AWAY = "service_away"
"""What the door says of the devices service, which is not there."""


class Fuzz:
    """Asks with a client of its own and keeps what came back."""

    def __init__(self, url: str, who: Account) -> None:
        """Ask as `who`, and as nobody."""
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=20, limits=httpx.Limits(keepalive_expiry=2))
        self.who = who
        self.tally = Tally()
        self.broken: list[str] = []

    def run(self) -> None:
        """Every endpoint: what fits, which is asked without a login too, and what does not."""
        spec = self.http.get("/api/v1/openapi.json").json()
        described: Any = schemathesis.openapi.from_dict(spec)
        for found in described.get_all_operations():
            operation = found.ok()
            if operation.path not in MEANT_TO:
                self._all(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), NOBODY, self.who)
                with suppress(Unsatisfiable):  # what takes nothing cannot be given anything wrong
                    self._all(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), self.who)

    def _all(self, cases: Any, *askers: Account) -> None:
        def ask(case: Any) -> None:
            for asker in askers:
                self._ask(case, asker)

        each: Any = given(cases)
        FUZZ(each(ask))()

    def _ask(self, case: Any, asker: Account) -> None:
        headers = {"Authorization": f"Bearer {asker.token}"} if asker is self.who else {}
        kept = case.as_transport_kwargs(headers=headers)
        try:
            answer = self.http.request(**{name: kept[name] for name in SENT if kept.get(name)})
        except httpx.InvalidURL:  # longer than this client can ask
            return
        self.tally.calls += 1
        self.tally.statuses[answer.status_code] += 1
        self.tally.read(asker, f"{case.method} {case.operation.path}", answer.text)
        if answer.status_code >= 500 and AWAY not in answer.text:
            self.broken.append(f"{asker.id} {case.method} {case.formatted_path} {answer.status_code}")

    def still(self) -> int:
        """Whether the login has outlived it all."""
        given = {"Authorization": f"Bearer {self.who.token}"}
        return self.http.get("/api/v1/sessions/current", headers=given).status_code


LEAKS = (
    "CREATE POLICY leak ON dispatch.elder FOR SELECT TO yl_gateway USING (true)",
    "CREATE POLICY leak ON dispatch.incident FOR SELECT TO yl_gateway USING (true)",
)


@pytest.mark.timeout(300)
async def test_no_input_breaks_or_opens_a_door(database: TestDatabase, tmp_path: Path) -> None:
    """Fuzzed as a supervisor and as nobody: no error of a server, no trace of one, no word beyond, none still sealed.

    Then every role on every level asks for others' things, over HTTP and sockets; and what finds no leak finds one
    where a policy is broken on purpose.
    """
    urls = {role: database.url(role) for role in ("gateway", "dispatch")}
    async with doors(urls, tmp_path) as url:
        owner = await asyncpg.connect(database.url("owner"))
        world = World(owner, SystemClock().now())
        people = await world.settle()
        await seal(database.url("owner"), FIELDS)
        fuzz = Fuzz(url, next(one for one in people if one.id == "supervisor-990101"))
        await asyncio.to_thread(fuzz.run)
        assert fuzz.still() == 200
        fuzz.http.close()
        asked = await probed(url, world, people, 300, Random(2))
        for leak in LEAKS:
            await owner.execute(leak)
        leaking = await probed(url, world, people, 300, Random(2))
        await owner.close()
    assert fuzz.broken == []
    assert faults(tmp_path) == []
    assert fuzz.tally.leaks == asked.leaks == asked.deaf == []
    assert (fuzz.tally.calls > 300, fuzz.tally.own > 20, asked.frames > 300, asked.own > 50) == (True,) * 4
    assert len({leak.partition(":")[0] for leak in leaking.leaks}) > 3
