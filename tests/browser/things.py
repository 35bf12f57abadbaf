"""Things that a person at the device desk has in her hand: a hub's new button, a button of our own."""

import json
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.instances import Device, Instance, Person

PATIENCE_S = 10


class Hub:
    """A zigbee hub with its own credential, behind which anything may be paired."""

    def __init__(self, demo: dict[str, Any]) -> None:
        """Connect as the county's zigbee hub."""
        hub = next(hub for hub in demo["hubs"] if hub["prefix"].startswith("zigbee2mqtt"))
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=hub["id"])
        self.client.username_pw_set(hub["id"], hub["secret"])
        self.client.connect(demo["mqtt"]["host"], demo["mqtt"]["port"])
        self.client.loop_start()

    def pressed(self, name: str) -> None:
        """One press of a SOS button, as zigbee2mqtt tells it: the word, then nothing."""
        for action in ("emergency", ""):
            told = json.dumps({"action": action, "battery": 97, "linkquality": 120})
            self.client.publish(f"zigbee2mqtt/{name}", told, qos=1).wait_for_publish(PATIENCE_S)

    def leave(self) -> None:
        """Hang up."""
        self.client.loop_stop()
        self.client.disconnect()


class Button(Device):
    """A button of our own that counts its presses."""

    def __init__(self, demo: dict[str, Any], device: dict[str, Any], seq: int = 0) -> None:
        """Connect under the device's own id; it has pressed `seq` times before."""
        super().__init__(demo, device)
        self.seq = seq

    def press(self, kind: str = "sos") -> None:
        """One more press; wait until it is answered."""
        self.seq += 1
        eid = f"{self.id}:1:{self.seq}"
        body = {"v": 1, "eid": eid, "kind": kind, "boot": 1, "seq": self.seq, "batt": 88, "rssi": -67}
        self.client.publish(f"{self.topic}/up/alarm", json.dumps(body), qos=1)
        self.receipts.clear()
        self.told("recorded")

    def leave(self) -> None:
        """Hang up."""
        self.client.disconnect()


def somebody(instance: Instance, username: str) -> Person:
    """A client of this account."""
    account = next(one for one in instance.demo["accounts"] if one["username"] == username)
    return Person(instance.demo, account)


def registered(instance: Instance, device: str) -> tuple[dict[str, Any], str]:
    """A new button as from the factory, known and not claimed: its credential, and the code on its label."""
    admin = somebody(instance, "admin")
    division = instance.demo["devices"][0]["county"]
    body = {"id": device, "kind": "button", "model": "yl-button", "division": division}
    reply = admin.http.post("/devices", json=body, headers={"Idempotency-Key": f"register-{device}"})
    admin.leave()
    assert reply.status_code == 201, reply.text
    made = reply.json()
    return {"id": device, "county": division[:6], "secret": made["secret"]}, made["claim_code"]
