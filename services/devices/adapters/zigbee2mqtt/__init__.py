"""Zigbee buttons and sensors through zigbee2mqtt: `<base>/<friendly name>`, JSON.

One press comes as a word in `action`, followed by an empty `action`, and again as plain text on `…/action`. Other
devices report a state that stays until it is over. `<base>` is `zigbee2mqtt` or lies below it, one for each house.
Shapes: research/telecare.md 1.6; availability and the list of devices as zigbee2mqtt's guide to its topics tells.
"""

from collections.abc import Iterator, Mapping

from services.devices.adapters.reading import amount, fields_of, items_of, percent, text, text_of, truth, word
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

NAME = ROOT = "zigbee2mqtt"
PRESS = frozenset({"action"})
STATES = ("sos", "sos_alarm", "smoke", "gas", "carbon_monoxide", "water_leak", "tamper")
FALLS: Mapping[str, frozenset[str]] = {
    "fall_down_status": frozenset({"maybe_fall", "fall"}),
    "fall_status": frozenset({"fall_warning", "fall_alarm"}),
}
ATTRIBUTES = frozenset({"action", *STATES, *FALLS})
"""Also published one by one, as plain text below the device's own topic."""

TO_A_DEVICE = frozenset({"set", "get"})
OF_THE_BRIDGE = frozenset(
    {"state", "info", "devices", "groups", "event", "log", "logging", "extensions", "converters", "definitions",
     "health", "config", "request", "response"}
)  # fmt: skip
ONLINE: Mapping[str, bool] = {"online": True, "offline": False}


def says(_: str) -> bool:
    """Whether this can be what a press says; makers invent words."""
    return True


def hear(topic: str, payload: bytes, content: object) -> Heard:
    """What this message says."""
    levels = topic.split("/")
    bridge = _bridge_at(levels)
    if bridge is not None:
        return _of_the_bridge("/".join(levels[:bridge]), levels[bridge + 1 :], payload, content)
    address, last = "/".join(levels[:-1]), levels[-1]
    if last == "availability":
        return Heard(signs=(Sign((address,), online=_online(payload, content)),))
    if last in TO_A_DEVICE or len(levels) < 2:
        return Heard()
    plain = not isinstance(content, dict) and not payload.lstrip().startswith((b"{", b"["))
    if plain and len(levels) > 2 and last in ATTRIBUTES:
        return _device(address, {last: text_of(payload)})
    return _device(topic, fields_of(content))


def _bridge_at(levels: list[str]) -> int | None:
    """Where in the topic the hub speaks of itself."""
    for at, level in enumerate(levels[1:], 1):
        if level == "bridge" and (at == 1 or OF_THE_BRIDGE & set(levels[at + 1 : at + 2])):
            return at
    return None


def _device(address: str, fields: Mapping[str, object]) -> Heard:
    batt = percent(fields.get("battery"))
    sign = Sign(
        (address,),
        batt=batt,
        low_batt=truth(fields.get("battery_low")),
        lqi=amount(fields.get("linkquality")),
        tamper=truth(fields.get("tamper")),
    )
    happenings = (*_moment(address, fields, batt), *_states(address, fields, batt), *_falls(address, fields))
    puzzling = any(_puzzling(name, fields[name]) for name in ATTRIBUTES & fields.keys())
    return Heard(happenings, (sign,), speaker=(address,), unreadable=puzzling)


def _puzzling(name: str, value: object) -> bool:
    """Whether somebody may have pressed, and it was said in a way nobody knows."""
    if value is None or value == "":
        return False
    if name in STATES:
        return truth(value) is None
    return isinstance(value, bool) or not isinstance(value, str | int | float)


def _moment(address: str, fields: Mapping[str, object], batt: float | None) -> Iterator[Happening]:
    said = word(fields.get("action"))
    if said:
        yield Happening((address,), said, batt=batt)


def _states(address: str, fields: Mapping[str, object], batt: float | None) -> Iterator[Happening]:
    for name in STATES:
        holds = truth(fields.get(name))
        if holds is not None:
            yield Happening((address,), name, on=holds, batt=batt)


def _falls(address: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    for name, words in FALLS.items():
        if isinstance(fields.get(name), str) and fields[name]:
            for one in sorted(words):
                yield Happening((address,), one, on=fields[name] == one)


def _online(payload: bytes, content: object) -> bool | None:
    said = content.get("state") if isinstance(content, dict) else text_of(payload)
    return ONLINE.get(said) if isinstance(said, str) else None


def _of_the_bridge(base: str, about: list[str], payload: bytes, content: object) -> Heard:
    match about:
        case ["state"]:
            return Heard(signs=(Sign((base,), online=_online(payload, content)),))
        case ["devices"]:
            return Heard(discovered=tuple(_listed(base, content)))
        case _:
            return Heard()


def _listed(base: str, content: object) -> Iterator[Discovered]:
    for fields in map(fields_of, items_of(content)):
        name = text(fields.get("friendly_name"))
        if name is None or fields.get("type") == "Coordinator":
            continue
        known = fields_of(fields.get("definition"))
        yield Discovered(
            f"{base}/{name}",
            NAME,
            name,
            text(known.get("vendor")) or text(fields.get("manufacturer")),
            text(known.get("model")) or text(fields.get("model_id")),
            tuple(dict.fromkeys(_sayable(known.get("exposes")))),
        )


def _sayable(exposes: object) -> Iterator[str]:
    """Words of alarm that a device's description lists."""
    for fields in map(fields_of, items_of(exposes)):
        name = text(fields.get("property")) or text(fields.get("name"))
        if name == "action" or name in FALLS:
            yield from (said for value in items_of(fields.get("values")) if (said := word(value)))
        elif name is not None and name in STATES:
            yield name
        yield from _sayable(fields.get("features"))
