"""The canary of a whole house: stop any part, and people are told, with how far the press came."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from tests.brokers import until
from tests.conftest import free_port
from tests.instances import Instance, Person, county_desk, reachable_folder, start

EVERY_S, LIMIT_S = 2, 5


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One quiet instance for this file, whose canary is in a hurry."""
    folder = reachable_folder(tmp_path_factory.mktemp("canary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YINLING_CANARY_EVERY_S", str(EVERY_S))
        patch.setenv("YINLING_CANARY_LIMIT_S", str(LIMIT_S))
        it = start(folder / "data", "--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    yield it
    it.stop()


async def asked(instance: Instance, query: str, *arguments: object) -> list[asyncpg.Record]:
    """What the owner of the database reads."""
    word = json.loads((instance.folder / "secrets.json").read_text("utf-8"))["roles"]["owner"]
    port = instance.line["ports"]["postgres"]
    connection = await asyncpg.connect(f"postgresql://yl_owner:{word}@127.0.0.1:{port}/yinling")
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


async def answered(instance: Instance) -> int:
    """How many presses of the canary were answered with somebody who goes."""
    rows = await asked(instance, "SELECT FROM devices.receipt WHERE device_id = 'CANARY-360733' AND stage >= 3")
    return len(rows)


async def breaches(instance: Instance) -> list[dict[str, Any]]:
    """Every breach raised so far."""
    rows = await asked(
        instance, "SELECT body::text AS body FROM log.event WHERE tag = 'watch.breach' ORDER BY position"
    )
    return [json.loads(row["body"]) for row in rows]


async def well(instance: Instance) -> None:
    """Wait until one more press has come back."""
    before = await answered(instance)
    await until(lambda: answered(instance), lambda now: now > before, within_s=30)


@contextmanager
def stopped(instance: Instance, *parts: str) -> Iterator[None]:
    """These processes hang, with all that they started: nothing is closed, nothing answers."""
    numbers = json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"]
    roots = [psutil.Process(numbers[part]) for part in parts]
    hung = [process for root in roots for process in (root, *root.children(recursive=True))]
    for process in hung:
        process.suspend()
    try:
        yield
    finally:
        for process in hung:
            process.resume()


def said(instance: Instance, action: str) -> list[dict[str, Any]]:
    """Lines of the watch's log."""
    lines = (instance.folder / "logs" / "watch.log").read_text("utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["action"] == action]


@pytest.mark.timeout(120)
async def test_all_is_well_and_nobody_sees_the_canary(instance: Instance) -> None:
    """Presses come back; no breach, nothing in the desk's list, nobody of flesh is asked."""
    await well(instance)
    since = len(await breaches(instance))
    await well(instance)
    assert await _missing(instance, since) == []
    assert await asked(instance, "SELECT FROM dispatch.offer WHERE responder_id NOT ILIKE '%canary%'") == []
    desk = Person(instance.demo, county_desk(instance.demo))
    try:
        assert desk.http.get("/incidents", params={"limit": 200}).json()["items"] == []
    finally:
        desk.leave()


@pytest.mark.timeout(90)
@pytest.mark.parametrize(
    ("parts", "reached"),
    [
        (("broker",), "nothing"),
        (("devices-1", "devices-2"), "sent"),
        (("dispatch",), "recorded"),
        (("gateway",), "recorded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(value),
)
async def test_a_part_that_hangs_is_told_with_how_far_the_press_came(
    instance: Instance, parts: tuple[str, ...], reached: str
) -> None:
    """A breach in the time of two presses and a limit, and a word in the log when it is over."""
    await well(instance)
    before, recovered = len(await breaches(instance)), len(said(instance, "canary.recovered"))
    with stopped(instance, *parts):
        found = await until(lambda: _missing(instance, before), within_s=2 * EVERY_S + 2 * LIMIT_S + 10)
    assert found[0]["detail"] == {"county": "360733", "reached": reached}
    await until(lambda: _recovered(instance), lambda now: now > recovered, within_s=40)


async def _missing(instance: Instance, since: int) -> list[dict[str, Any]]:
    return [b for b in (await breaches(instance))[since:] if b["check"] == "canary_missing"]


async def _recovered(instance: Instance) -> int:
    return len(said(instance, "canary.recovered"))


@pytest.mark.timeout(90)
async def test_the_desk_is_rung(instance: Instance) -> None:
    """A seat of the county hears it on its open screen."""
    await well(instance)
    desk = Person(instance.demo, county_desk(instance.demo))
    try:
        with stopped(instance, "dispatch"):
            told = desk.sees("platform.breach")["d"]
            while told["check"] != "canary_missing":
                told = desk.sees("platform.breach")["d"]
        assert told["detail"]["county"] == "360733"
        assert told["place"] is None
    finally:
        desk.leave()


@pytest.mark.timeout(90)
async def test_the_database_may_go_and_the_watch_stays(instance: Instance) -> None:
    """The same process presses on when it is back."""
    await well(instance)
    numbers = json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"]
    missing = len(said(instance, "canary.missing"))
    with stopped(instance, "postgres"):
        await until(lambda: _logged_missing(instance), lambda now: now > missing, within_s=30)
    await well(instance)
    assert json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"]["watch"] == numbers["watch"]


async def _logged_missing(instance: Instance) -> int:
    return len(said(instance, "canary.missing"))


@pytest.mark.timeout(90)
async def test_a_session_that_ended_is_begun_again(instance: Instance) -> None:
    """After twelve hours, or when somebody revoked it: the canary logs in like anybody else."""
    await well(instance)
    ended = await asked(
        instance,
        "UPDATE gateway.session SET revoked_at = now() WHERE account_id = 'canary-360733' RETURNING account_id",
    )
    assert ended
    open_now = "SELECT FROM gateway.session WHERE account_id = 'canary-360733' AND revoked_at IS NULL"
    await until(lambda: asked(instance, open_now), within_s=20)
    await well(instance)


def test_its_secret_is_nobody_elses(instance: Instance) -> None:
    """demo.json, which testers share, does not have it."""
    secret = json.loads((instance.folder / "secrets.json").read_text("utf-8"))["canary"]
    assert secret not in (instance.folder / "demo.json").read_text("utf-8")
    assert "CANARY" not in (Path(instance.folder) / "demo.json").read_text("utf-8")
