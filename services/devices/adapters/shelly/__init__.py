"""Shelly: Gen1 (`shellies/<id>/input_event/0`), Gen2 (`<prefix>/events/rpc`) and BLU buttons through a gateway.

A Gen2 device is given a prefix below `shellies/`. Shapes: research/telecare.md 1.7.
"""

from collections.abc import Iterator, Mapping

from services.devices.domain.foreign import Happening

ROOT = "shellies"
SENSORS = frozenset({"flood", "smoke", "gas"})
CALM = frozenset({"false", "none", "test", "unknown", "0"})
RAW = frozenset({"btn_down", "btn_up"})
"""Edges of the contact; the press itself follows as a word."""

PUSHES = frozenset({"single_push", "double_push", "triple_push", "long_push"})
BLU_WORDS: Mapping[object, str] = {
    1: "single_push",
    2: "double_push",
    3: "triple_push",
    4: "long_push",
    0x80: "long_push",
    0xFE: "long_push",
}


def happenings(topic: str, payload: bytes, content: object) -> list[Happening]:
    """What this message says happened; most say nothing of the kind."""
    match topic.split("/"):
        case [*base, "input_event", number] if isinstance(content, dict):
            return list(_pressed("/".join(base), number, content))
        case [*base, "sensor", sensor] if sensor in SENSORS:
            value = payload.decode("utf-8", "replace").strip().lower()
            return [Happening(("/".join(base),), sensor, on=value not in CALM)]
        case [*base, "events", "rpc"] if isinstance(content, dict):
            return list(_notified("/".join(base), content))
        case _:
            return []


def _pressed(base: str, number: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    word = fields.get("event")
    if isinstance(word, str) and word:
        count = fields.get("event_cnt")
        yield Happening((f"{base}/input:{number}", base), word, serial=None if count is None else str(count))


def _notified(base: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    params = fields.get("params")
    events = params.get("events") if fields.get("method") == "NotifyEvent" and isinstance(params, dict) else None
    for event in events if isinstance(events, list) else []:
        if isinstance(event, dict):
            yield from _event(base, event, params if isinstance(params, dict) else {})


def _event(base: str, event: Mapping[str, object], params: Mapping[str, object]) -> Iterator[Happening]:
    component, word = str(event.get("component", "")), event.get("event")
    at = event.get("ts", params.get("ts"))
    if word == "shelly-blu":
        yield from _blu(base, event.get("data"), at)
    elif isinstance(word, str) and word not in RAW and _button(component, word):
        yield Happening((f"{base}/{component}", base), word, serial=None if at is None else str(at))


def _button(component: str, word: str) -> bool:
    return word in PUSHES or component.startswith("input:")


def _blu(base: str, data: object, at: object) -> Iterator[Happening]:
    if not isinstance(data, dict):
        return
    mac, packet = data.get("address"), data.get("pid", at)
    buttons = data.get("button")
    for button in buttons if isinstance(buttons, list) else [buttons]:
        if mac and button:
            word = BLU_WORDS.get(button, f"button_{button}")
            yield Happening((f"{base}/{mac}", base), word, serial=None if packet is None else str(packet))
