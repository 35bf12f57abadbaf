"""Text messages of telephones and pendants with a SIM card: `sms/<number>`, the text as it was written.

They come by the second path and not over MQTT (`flow.second`). The address is the number as the gateway writes it, or
without + and 00, or, for a Chinese number, without 86 too. Any text of a bound number rings; what it says decides the
kind where it can.
"""

from collections.abc import Mapping

from services.devices.adapters.reading import text_of, word
from services.devices.domain.foreign import Happening, Heard, Sign

NAME = ROOT = "sms"
PRESS: frozenset[str] = frozenset()
CHINA, CHINESE_DIGITS = "86", 13
SAYINGS: Mapping[str, tuple[str, ...]] = {
    "sos": ("sos", "help", "emergency", "求助", "救命", "求救", "紧急"),
    "fall": ("fall", "跌倒", "摔倒"),
    "smoke": ("smoke", "fire", "烟雾", "着火", "火警"),
    "lowBattery": ("low bat", "battery low", "低电", "电量低"),
}
"""Word by what a text has in it; the first that fits."""


def says(_: str) -> bool:
    """Texts hold no fields to look for a press in."""
    return False


def hear(topic: str, payload: bytes, _: object) -> Heard:
    """What this text says; an empty one is still somebody calling."""
    addresses = tuple(f"{ROOT}/{number}" for number in _numbers(topic.removeprefix(f"{ROOT}/")))
    written = text_of(payload)
    lower = written.lower()
    said = next((name for name, parts in SAYINGS.items() if any(part in lower for part in parts)), None)
    return Heard((Happening(addresses, said or word(written) or "text"),), (Sign(addresses),), speaker=addresses)


def _numbers(written: str) -> list[str]:
    number = written.lstrip("+").removeprefix("00")
    local = number[len(CHINA) :] if number.startswith(CHINA) and len(number) == CHINESE_DIGITS else number
    return list(dict.fromkeys((written, number, local)))
