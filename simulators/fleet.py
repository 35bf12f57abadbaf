"""All devices of a demo, from its description; each is one button with one connection at most."""

from collections.abc import Iterator
from random import Random
from typing import Any

import httpx

from shared.runtime.clock import Clock
from simulators.button import Button, Watch
from simulators.demo import Demo
from simulators.families.sms import SmsGateway
from simulators.foreign import Foreigners
from simulators.hub import Hub, publish
from simulators.mqtt import session
from simulators.press import Press
from simulators.radio import Radio, Weather
from simulators.second import SecondPath

CRY = "SOS 求助"


class Fleet:
    """Buttons by their device's name, hubs by theirs."""

    def __init__(
        self, demo: Demo, clock: Clock, draw: Random, watch: Watch | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> None:  # fmt: skip
        """Know every device; none is connected yet. With a `client` of the platform they have a second path."""
        self._demo = demo
        self._identities = {device["id"]: demo.identity(device) for device in demo.devices}
        self._buttons: dict[str, Button] = {}
        self._clock = clock
        self._draw = draw
        self._watch = watch
        self._second = SecondPath(client) if client is not None else None
        self.hubs = {hub["id"]: self._hub(hub) for hub in demo.hubs}
        self.bound = [thing["address"] for hub in demo.hubs for thing in hub.get("things", ()) if thing["device"]]
        self._phones = _phones(demo, client) if client is not None else {}
        self._behind = {address: name for name, hub in self.hubs.items() for address in hub.foreigners.things}

    def __contains__(self, device: str) -> bool:
        """Whether the device exists."""
        return device in self._identities

    def __iter__(self) -> Iterator[str]:
        """Every device."""
        return iter(self._identities)

    def press(self, device: str, kind: str) -> Press:
        """Press a device's button; KeyError for an unknown one."""
        return self.button(device).press(kind)

    def button(self, device: str) -> Button:
        """The device itself; KeyError for an unknown one."""
        if device not in self._buttons:
            identity = self._identities[device]
            self._buttons[device] = Button(identity, self._clock, self._draw, self._watch, second=self._second)
        return self._buttons[device]

    def under(self, device: str, weather: Weather) -> None:
        """Give a device another radio."""
        self.button(device).radio = Radio(weather, self._draw, self._clock.now())

    async def use(self, address: str) -> None:
        """What a hub passes on when the foreign thing at this address is used: once, without a receipt.

        KeyError for an unknown address, one of LOST while the platform is away.
        """
        if address in self._phones:
            await self._phones[address].post(address.split("/", 1)[1], CRY)
            return
        hub = self.hubs[self._behind[address]]
        messages = hub.foreigners.used(address, self._clock.now())
        if not await hub.relay(messages):
            async with session(hub.identity.broker, None, lambda *_: None) as link:
                await publish(link, messages)

    def drop(self) -> None:
        """Everybody loses the connection at the same instant, and comes back."""
        for button in self._buttons.values():
            button.drop()
        for hub in self.hubs.values():
            hub.drop()

    async def stop(self) -> None:
        """Disconnect every device; hubs end with whoever lets them live."""
        for button in self._buttons.values():
            await button.stop()

    def _hub(self, hub: dict[str, Any]) -> Hub:
        identity = self._demo.identity({"kind": "hub", **hub})
        return Hub(identity, self._clock, self._draw, Foreigners(hub.get("things", [])))


def _phones(demo: Demo, client: httpx.AsyncClient) -> dict[str, SmsGateway]:
    """Gateway by the address of each telephone that is bound to it."""
    return {
        thing["address"]: SmsGateway(client, gateway["id"], gateway["secret"])
        for gateway in demo.text_gateways
        for thing in gateway["things"]
    }
