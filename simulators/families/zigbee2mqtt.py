"""Zigbee behind zigbee2mqtt: six ways in which buttons and sensors on the market say that somebody needs help.

A press is a word in `action`, followed by the same report with an empty one and, on older installations, by plain text
below `/action`; other things report a state that lasts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulators.families.message import Message, said

MODELS: Mapping[str, tuple[str, str]] = {
    "tuya_sos": ("Tuya", "TS0215A_sos"),
    "loginovo": ("Loginovo", "ZG-101Z"),
    "feibit": ("Feibit", "SEB01ZB"),
    "heiman": ("Heiman", "HS1EB"),
    "keypad": ("Climax", "KP-23EL-ZBS-ACE"),
    "radar": ("Tuya", "TS0601_fall"),
    "smoke": ("Tuya", "TS0205"),
    "water": ("Tuya", "TS0207_water_leak_detector"),
}
"""Maker and model by the name of the payload family."""

WORDS = {"tuya_sos": "emergency", "loginovo": "sos", "heiman": "single", "keypad": "panic"}
LASTING: Mapping[str, tuple[str, Any, Any]] = {
    "feibit": ("sos", True, False),
    "radar": ("fall_down_status", "fall", "none"),
    "smoke": ("smoke", True, False),
    "water": ("water_leak", True, False),
}
"""Field, and its value while it lasts and afterwards."""

ALSO: Mapping[str, dict[str, Any]] = {
    "loginovo": {"battery_low": False},
    "feibit": {"battery_low": False, "tamper": False},
    "keypad": {"action_code": None, "action_zone": 23},
    "radar": {"presence": True},
}
"""What else stands in a report of that family."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A device that joined the network under a friendly name, below the bridge's base topic."""

    name: str
    family: str
    base: str = "zigbee2mqtt"
    batt: int = 80
    lqi: int = 120

    @property
    def topic(self) -> str:
        """Where it reports."""
        return f"{self.base}/{self.name}"

    def started(self, _: datetime) -> list[Message]:
        """It is there."""
        return [said(f"{self.topic}/availability", {"state": "online"}, retain=True)]

    def used(self, _: datetime) -> list[Message]:
        """Everything that comes of one press, or of a state that begins and ends."""
        if self.family in WORDS:
            return self._press(WORDS[self.family])
        name, begins, ends = LASTING[self.family]
        return [self._report(**{name: begins}), self._report(**{name: ends})]

    def _press(self, word: str) -> list[Message]:
        plain = [said(f"{self.topic}/action", word)] if self.family == "tuya_sos" else []
        return [self._report(action=word), *plain, self._report(action="")]

    def _report(self, **told: Any) -> Message:
        return said(self.topic, {**told, **ALSO.get(self.family, {}), "battery": self.batt, "linkquality": self.lqi})


def started(things: Sequence[Thing], base: str = "zigbee2mqtt") -> list[Message]:
    """What the bridge keeps at the broker after its start: itself, and what has joined it."""
    return [
        said(f"{base}/bridge/state", {"state": "online"}, retain=True),
        said(f"{base}/bridge/devices", [_described(thing, number) for number, thing in enumerate(things)], retain=True),
    ]


def gone(thing: Thing) -> Message:
    """The bridge has not heard of it for too long."""
    return said(f"{thing.topic}/availability", {"state": "offline"}, retain=True)


def _described(thing: Thing, number: int) -> dict[str, Any]:
    maker, model = MODELS[thing.family]
    exposes = [{"type": "enum", "name": "action", "property": "action", "access": 1, "values": ["emergency", "single"]}]
    return {
        "ieee_address": f"0x00158d0001{number:06x}", "type": "EndDevice", "supported": True, "disabled": False,
        "friendly_name": thing.name, "model_id": model, "manufacturer": maker, "interview_completed": True,
        "power_source": "Battery", "definition": {"vendor": maker, "model": model, "exposes": exposes},
    }  # fmt: skip
