"""A whole instance as a child process, and stock clients that know only the wire contract."""

import json
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import paho.mqtt.client as paho
import psutil
from paho.mqtt.enums import CallbackAPIVersion
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[1]
PATIENCE_S = 20


@dataclass
class Instance:
    """A started instance and what it said."""

    process: "subprocess.Popen[str]"
    folder: Path
    line: dict[str, Any]
    mine: slice | None = None
    """Which of the homes' buttons are there for a module that shares the instance with others."""

    @property
    def demo(self) -> dict[str, Any]:
        """demo.json."""
        content: dict[str, Any] = json.loads((self.folder / "demo.json").read_text("utf-8"))
        if self.mine is None:
            return content
        buttons = [device for device in content["devices"] if device["kind"] == "button"]
        return content | {"devices": buttons[self.mine]}

    def children(self) -> list[psutil.Process]:
        """Every process it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        with self.process:
            return self.process.wait(30)


def start(folder: Path, *options: str, homes: int = 40) -> Instance:
    """Start on the folder and wait for the ready line."""
    with (folder.parent / f"{folder.name}.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.cli", "up", "--demo", "huichang", "--data", str(folder), "--quiet",
             "--homes", str(homes), *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (folder.parent / f"{folder.name}.err").read_text("utf-8")
    return Instance(process, folder, json.loads(line))


class Device:
    """A stock MQTT client with a device's credential."""

    def __init__(self, demo: dict[str, Any], device: dict[str, Any]) -> None:
        """Connect under the device's own id."""
        self.topic = f"yl/v1/{device['county']}/{device['id']}"
        self.id = device["id"]
        self.receipts: list[dict[str, Any]] = []
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=self.id)
        self.client.username_pw_set(device["id"], device["secret"])
        self.client.on_message = lambda *a: self.receipts.append(json.loads(a[2].payload))
        if demo["mqtt"].get("tls"):
            self.client.tls_set(demo["mqtt"]["ca"])
        self.client.connect(demo["mqtt"]["host"], demo["mqtt"]["port"])
        self.client.subscribe(f"{self.topic}/down/receipt", qos=1)

    def press(self, kind: str = "sos") -> None:
        """The payload of the wire contract."""
        body = {
            "v": 1, "eid": f"{self.id}:3:42", "kind": kind, "boot": 3, "seq": 42, "ts": 1795312235123, "attempt": 1,
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
        Person.people.append(self)
        silent = {inbox["id"] for inbox in inboxes}
        while silent:  # what happens before is in the picture and no news
            frame = self.hears()
            if frame["t"] == "live":
                silent.discard(frame["i"])

    def leave(self) -> None:
        """Close everything."""
        self.stack.close()
        self.http.close()

    def send(self, frame: dict[str, Any]) -> None:
        """One frame."""
        self.socket.send(json.dumps(frame))

    def hears(self) -> dict[str, Any]:
        """The next frame; a ping is answered."""
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE_S))
        if frame["t"] == "ping":
            self.send({"t": "pong", "n": frame["n"], "vis": "visible", "audio": "running"})
        return frame

    def sees(self, event: str) -> dict[str, Any]:
        """Read frames until such an event."""
        while True:
            frame = self.hears()
            if frame["t"] == "ev" and frame["type"] == event:
                self.send({"t": "seen", "i": frame["i"], "ids": [frame["id"]], "ring": "ok"})
                return frame

    def act(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        """Do something once."""
        reply = self.http.post(path, json=body or {}, headers={"Idempotency-Key": str(uuid4()), **headers})
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer


def reachable_folder(folder: Path) -> Path:
    """Let PostgreSQL's own user pass through the folders that pytest keeps to itself."""
    outside = Path(tempfile.gettempdir())
    for parent in (folder, *folder.parents):
        if parent.is_relative_to(outside) and parent != outside:
            parent.chmod(0o755)
    return folder


def nearest(demo: dict[str, Any], device: dict[str, Any]) -> dict[str, Any]:
    """Account of the responder on duty who will be asked first."""
    return by_distance(demo, device)[0]


def by_distance(demo: dict[str, Any], device: dict[str, Any]) -> list[dict[str, Any]]:
    """Accounts of those on duty who are asked for any call, nearest first."""
    people = (a for a in demo["accounts"] if a["role"] == "responder" and a["kind"] != "volunteer")
    on_duty = (a for a in people if a["on_duty"])
    return sorted(on_duty, key=lambda a: (a["lat"] - device["lat"]) ** 2 + (a["lon"] - device["lon"]) ** 2)


def county_desk(demo: dict[str, Any]) -> dict[str, Any]:
    """Account of a desk seat of the whole county."""
    return next(a for a in demo["accounts"] if a["role"] == "desk" and len(a["division"]) == 6)


def connect_packet(device: str, secret: str) -> bytes:
    """MQTT 3.1.1 CONNECT: clean session, user and password, keep-alive 45 s."""
    texts = b"".join(len(text).to_bytes(2) + text for text in (device.encode(), device.encode(), secret.encode()))
    body = b"\x00\x04MQTT\x04\xc2\x00\x2d" + texts
    assert len(body) < 128, "the length fits into one byte"
    return bytes((0x10, len(body))) + body
