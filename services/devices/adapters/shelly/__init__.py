"""Shelly: Gen1 (`shellies/<id>/input_event/0`), Gen2 (`<prefix>/events/rpc`) and BLU buttons through a gateway.

A Gen2 device is given a prefix below `shellies/`. Shapes: research/telecare.md 1.7, and for the signs Shelly's public
descriptions of NotifyStatus, DevicePower and BTHomeDevice.
"""

from collections.abc import Iterator, Mapping

from services.devices.adapters.reading import (
    amount,
    fields_of,
    items_of,
    percent,
    serial,
    text,
    text_of,
    truth,
    word,
)
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

NAME = "shelly"
ROOT = "shellies"
PRESS = frozenset({"event", "button"})
SENSORS = frozenset({"flood", "smoke", "gas"})
CALM = frozenset({"false", "none", "test", "unknown", "0", ""})
RAW = frozenset({"btn_down", "btn_up"})
"""Edges of the contact; the press itself follows as a word."""

PUSHES = frozenset({"single_push", "double_push", "triple_push", "long_push"})
FIRST_WORDS = ("S", "SS", "SSS", "L")
BLU_WORDS: Mapping[object, str] = {
    1: "single_push",
    2: "double_push",
    3: "triple_push",
    4: "long_push",
    0x80: "long_push",
    0xFE: "long_push",
}


def says(said: str) -> bool:
    """Whether this can be what a press says, and no other event of the device."""
    return said in PUSHES or said in FIRST_WORDS


def hear(topic: str, payload: bytes, content: object) -> Heard:
    """What this message says."""
    match topic.split("/"):
        case [*base, "input_event", number] if base:
            return _pressed("/".join(base), number, content)
        case [*base, "events", "rpc"] if base:
            return _notified("/".join(base), fields_of(content))
        case [*base, "status", component] if base:
            return _status("/".join(base), {component: content})
        case [*base, "announce"]:
            return _announced("/".join(base), fields_of(content))
        case _:
            return _plain(topic.split("/"), text_of(payload).lower())


def _plain(levels: list[str], said: str) -> Heard:
    match levels:
        case [*base, "sensor", sensor] if base:
            return _sensed("/".join(base), sensor, said)
        case [*base, "online"] if base:
            return Heard(signs=(Sign(("/".join(base),), online=truth(said)),))
        case _:
            return Heard()


def _pressed(base: str, number: str, content: object) -> Heard:
    fields = fields_of(content)
    said, addresses = word(fields.get("event")), (f"{base}/input:{number}", base)
    happened = (Happening(addresses, said, serial=serial(fields.get("event_cnt"))),) if said else ()
    return Heard(happened, (Sign((base,)),), speaker=addresses, unreadable="event" not in fields)


def _sensed(base: str, sensor: str, said: str) -> Heard:
    happened = (Happening((base,), sensor, on=said not in CALM),) if sensor in SENSORS and said else ()
    batt = percent(said) if sensor == "battery" else None
    mains = truth(said) if sensor == "charger" else None
    return Heard(happened, (Sign((base,), batt=batt, mains=mains),), speaker=(base,) if sensor in SENSORS else ())


def _announced(base: str, fields: Mapping[str, object]) -> Heard:
    """A Gen1 device says it on `shellies/announce` for all to hear, and on its own topic."""
    name, model = text(fields.get("id")), text(fields.get("model"))
    address = f"{ROOT}/{name}" if base == ROOT and name else base
    if address == ROOT or not name:
        return Heard()
    words = tuple(sorted(PUSHES)) if "gen" in fields else FIRST_WORDS
    fw = text(fields.get("fw_ver")) or text(fields.get("ver"))
    return Heard((), (Sign((address,), fw=fw),), (Discovered(address, NAME, name, "Shelly", model, words),))


def _notified(base: str, fields: Mapping[str, object]) -> Heard:
    params = fields_of(fields.get("params"))
    if text(fields.get("method")) in {"NotifyStatus", "NotifyFullStatus"}:
        return _status(base, params)
    events = list(map(fields_of, items_of(params.get("events"))))
    happened, found = list[Happening](), list[Discovered]()
    signs = [Sign((base,))]
    for event in events:
        at = event.get("ts", params.get("ts"))
        if event.get("event") == "shelly-blu":
            data = fields_of(event.get("data"))
            happened += _blu(base, data, at)
            signs += _blu_signs(base, data)
            found += _blu_found(base, data)
        else:
            happened += _event(base, event, at)
    return Heard(tuple(happened), tuple(signs), tuple(found), speaker=(base,), unreadable=not any(events))


def _event(base: str, event: Mapping[str, object], at: object) -> Iterator[Happening]:
    component, said = str(event.get("component", "")), word(event.get("event"))
    if said and said not in RAW and (said in PUSHES or component.startswith("input:")):
        yield Happening((f"{base}/{component}", base), said, serial=serial(at))


def _blu(base: str, data: Mapping[str, object], at: object) -> Iterator[Happening]:
    mac, packet, buttons = text(data.get("address")), data.get("pid", at), data.get("button")
    addresses = (f"{base}/{mac}", base) if mac else (base,)
    for button in buttons if isinstance(buttons, list) else [buttons]:
        if button and isinstance(button, int | str | float):
            yield Happening(
                addresses, BLU_WORDS.get(button, f"button_{button}"[:32]), serial=serial(packet),
                batt=percent(data.get("battery")),
            )  # fmt: skip


def _blu_signs(base: str, data: Mapping[str, object]) -> Iterator[Sign]:
    mac = text(data.get("address"))
    if mac:
        yield Sign((f"{base}/{mac}",), batt=percent(data.get("battery")), rssi=amount(data.get("rssi")))


def _blu_found(base: str, data: Mapping[str, object]) -> Iterator[Discovered]:
    mac = text(data.get("address"))
    if mac and data.get("button") is not None:
        model = text(data.get("model")) or text(data.get("local_name"))
        yield Discovered(f"{base}/{mac}", NAME, mac, "Shelly", model, tuple(sorted(PUSHES)))


def _status(base: str, components: Mapping[str, object]) -> Heard:
    """Components by name, each with what has changed."""
    happened, found, signs = list[Happening](), list[Discovered](), list[Sign]()
    own = Sign((base,))
    for name, fields in ((name, fields_of(value)) for name, value in components.items()):
        kind = name.partition(":")[0]
        alarm = truth(fields.get("alarm"))
        if kind in SENSORS and alarm is not None:
            happened.append(Happening((f"{base}/{name}", base), kind, on=alarm))
        if kind == "bthomedevice":
            address = f"{base}/{name}"
            signs.append(Sign((address,), batt=percent(fields.get("battery")), rssi=amount(fields.get("rssi"))))
            found.append(Discovered(address, NAME, name, "Shelly", "BTHome", tuple(sorted(PUSHES))))
        own = _own(own, kind, fields)
    return Heard(tuple(happened), (own, *signs), tuple(found), speaker=(base,))


def _own(sign: Sign, kind: str, fields: Mapping[str, object]) -> Sign:
    match kind:
        case "devicepower":
            batt = percent(fields_of(fields.get("battery")).get("percent"))
            return Sign(sign.addresses, batt=batt, rssi=sign.rssi, mains=truth(_external(fields)))
        case "wifi":
            return Sign(sign.addresses, batt=sign.batt, rssi=amount(fields.get("rssi")), mains=sign.mains)
        case _:
            return sign


def _external(fields: Mapping[str, object]) -> object:
    return fields_of(fields.get("external")).get("present")
