"""`./yinling up` as a newcomer and a tester meet it: wire contract, section 5."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx
import paho.mqtt.client as paho
import psutil
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20


@dataclass
class Instance:
    """A started instance and what it said."""

    process: "subprocess.Popen[str]"
    folder: Path
    line: dict[str, Any]

    @property
    def demo(self) -> dict[str, Any]:
        """demo.json."""
        content: dict[str, Any] = json.loads((self.folder / "demo.json").read_text("utf-8"))
        return content

    def children(self) -> list[psutil.Process]:
        """Every process it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        with self.process:
            return self.process.wait(30)


def start(folder: Path, *options: str) -> Instance:
    """Start on the folder and wait for the ready line."""
    with (folder.parent / f"{folder.name}.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.cli", "up", "--demo", "huichang", "--data", str(folder), "--quiet",
             "--homes", "40", *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (folder.parent / f"{folder.name}.err").read_text("utf-8")
    return Instance(process, folder, json.loads(line))


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One quiet instance for this file; its web port was taken, so it moved."""
    folder = tmp_path_factory.mktemp("up")
    folder.chmod(0o755)
    for parent in folder.parents:
        if parent.owner() == Path.home().owner() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
        if parent == Path("/tmp"):  # noqa: S108
            break
    it = start(folder / "data", "--http-port", str(free_port()), "--mqtt-port", str(free_port()))
    yield it
    it.stop()


@pytest.fixture(autouse=True)
def leave() -> Iterator[None]:
    """Nobody stays connected after a test."""
    yield
    while Person.people:
        Person.people.pop().leave()


class Device:
    """A stock MQTT client with a device's credential."""

    def __init__(self, demo: dict[str, Any], device: dict[str, Any]) -> None:
        """Connect under the device's own id."""
        self.topic = f"yl/v1/{device['county']}/{device['id']}"
        self.id = device["id"]
        self.receipts: list[dict[str, Any]] = []
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=self.id)
        self.client.username_pw_set(device["id"], device["secret"])
        self.client.on_message = lambda *a: self.receipts.append(json.loads(a[2].payload))
        self.client.connect(demo["mqtt"]["host"], demo["mqtt"]["port"])
        self.client.subscribe(f"{self.topic}/down/receipt", qos=1)

    def press(self) -> None:
        """The payload of the wire contract."""
        body = {
            "v": 1, "eid": f"{self.id}:3:42", "kind": "sos", "boot": 3, "seq": 42, "ts": 1795312235123, "attempt": 1,
            "path": "wifi", "batt": 88, "rssi": -67,
        }  # fmt: skip
        self.client.publish(f"{self.topic}/up/alarm", json.dumps(body), qos=1)

    def told(self, stage: str) -> dict[str, Any]:
        """Serve the connection until this stage has come."""
        for _ in range(PATIENCE_S * 20):
            found = [r for r in self.receipts if r["stage"] == stage]
            if found:
                return found[0]
            self.client.loop(0.05)
        raise AssertionError((stage, self.receipts))


class Person:
    """A client written from the wire contract alone."""

    people: ClassVar[list["Person"]] = []

    def __init__(self, demo: dict[str, Any], account: dict[str, Any]) -> None:
        """Log in and open the socket."""
        self.http = httpx.Client(base_url=demo["http"] + "/api/v1", trust_env=False, timeout=10)
        login = {"username": account["username"], "password": account["password"]}
        session = self.http.post("/sessions", json=login).json()
        self.http.headers["Authorization"] = f"Bearer {session['token']}"
        self.stack = ExitStack()
        opened = connect(demo["ws"], subprotocols=["yinling.v1"], proxy=None)  # type: ignore[list-item]
        self.socket: ClientConnection = self.stack.enter_context(opened)
        inboxes = [{"id": i} for i in session["account"]["inboxes"]]
        self.send({"t": "hello", "v": 1, "token": session["token"], "inboxes": inboxes})
        self.number = 0
        Person.people.append(self)

    def leave(self) -> None:
        """Close everything."""
        self.stack.close()
        self.http.close()

    def send(self, frame: dict[str, Any]) -> None:
        """One frame."""
        self.socket.send(json.dumps(frame))

    def sees(self, event: str) -> dict[str, Any]:
        """Read frames until such an event, answering pings."""
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE_S))
            if frame["t"] == "ping":
                self.send({"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
            if frame["t"] == "ev" and frame["type"] == event:
                self.send({"t": "seen", "i": frame["i"], "ids": [frame["id"]], "ring": "ok"})
                return frame

    def act(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        """Do something once."""
        self.number += 1
        reply = self.http.post(path, json=body or {}, headers={"Idempotency-Key": f"t{self.number}", **headers})
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer


def test_a_stock_button_and_a_client_from_the_contract_go_all_the_way(instance: Instance) -> None:
    """recorded, seen, accepted, arrived, closed."""
    demo = instance.demo
    responders = [a for a in demo["accounts"] if a["role"] == "responder"]
    desk = Person(demo, next(a for a in demo["accounts"] if a["role"] == "desk" and len(a["division"]) == 6))
    device = demo["devices"][0]
    button = Device(demo, device)
    near = min((r for r in responders if r["username"] not in ("r0001", "r0002") and r["kind"] != "volunteer"),
               key=lambda r: (r["lat"] - device["lat"]) ** 2 + (r["lon"] - device["lon"]) ** 2)  # fmt: skip
    helper = Person(demo, near)
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
    assert {a["role"] for a in demo["accounts"]} == {"responder", "desk", "supervisor", "admin"}
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
        return json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"]["watch"] != numbers["watch"]

    for _ in range(200):
        if came_back():
            break
        with pytest.raises(psutil.TimeoutExpired):
            gone.wait(0.05)
    assert came_back()


def test_sigterm_leaves_nothing_running_and_the_data_goes_on(tmp_path: Path) -> None:
    """A second start finds the same county and what happened in it."""
    tmp_path.chmod(0o755)
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
