"""All devices of a demo, from its description; each is one button with one connection at most."""

from random import Random
from typing import Any

import orjson

from shared.runtime.clock import Clock
from simulators.button import Button, Watch
from simulators.demo import Demo
from simulators.mqtt import session
from simulators.press import Press

FOREIGN_PRESSES: dict[str, tuple[str, tuple[dict[str, Any], ...]]] = {
    "zigbee2mqtt/#": (
        "zigbee2mqtt/sos_bedroom",
        ({"action": "emergency", "battery": 80, "linkquality": 120}, {"action": "", "battery": 80, "linkquality": 118}),
    ),
    "shellies/#": ("shellies/shellybutton1-3494546ECA01/input_event/0", ({"event": "S"},)),
}


class Fleet:
    """Buttons by their device's name."""

    def __init__(self, demo: Demo, clock: Clock, draw: Random, watch: Watch | None = None) -> None:
        """Know every device; none is connected yet."""
        self._demo = demo
        self._identities = {device["id"]: demo.identity(device) for device in demo.devices}
        self._buttons: dict[str, Button] = {}
        self._clock = clock
        self._draw = draw
        self._watch = watch
        self._counted = 0

    def __contains__(self, device: str) -> bool:
        """Whether the device exists."""
        return device in self._identities

    def press(self, device: str, kind: str) -> Press:
        """Press a device's button; KeyError for an unknown one."""
        if device not in self._buttons:
            identity = self._identities[device]
            self._buttons[device] = Button(identity, self._clock, self._draw, self._watch)
        return self._buttons[device].press(kind)

    async def press_foreign(self, hub: dict[str, Any]) -> None:
        """What a hub passes on when the foreign button behind it is pressed: once, without a receipt."""
        topic, payloads = FOREIGN_PRESSES[hub["prefix"]]
        async with session(self._demo.broker(hub["id"], hub["secret"]), None, lambda *_: None) as link:
            self._counted += 1
            for payload in payloads:
                await link.publish(topic, orjson.dumps({**payload, "event_cnt": self._counted}))

    async def stop(self) -> None:
        """Disconnect everything."""
        for button in self._buttons.values():
            await button.stop()
