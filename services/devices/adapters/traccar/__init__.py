"""Trackers, watches and pendants through Traccar's forwarding by MQTT: JT/T 808, GT06, SeTracker, EV07B and the rest.

`event.forward.topic` and `forward.topic` are set to `traccar/events` and `traccar/positions`, or deeper, as
`traccar/<cell>/events`. An event is `{"event", "device", "position"?, "geofence"?}`, a position `{"position",
"device"}`; alarms stand in `attributes.alarm`, several separated by commas. An event's time is its position's device
time, so that the same alarm forwarded both ways is one.
Shapes: Traccar's public sources, forward/EventData, model/Event, model/Position, handler/events/AlarmEventHandler.
"""

from collections.abc import Iterator, Mapping

from services.devices.adapters.reading import fields_of, percent, place, serial, text, truth, word
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

NAME = ROOT = "traccar"
PRESS = frozenset({"alarm"})
ENDS = frozenset({"event", "events", "position", "positions"})
FENCES = frozenset({"geofenceExit", "geofenceEnter"})
ONLINE: Mapping[object, bool] = {"deviceOnline": True, "deviceOffline": False}
POSITION_ALARM = "general"
"""Traccar's own word for an alarm whose kind the frame did not tell."""

DRIVING = frozenset(
    {"overspeed", "lowspeed", "idle", "parking", "tow", "highRpm", "hardAcceleration", "hardBraking", "hardCornering",
     "laneChange", "fatigueDriving", "bonnet", "footBrake", "fuelLeak", "door", "lock", "unlock"}
)  # fmt: skip
"""Alarms of vehicles, which are none of ours."""

WORDS = ("sos", "fallDown", "general", "removing", "tampering", "lowBattery", "powerCut", "powerOff", "geofenceExit")


def says(said: str) -> bool:
    """Whether this can be an alarm of somebody who is no vehicle."""
    return said not in DRIVING


def hear(topic: str, _: bytes, content: object) -> Heard:
    """What this message says."""
    fields = fields_of(content)
    device, position, event = (fields_of(fields.get(name)) for name in ("device", "position", "event"))
    address = _address(topic, device, position, event)
    if address is None:
        return Heard(tuple(_happenings((topic,), event, position)), speaker=(topic,))
    attributes = fields_of(position.get("attributes"))
    sign = Sign(
        (address,),
        online=ONLINE.get(event.get("type")) if isinstance(event.get("type"), str) else None,
        batt=percent(attributes.get("batteryLevel")),
        mains=truth(attributes.get("charge")),
        fw=text(attributes.get("versionFw")),
        position=_place(position),
    )
    name, model = text(device.get("name")), text(device.get("model"))
    found = (Discovered(address, NAME, name, None, model or text(position.get("protocol")), WORDS),)
    happened = tuple(_happenings((address,), event, position))
    puzzling = "event" in fields and not isinstance(event.get("type"), str)
    puzzling = puzzling or (bool(attributes.get("alarm")) and not _words(attributes["alarm"]))
    return Heard(happened, (sign,), found, speaker=(address,), unreadable=puzzling)


def _address(topic: str, *told: Mapping[str, object]) -> str | None:
    """Below the topic that forwarding was given: the tracker's own unique id, mostly its IMEI."""
    levels = topic.split("/")
    ends = [at for at, level in enumerate(levels) if level in ENDS and at]
    base = "/".join(levels[: ends[0]]) if ends else topic
    device, position, event = told
    name = text(device.get("uniqueId"))
    number = device.get("id") or position.get("deviceId") or event.get("deviceId")
    if name is None and isinstance(number, int) and not isinstance(number, bool):
        name = f"id:{number}"
    return f"{base}/{name}" if name else None


def _happenings(
    addresses: tuple[str, ...], event: Mapping[str, object], position: Mapping[str, object]
) -> Iterator[Happening]:
    attributes = fields_of(position.get("attributes"))
    at = serial(event.get("eventTime") or position.get("deviceTime") or position.get("fixTime"))
    for said in dict.fromkeys(_said(event, attributes)):
        if says(said):
            yield Happening(
                addresses, said, serial=at, batt=percent(attributes.get("batteryLevel")), position=_place(position)
            )


def _said(event: Mapping[str, object], attributes: Mapping[str, object]) -> Iterator[str]:
    """An event's own word stands for its position's, which it repeats."""
    match event.get("type"):
        case "alarm":
            said = fields_of(event.get("attributes")).get("alarm") or attributes.get("alarm")
            yield from _words(said) or [POSITION_ALARM]
        case str(kind) if kind in FENCES:
            yield kind
        case None:
            yield from _words(attributes.get("alarm"))
        case _:
            return


def _words(said: object) -> list[str]:
    if said is True:
        return [POSITION_ALARM]
    parts = said.split(",") if isinstance(said, str) else [said]
    return [found for part in parts if (found := word(part))]


def _place(position: Mapping[str, object]) -> dict[str, object] | None:
    """Where; `valid` is False for a last known place, which is still the best there is."""
    found = place(
        position.get("latitude"), position.get("longitude"), position.get("accuracy"), position.get("fixTime")
    )
    if found is None:
        return None
    cells = fields_of(position.get("network"))
    return {**found, "src": "cell" if not truth(position.get("valid")) and cells else "gnss"}
