"""Makers that speak something else: from their topics and payloads to what happened at an address."""

from collections.abc import Callable, Mapping

from services.devices.adapters import shelly, zigbee2mqtt
from services.devices.domain.foreign import Happening

Adapter = Callable[[str, bytes, object], list[Happening]]

BY_ROOT: Mapping[str, Adapter] = {zigbee2mqtt.ROOT: zigbee2mqtt.happenings, shelly.ROOT: shelly.happenings}
"""The first level of the topic says whose language it is."""

TOPICS = tuple(f"{root}/#" for root in BY_ROOT)


def happenings(topic: str, payload: bytes, content: object) -> list[Happening]:
    """What a foreign message says happened; `content` is its JSON, None where it is none."""
    adapter = BY_ROOT.get(topic.split("/", 1)[0])
    return adapter(topic, payload, content) if adapter else []
