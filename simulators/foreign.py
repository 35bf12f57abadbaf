"""The foreign things behind one hub, as the demo's description names them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simulators.families import zigbee2mqtt
from simulators.families.discovery import Announced
from simulators.families.esphome import Esphome
from simulators.families.message import Message, Thing
from simulators.families.shelly import Blu, Flood, Gen1, Gen2
from simulators.families.tasmota import Tasmota
from simulators.families.traccar import Tracker

ZIGBEE = MappingProxyType({model: family for family, (_, model) in zigbee2mqtt.MODELS.items()})
SHELLIES: Mapping[str, Callable[[str], Thing]] = MappingProxyType(
    {
        "shellybutton1": Gen1,
        "shellyflood": Flood,
        "shellyplusi4": Gen2,
        "SBBT-002C": lambda rest: Blu(*rest.split("/", 1)),
    }
)


class Foreigners:
    """Things by the address under which they are bound."""

    def __init__(self, things: list[dict[str, Any]]) -> None:
        """`things` are a hub's, from demo.json: address, adapter, model."""
        self.things = {it["address"]: made(it["adapter"], it["model"], it["address"]) for it in things}

    def started(self, now: datetime) -> list[Message]:
        """What all of them, and what passes them on, say after a start."""
        joined = [thing for thing in self.things.values() if isinstance(thing, zigbee2mqtt.Thing)]
        bridge = zigbee2mqtt.started(joined) if joined else []
        return bridge + [message for thing in self.things.values() for message in thing.started(now)]

    def used(self, address: str, now: datetime) -> list[Message]:
        """What one of them says when it is used; KeyError for an unknown address."""
        return self.things[address].used(now)


def made(adapter: str, model: str, address: str) -> Thing:
    """The thing that speaks at this address."""
    rest = address.split("/", 1)[1]
    match adapter:
        case "zigbee2mqtt":
            return zigbee2mqtt.Thing(rest, ZIGBEE[model])
        case "shelly":
            return SHELLIES[model](rest)
        case "tasmota":
            return Tasmota(rest)
        case "homeassistant":
            return Announced(rest.split("/", 1)[0], address)
        case "traccar":
            return Tracker(rest, model)
        case _:
            return Esphome(*rest.split("/", 1))
