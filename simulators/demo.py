"""demo.json: what a start tells about itself (wire contract, section 5)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from simulators.button import Identity
from simulators.mqtt import Broker
from simulators.places import COUNTY


@dataclass(frozen=True, slots=True)
class Demo:
    """demo.json."""

    content: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Demo":
        """Read the file a start has written."""
        return cls(orjson.loads(path.read_bytes()))

    def broker(self, device: str, secret: str) -> Broker:
        """Where and as whom a device connects."""
        at, also = self.content["mqtt"], self.also.get("mqtt")
        others = ((str(also["host"]), int(also["port"])),) if also else ()
        return Broker(at["host"], at["port"], device, secret, at.get("ca"), others)

    def identity(self, device: dict[str, Any]) -> Identity:
        """A device with its credential."""
        broker = self.broker(device["id"], device["secret"])
        return Identity(device.get("county", COUNTY), broker, device.get("kind", "button"))

    @property
    def http(self) -> str:
        """Address of the platform."""
        return str(self.content["http"])

    @property
    def also(self) -> dict[str, Any]:
        """The second gateway's and the second broker's addresses (`http`, `ws`, `mqtt`), where there are two."""
        return dict(self.content.get("also", {}))

    @property
    def gateways(self) -> tuple[str, ...]:
        """Addresses of every gateway."""
        return (self.http, *([str(self.also["http"])] if "http" in self.also else []))

    @property
    def socket(self) -> str:
        """Address of the consoles' socket."""
        return str(self.content["ws"])

    @property
    def sockets(self) -> tuple[str, ...]:
        """The consoles' socket at every gateway."""
        return (self.socket, *([str(self.also["ws"])] if "ws" in self.also else []))

    @property
    def devices(self) -> list[dict[str, Any]]:
        """Devices with their secrets."""
        return list(self.content["devices"])

    @property
    def hubs(self) -> list[dict[str, Any]]:
        """Hubs with their secrets and foreign prefixes."""
        return list(self.content["hubs"])

    @property
    def text_gateways(self) -> list[dict[str, Any]]:
        """Gateways of text messages with their secrets."""
        return list(self.content.get("sms", ()))

    @property
    def things(self) -> list[dict[str, Any]]:
        """Foreign things behind hubs and gateways; `device` is None for one that nobody has bound."""
        return [thing for owner in (*self.hubs, *self.text_gateways) for thing in owner.get("things", ())]

    @property
    def exchange(self) -> dict[str, str] | None:
        """The telephone exchange's `secret` and where it `reports`; none where telephones are real."""
        return self.content.get("exchange")

    def accounts(self, *roles: str) -> list[dict[str, Any]]:
        """Accounts with one of these roles."""
        return [account for account in self.content["accounts"] if account["role"] in roles]
