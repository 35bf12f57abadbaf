"""The first county: its page is followed word for word, from an empty house to a press that somebody answers."""

import asyncio
import csv
import re
import shlex
import signal
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.local.cli import app
from shared.runtime.settings import Settings
from tests.brokers import running
from tests.conftest import TestDatabase
from tests.story.town import Town

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "first-county.md"
FENCED = re.compile(r"^```(csv|sh|text) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN = "Tangerine kettle 41 forest"


@dataclass(frozen=True)
class Step:
    """A command of the page, and what the page says it says."""

    command: str
    said: str


def steps(folder: Path) -> list[Step]:
    """Write the page's files; its commands, in order, each with what follows it."""
    found = []
    blocks = FENCED.findall(PAGE.read_text("utf-8"))
    for (kind, name, text), after in zip(blocks, [*blocks[1:], ("", "", "")], strict=True):
        if kind == "csv":
            (folder / name).write_text(text, "utf-8")
        if kind == "sh":
            assert after[0] == "text", f"the page does not say what {text} says"
            found.append(Step(text.strip(), " ".join(after[2].split())))
    return found


async def follow(step: Step) -> None:
    """Give the command as it stands and compare."""
    program, *arguments = shlex.split(step.command)
    assert program == "./yinling"
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert result.exit_code == 0, result.output
    assert " ".join(result.output.split()) == step.said


def told_once(path: Path, column: int) -> dict[str, str]:
    """What was written down once, by name."""
    assert path.stat().st_mode & 0o077 == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row[column] for row in csv.reader(file)}


async def choose(town: Town, name: str, given: str) -> None:
    """Log in with the one-time password, which opens nothing but the choice of one's own."""
    base = f"http://127.0.0.1:{town.settings.gateway_port}/api/v1"
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=20) as http:
        session = (await http.post("/sessions", json={"username": name, "password": given})).json()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        assert (await http.get("/elders")).status_code == 403
        changed = await http.post("/me/password", json={"old": given, "new": OWN})
        assert changed.status_code == 204, changed.text


@pytest.mark.timeout(120)
async def test_a_county_is_set_up_by_its_page(
    database: TestDatabase, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Divisions, people, accounts, devices; then she presses, the nurse accepts, and the button says who comes."""
    folder = tmp_path / "county"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("YINLING_OWNER_DATABASE", database.url("owner"))
    broker = running("nats", tmp_path)
    town = Town(database, broker, settings.model_copy(update={"demo": False}))
    *rows, devices = steps(folder)
    try:
        for step in rows:
            await follow(step)
        for name in ("devices", "dispatch", "gateway"):
            await town.start(name)
        passwords = told_once(folder / "passwords.csv", 2)
        for name in ("desk1", "fitter1", "wang"):
            await choose(town, name, passwords[name])
        monkeypatch.setenv("YINLING_USER", "fitter1")
        monkeypatch.setenv("YINLING_PASSWORD", OWN)
        url = f"http://127.0.0.1:{town.settings.gateway_port}"
        await follow(Step(f"{devices.command} --url {url}", devices.said))
        again = devices.said.replace("2 devices added 新增, 0", "0 devices added 新增, 2")
        await follow(Step(f"{devices.command} --url {url}", again))

        button = await town.button("YL-0001", told_once(folder / "devices-secrets.csv", 1)["YL-0001"])
        desk, nurse = await town.console("desk1", password=OWN), await town.console("wang", password=OWN)
        here = {"on": True, "lat": 25.6005, "lon": 115.7905}
        on_duty = await nurse.http.put("/api/v1/duty", json=here, headers={"Authorization": f"Bearer {nurse.token}"})
        assert on_duty.json()["on"] is True
        button.press()
        row = await desk.sees("incident.opened", kind="sos", state="open")
        assert row["name_masked"] == "李*国"
        offer = await nurse.sees("job.offered", kind="sos")
        accepted = (await nurse.act(f"/offers/{offer['offer']}/accept")).json()
        assert (accepted["home"]["door_code"], accepted["home"]["address"]) == ("2580#", "红旗路3栋101")
        assert (await button.told("accepted"))["who"] == "王护士"
        shown = await desk.read(f"/incidents/{row['incident']}")
        assert [c["name"] for c in shown["contacts"]] == ["李红"]
        assert [o["name"] for o in shown["others_in_home"]] == ["张秀英"]
    finally:
        await town.stack.aclose()
        for name in tuple(town.services)[::-1]:
            await town.stop(name)
        broker.stop(signal.SIGKILL)
