"""`./yinling up` as a newcomer and a tester meet it: wire contract, section 5."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.brokers import MOSQUITTO
from tests.conftest import free_port
from tests.instances import (
    ROOT,
    Device,
    Instance,
    Person,
    connect_packet,
    county_desk,
    nearest,
    reachable_folder,
    start,
)

HAS_MOSQUITTO = Path(MOSQUITTO).exists()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One quiet instance for this file."""
    folder = reachable_folder(tmp_path_factory.mktemp("up"))
    it = start(folder / "data", "--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    yield it
    it.stop()


@pytest.fixture(autouse=True)
def leave() -> Iterator[None]:
    """Nobody stays connected after a test."""
    yield
    while Person.people:
        Person.people.pop().leave()


def test_a_stock_button_and_a_client_from_the_contract_go_all_the_way(instance: Instance) -> None:
    """recorded, seen, accepted, arrived, closed."""
    demo = instance.demo
    desk = Person(demo, county_desk(demo))
    device = demo["devices"][0]
    button = Device(demo, device)
    helper = Person(demo, nearest(demo, device))
    button.press()
    assert button.told("recorded")["eid"].endswith(":3:42")
    incident = desk.sees("incident.opened")["d"]["incident"]
    button.told("seen")
    offer = helper.sees("job.offered")["d"]
    helper.act(f"/offers/{offer['offer']}/accept")
    told = button.told("accepted")
    assert told["who"]
    assert told["eta_s"] > 0
    for step in ("depart", "arrive", "start", "complete"):
        helper.act(f"/jobs/{offer['job']}/{step}")
    button.told("arrived")
    ver = desk.http.get(f"/incidents/{incident}").json()["row"]["ver"]
    closing = {"outcome": "genuine", "evidence": "seen", "evidence_by": "护士"}
    desk.act(f"/incidents/{incident}/close", closing, **{"If-Match": str(ver)})
    button.told("closed")


def test_what_demo_json_says(instance: Instance) -> None:
    """Everything a tester needs, readable by its owner only."""
    demo = instance.demo
    assert instance.line["ready"] is True
    assert instance.line["http"] == demo["http"]
    assert httpx.get(demo["http"] + "/healthz", trust_env=False).status_code == 200
    assert set(demo) >= {"http", "ws", "mqtt", "accounts", "devices", "hubs"}
    roles = {"responder", "desk", "supervisor", "admin", "installer", "office", "auditor", "security"}
    assert {a["role"] for a in demo["accounts"]} == roles
    assert set(demo["devices"][0]) >= {"id", "county", "secret", "home", "elder", "lat", "lon"}
    assert set(demo["hubs"][0]) >= {"id", "secret", "prefix"}
    assert (instance.folder / "demo.json").stat().st_mode & 0o077 == 0
    assert (instance.folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_second_instance_on_the_same_folder_is_refused_in_words(instance: Instance) -> None:
    """And does not touch the first."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.cli", "up", "--data", str(instance.folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "in use" in done.stderr.replace("\n", " ")
    assert instance.process.poll() is None


def test_a_killed_service_comes_back_and_is_shown(instance: Instance) -> None:
    """The supervisor starts it again under a new number."""
    numbers = json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"]
    os.kill(numbers["watch"], signal.SIGKILL)
    gone = psutil.Process(instance.process.pid)

    def came_back() -> bool:
        content = json.loads((instance.folder / "run.json").read_text("utf-8"))
        return bool(content["processes"]["watch"] != numbers["watch"])

    for _ in range(200):
        if came_back():
            break
        with pytest.raises(psutil.TimeoutExpired):
            gone.wait(0.05)
    assert came_back()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("broker", ["nats", "mosquitto"])
def test_with_tls_a_device_that_speaks_plainly_is_not_heard(tmp_path: Path, broker: str) -> None:
    """demo.json says what to trust; with it, a press goes all the way to the desk's screen."""
    if broker == "mosquitto" and not HAS_MOSQUITTO:
        pytest.skip("mosquitto is not installed; ./yinling test installs it")
    reachable_folder(tmp_path)
    it = start(
        tmp_path / "data", "--tls", "--broker", broker, "--http-port", str(free_port()), "--mqtt-port", str(free_port())
    )
    try:
        demo = it.demo
        assert it.line["mqtt"] == demo["mqtt"]
        with socket.create_connection((demo["mqtt"]["host"], demo["mqtt"]["port"]), 5) as line:
            line.sendall(connect_packet(demo["devices"][0]["id"], demo["devices"][0]["secret"]))
            assert not heard(line).startswith(b"\x20"), "no CONNACK"
        desk = Person(demo, county_desk(demo))
        button = Device(demo, demo["devices"][0])
        button.press()
        assert button.told("recorded")["eid"].endswith(":3:42")
        assert desk.sees("incident.opened")["d"]["device"] == button.id
        other = demo["devices"][1]["id"]
        assert httpx.post(it.line["page"] + "/demo/press", json={"device": other}, trust_env=False).is_success
        assert desk.sees("incident.opened")["d"]["device"] == other, "the simulators trust it as well"
    finally:
        assert it.stop() == 0


def heard(line: socket.socket) -> bytes:
    """What comes back; nothing when the line is cut."""
    try:
        return line.recv(16)
    except ConnectionError:
        return b""


def test_sigterm_leaves_nothing_running_and_the_data_goes_on(tmp_path: Path) -> None:
    """A second start finds the same county and what happened in it."""
    reachable_folder(tmp_path)
    ports = ("--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    first = start(tmp_path / "data", *ports)
    children = first.children()
    secrets = [d["secret"] for d in first.demo["devices"]]
    button = Device(first.demo, first.demo["devices"][0])
    button.press()
    button.told("recorded")
    assert first.stop() == 0
    assert children
    assert not [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE]
    second = start(tmp_path / "data", *ports)
    try:
        assert [d["secret"] for d in second.demo["devices"]] == secrets
        desk = Person(second.demo, next(a for a in second.demo["accounts"] if a["role"] == "desk"))
        assert len(desk.http.get("/incidents", params={"state": "live"}).json()["items"]) == 1
    finally:
        second.stop()
