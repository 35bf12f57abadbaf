"""Shelly: the first generation says a letter and counts, the second notifies, BLU buttons speak through a gateway."""

from datetime import datetime
from typing import Any

from simulators.families.message import Message, said

BTHOME_WORDS = {"single_push": 1, "double_push": 2, "triple_push": 3, "long_push": 4, "hold": 0xFE}


class Gen1:
    """A Button 1; its count rises with each press and starts anew with the battery."""

    def __init__(self, name: str, batt: int = 87) -> None:
        """Known as `shellybutton1-<MAC>`."""
        self.topic = f"shellies/{name}"
        self._name = name
        self._batt = batt
        self._count = 0

    def started(self, _: datetime) -> list[Message]:
        """It wakes without a press: nothing has happened yet."""
        announced = {"id": self._name, "model": "SHBTN-1", "mac": self._name.rsplit("-", 1)[-1], "fw_ver": "1.11.8"}
        return [said(f"{self.topic}/announce", announced), *self._told("")]

    def used(self, _: datetime) -> list[Message]:
        """One short press."""
        return self.pressed()

    def pressed(self, word: str = "S") -> list[Message]:
        """S, SS, SSS or L; then how its battery is."""
        self._count += 1
        return [*self._told(word), said(f"{self.topic}/sensor/battery", str(self._batt))]

    def _told(self, word: str) -> list[Message]:
        return [said(f"{self.topic}/input_event/0", {"event": word, "event_cnt": self._count})]


class Flood:
    """A first-generation flood sensor: plain text, and a state that lasts."""

    def __init__(self, name: str) -> None:
        """Known as `shellyflood-<MAC>`."""
        self.topic = f"shellies/{name}"

    def started(self, _: datetime) -> list[Message]:
        """Dry."""
        return [said(f"{self.topic}/sensor/flood", "false")]

    def used(self, _: datetime) -> list[Message]:
        """Water comes and goes."""
        return [said(f"{self.topic}/sensor/flood", value) for value in ("true", "false")]


class Gen2:
    """A second-generation device with inputs; `ts` is its own clock in seconds."""

    def __init__(self, name: str) -> None:
        """Known by its MQTT prefix below `shellies/`."""
        self.topic = f"shellies/{name}"
        self._name = name

    def started(self, _: datetime) -> list[Message]:
        """It is there."""
        return [said(f"{self.topic}/online", "true", retain=True)]

    def used(self, now: datetime) -> list[Message]:
        """One short press."""
        return self.pressed(now.timestamp())

    def pressed(self, ts: float, word: str = "single_push", number: int = 0) -> list[Message]:
        """The contact goes down and up, then the press itself as a word; at QoS 1 that may come twice."""
        words = (("btn_down", 0.0), ("btn_up", 0.2), (word, 0.5), (word, 0.5))
        return [self._notified(event, round(ts + after, 2), f"input:{number}") for event, after in words]

    def _notified(self, event: str, ts: float, component: str, **more: Any) -> Message:
        events = [{"component": component, "id": 0, "event": event, "ts": ts, **more}]
        content = {
            "src": self._name, "dst": f"{self.topic}/events", "method": "NotifyEvent",
            "params": {"ts": ts, "events": events},
        }  # fmt: skip
        return said(f"{self.topic}/events/rpc", content)


class Blu(Gen2):
    """A BLU button heard by a gateway's script; one press is heard several times under one packet number."""

    def __init__(self, gateway: str, mac: str) -> None:
        """The gateway is a second-generation device."""
        super().__init__(gateway)
        self.mac = mac
        self._packet = 0

    def pressed(self, ts: float, word: str = "single_push", number: int = 0) -> list[Message]:
        """Heard twice within a tenth of a second."""
        self._packet = self._packet % 255 + 1
        data = {
            "encryption": False, "BTHome_version": 2, "pid": self._packet, "battery": 100,
            "button": BTHOME_WORDS[word], "rssi": -61, "address": self.mac,
        }  # fmt: skip
        times = (round(ts, 2), round(ts + 0.1, 2))
        return [self._notified("shelly-blu", at, f"script:{number + 1}", data=data) for at in times]
