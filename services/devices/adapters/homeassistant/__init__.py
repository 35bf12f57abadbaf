"""Home Assistant discovery: what would appear there by itself appears here for binding, and its triggers ring.

`<base>/homeassistant/…/config` or `homeassistant/…/config`, retained: a `device_automation` trigger, an `event` or a
`binary_sensor`, alone or as components of one device, in long or short spelling. The address is the topic that the
press will come on. A house's own broker is bridged below `homeassistant/<house>/`: topics in its configs are read as
lying there too, so that one prefix holds all of it. A topic outside `homeassistant/` is not shown, since no press on it
would reach us. Templates are not evaluated.
Shapes: home-assistant.io, MQTT discovery, device_trigger.mqtt, event.mqtt and binary_sensor.mqtt.
"""

from collections.abc import Iterator, Mapping

from services.devices.adapters.reading import fields_of, items_of, text, text_of, truth, word
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

NAME = ROOT = "homeassistant"
PRESS = frozenset({"event_type"})
COMPONENTS = frozenset({"device_automation", "event", "binary_sensor", "device"})
ALARMING = frozenset({"smoke", "gas", "carbon_monoxide", "moisture", "tamper", "safety"})
"""Classes of a binary sensor that somebody must answer."""

SHORT: Mapping[str, str] = {
    "atype": "automation_type",
    "dev": "device",
    "dev_cla": "device_class",
    "cmps": "components",
    "evt_typ": "event_types",
    "ids": "identifiers",
    "mdl": "model",
    "mf": "manufacturer",
    "p": "platform",
    "pl": "payload",
    "stat_t": "state_topic",
    "t": "topic",
}


def says(_: str) -> bool:
    """Whether this can be what a press says; configs invent words."""
    return True


def hear(topic: str, payload: bytes, content: object) -> Heard:
    """What this message says. A press may come on any topic below, so it counts only where it is bound or known."""
    levels = topic.split("/")
    start = _config_at(levels)
    if start is not None:
        return Heard(discovered=tuple(_found(levels[start + 1], levels[:start], _long(fields_of(content)))))
    if levels[-1] in {"config", "status"} or len(levels) < 2:
        return Heard()
    return Heard(tuple(_pressed(topic, payload, content)), (Sign((topic,)),), speaker=(topic,))


def _config_at(levels: list[str]) -> int | None:
    """Where discovery's own `homeassistant` stands in a config's topic."""
    for at, level in enumerate(levels[:-2]):
        if level == ROOT and levels[at + 1] in COMPONENTS and levels[-1] == "config":
            return at
    return None


def _pressed(topic: str, payload: bytes, content: object) -> Iterator[Happening]:
    if isinstance(content, dict):
        said = word(content.get("event_type"))
        if said:
            yield Happening((topic,), said, quiet=True)
        return
    said = word(text_of(payload))
    holds = truth(said)
    if said and holds is None:
        yield Happening((topic,), said, quiet=True)
    elif holds is not None:
        yield Happening((topic,), "on", on=holds, quiet=True)


def _long(fields: Mapping[str, object]) -> dict[str, object]:
    """Short names as long ones."""
    return {SHORT.get(name, name): value for name, value in fields.items()}


def _found(kind: str, base: list[str], fields: Mapping[str, object]) -> Iterator[Discovered]:
    about = _long(fields_of(fields.get("device")))
    if kind == "device":
        for part in fields_of(fields.get("components")).values():
            each = _long(fields_of(part))
            yield from _component(str(each.get("platform")), base, {"~": fields.get("~"), **each}, about)
    else:
        yield from _component(kind, base, fields, about)


def _component(
    kind: str, base: list[str], fields: Mapping[str, object], about: Mapping[str, object]
) -> Iterator[Discovered]:
    topic = _topic(base, fields, "topic" if kind == "device_automation" else "state_topic")
    words = tuple(dict.fromkeys(_words(kind, fields)))
    if topic and topic.startswith(f"{ROOT}/") and words:
        name = text(about.get("name")) or text(fields.get("name"))
        yield Discovered(topic, NAME, name, text(about.get("manufacturer")), text(about.get("model")), words)


def _topic(base: list[str], fields: Mapping[str, object], field: str) -> str | None:
    written, short = text(fields.get(field)), text(fields.get("~"))
    if written and short:
        written = written.replace("~", short)
    return "/".join([*base, written]) if written else None


def _words(kind: str, fields: Mapping[str, object]) -> Iterator[str]:
    match kind:
        case "device_automation" if fields.get("automation_type") == "trigger":
            yield word(fields.get("payload")) or word(fields.get("type")) or "press"
        case "event":
            yield from (said for value in items_of(fields.get("event_types")) if (said := word(value)))
        case "binary_sensor" if text(fields.get("device_class")) in ALARMING:
            yield "on"
