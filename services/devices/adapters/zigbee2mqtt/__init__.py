"""Zigbee buttons and sensors through zigbee2mqtt: `<base>/<friendly name>`, JSON.

One press comes as a word in `action`, followed by an empty `action`, and again as plain text on `…/action`. Other
devices report a state that stays until it is over. Shapes: research/telecare.md 1.6.
"""

from collections.abc import Iterator, Mapping

from services.devices.domain.foreign import Happening

ROOT = "zigbee2mqtt"
NOT_DEVICES = frozenset({"bridge", "availability", "set", "get"})
STATES = ("sos", "sos_alarm", "smoke", "gas", "carbon_monoxide", "water_leak", "tamper")
FALLS: Mapping[str, frozenset[str]] = {
    "fall_down_status": frozenset({"maybe_fall", "fall"}),
    "fall_status": frozenset({"fall_warning", "fall_alarm"}),
}
LONGEST_WORD = 32


def happenings(topic: str, payload: bytes, content: object) -> list[Happening]:
    """What this message says happened; most say nothing of the kind."""
    levels = topic.split("/")
    if NOT_DEVICES & {levels[1] if len(levels) > 1 else "", levels[-1]}:
        return []
    if levels[-1] == "action":
        return list(_moment(topic.removesuffix("/action"), payload.decode("utf-8", "replace")))
    if not isinstance(content, dict):
        return []
    return [*_moment(topic, content.get("action")), *_states(topic, content), *_falls(topic, content)]


def _moment(address: str, word: object) -> Iterator[Happening]:
    if isinstance(word, str) and 0 < len(word.strip()) <= LONGEST_WORD:
        yield Happening((address,), word.strip())


def _states(address: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    for name in STATES:
        value = fields.get(name)
        if isinstance(value, bool):
            yield Happening((address,), name, on=value)


def _falls(address: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    for name, words in FALLS.items():
        if name in fields:
            for word in sorted(words):
                yield Happening((address,), word, on=fields[name] == word)
