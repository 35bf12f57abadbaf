"""`./yinling devices` as an installer uses it, against a running platform."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from deploy.local.cli import app
from services.gateway.main import serve
from shared.runtime.mqtt import AWAY, session
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, COUNTY, Book, RunningBroker, alarm, book, nats_broker, receipts, until, up, worker
from tests.integration.gateway_world import PASSWORD, STREET, ended, seed

__all__ = ["book", "nats_broker"]

Line = list[str]


@pytest_asyncio.fixture
async def line(nats_broker: RunningBroker, settings: Settings) -> AsyncIterator[Line]:
    """Address and login of an installer, with gateway and devices running."""
    await seed(settings)
    ready = asyncio.Event()
    async with worker(nats_broker.settings(settings)):
        gateway = asyncio.create_task(serve(settings, CLOCK, ready.set))
        await asyncio.wait({gateway, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
        try:
            yield ["--url", f"http://127.0.0.1:{settings.gateway_port}", "--user", "fitter", "--password", PASSWORD]
        finally:
            await ended(gateway)


async def typed(*words: str) -> Result:
    """Type it into a terminal."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["devices", *words])


async def said(line: Line, *words: str) -> dict[str, Any]:
    """The JSON object that a command prints."""
    result = await typed(*words, *line, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


async def test_from_the_box_to_the_elders_wrist_and_out(line: Line, nats_broker: RunningBroker, book: Book) -> None:
    """Add, claim by a press, place, test, list, re-key, revoke, unclaim."""
    made = await said(line, "add", "B-1", "--division", STREET, "--model", "YL-B1")
    claiming = asyncio.create_task(said(line, "claim", "B-1", made["claim_code"]))
    await until(lambda: book.count("devices.claim", "right_code"))
    async with session(
        nats_broker.address("B-1", made["secret"]), topics=[f"yl/v1/{COUNTY}/B-1/down/receipt"]
    ) as button:
        await button.publish(up("B-1"), alarm("B-1"))
        await receipts(button)
    claimed = await claiming
    assert (claimed["device"], claimed["state"]) == ("B-1", "claimed")
    async with session(nats_broker.address("B-1", claimed["secret"])):
        pass
    await said(line, "place", "B-1", "--elder", "E1", "--home", "H1", "--confirm")
    assert "until" in await said(line, "test", "B-1", "--minutes", "3")
    [shown] = (await said(line, "list", "B-"))["items"]
    assert (shown["id"], shown["elder"], shown["unconfirmed"]) == ("B-1", "E1", False)
    table = await typed("list", *line)
    assert "B-1" in table.stdout
    fresh = await said(line, "rekey", "B-1")
    await said(line, "revoke", "B-1", "--reason", "lost")
    with pytest.raises(AWAY):
        async with session(nats_broker.address("B-1", fresh["secret"])):
            pytest.fail("must not be let in")
    assert set(await said(line, "unclaim", "B-1")) == {"device", "secret", "claim_code"}


async def test_a_foreign_button_is_bound_from_a_terminal(line: Line, book: Book) -> None:
    """Its hub is added, its address becomes a new device in a home, its word means a call for help."""
    await said(line, "add", "HUB-1", "--division", STREET, "--kind", "hub", "--prefix", "zigbee2mqtt/#")
    bound = await said(
        line, "bind", "zigbee2mqtt/bedside", "--adapter", "zigbee2mqtt", "--new", "S-1", "--home", "H1",
        "--elder", "E1", "--means", "single=sos",
    )  # fmt: skip
    assert bound["device"] == "S-1"
    row = await book.row("SELECT device_id, meaning FROM devices.binding")
    assert (row["device_id"], json.loads(row["meaning"])) == ("S-1", {"single": "sos"})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "B/1", "--division", STREET), "id"),
        (("add", "B-1", "--division", "36073"), "division"),
        (("add", "B-1", "--division", STREET, "--kind", "toaster"), "kind"),
        (("add", "B-1", "--division", STREET, "--prefix", "x/#"), "prefix"),
        (("add", "B-1", "--division", STREET, "--beat-s", "1"), "beat_s"),
        (("add", "B-1", "--division", "110101"), "division"),
        (("claim", "B-9", "x"), "辖区内没有"),
        (("revoke", "B-9", "--reason", "lost"), "辖区内没有"),
        (("bind", "a", "--adapter", "zigbee2mqtt", "--device", "B-9", "--means", "single"), "--means"),
        (("bind", "a", "--adapter", "zigbee2mqtt"), "device"),
        (("list", "--only", "nonsense"), "filter"),
        (("list", "--user", "nobody"), "密码错误"),
    ],
)
async def test_what_is_wrong_is_told_in_words(line: Line, words: tuple[str, ...], told: str) -> None:
    """One line that names the field or the reason; no trace, nothing on standard output, status 2."""
    result = await typed(*line, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


async def test_a_wrong_code_five_times(line: Line) -> None:
    """Then an hour's pause, told in seconds."""
    await said(line, "add", "B-1", "--division", STREET)
    for _ in range(5):
        assert "认领码不对" in (await typed("claim", "B-1", "2222222222", *line)).stderr
    assert "五次" in (await typed("claim", "B-1", "2222222222", *line)).stderr


def test_where_the_platform_is_must_be_known(tmp_path: Path) -> None:
    """Without an address and without a running demo it says so; a platform that is down is told too."""
    nowhere = CliRunner().invoke(app, ["devices", "list", "--data", str(tmp_path)])
    assert (nowhere.exit_code, "--url" in nowhere.stderr) == (2, True)
    away = CliRunner().invoke(app, ["devices", "list", "--url", "http://127.0.0.1:9", "--user", "x", "--password", "y"])
    assert (away.exit_code, "does not answer" in away.stderr) == (2, True)


def test_a_demo_lends_its_address_and_its_supervisor(tmp_path: Path) -> None:
    """On the data folder of a demo nothing need be said."""
    accounts = [
        {"username": "desk1", "password": "d", "role": "desk"},
        {"username": "sup", "password": "s", "role": "supervisor"},
    ]
    (tmp_path / "demo.json").write_text(json.dumps({"http": "http://127.0.0.1:9", "accounts": accounts}), "utf-8")
    asked = CliRunner().invoke(app, ["devices", "list", "--data", str(tmp_path)])
    assert "http://127.0.0.1:9 does not answer" in asked.stderr
