"""Tasmota: `stat/<topic>/RESULT` after SetOption73, `tele/…/LWT`, and 433 MHz remotes behind an RF bridge.

With FullTopic `tasmota/%topic%/%prefix%/` all topics of a house lie below one prefix, as a hub's credential wants it;
the default order is understood too, its address begins with `stat/`. Shapes: research/telecare.md 1.7.
"""

from collections.abc import Iterator, Mapping

from services.devices.adapters.reading import amount, fields_of, serial, text, text_of, word
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

NAME = "tasmota"
ROOTS = ("tasmota", "stat", "tele")
PRESS = frozenset({"Action"})
PRESSES = ("SINGLE", "DOUBLE", "TRIPLE", "QUAD", "PENTA", "HOLD")
SWITCHED = ("ON", "OFF", "TOGGLE")
NO_PRESS = frozenset({"CLEAR", "NONE"})
LWT: Mapping[str, bool] = {"online": True, "offline": False}
PREFIXES = frozenset({"stat", "tele"})
RF_WORD = "rf"


def says(said: str) -> bool:
    """Whether this can be what a press says."""
    return said in PRESSES or said in SWITCHED


def hear(topic: str, payload: bytes, content: object) -> Heard:
    """What this message says."""
    levels = topic.split("/")
    if levels[:2] == ["tasmota", "discovery"]:
        return Heard(discovered=tuple(_discovered(levels, fields_of(content))))
    address, prefix = _spoken(levels)
    match prefix, levels[-1]:
        case "tele", "LWT":
            return Heard(signs=(Sign((address,), online=LWT.get(text_of(payload).lower())),))
        case (("stat" | "tele"), ("RESULT" | "STATE" | "SENSOR" | "STATUS")):
            return _report(address, fields_of(content))
        case _:
            return Heard()


def _spoken(levels: list[str]) -> tuple[str, str]:
    """Whose topic it is, and `stat` or `tele`; the prefix stands first or next to last."""
    if levels[0] in PREFIXES:
        return "/".join(["stat", *levels[1:-1]]), levels[0]
    if len(levels) > 2 and levels[-2] in PREFIXES:
        return "/".join(levels[:-2]), levels[-2]
    return "", ""


def _report(address: str, fields: Mapping[str, object]) -> Heard:
    wifi = fields_of(fields.get("Wifi"))
    happened = (*_pressed(address, fields), *_radio(address, fields))
    sign = Sign((address,), rssi=amount(wifi.get("Signal")))
    found = tuple(Discovered(h.addresses[0], NAME, None, "433 MHz", None, (RF_WORD,)) for h in happened if h.quiet)
    puzzling = any(_puzzling(name, fields_of(value).get("Action")) for name, value in fields.items())
    return Heard(happened, (sign,), found, speaker=(address,), unreadable=puzzling)


def _puzzling(name: str, said: object) -> bool:
    """Whether a button was pressed in a way nobody knows."""
    return name.startswith("Button") and name[6:].isdigit() and word(said) is None


def _pressed(address: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    for name, value in fields.items():
        said = word(fields_of(value).get("Action")) if name.startswith(("Button", "Switch")) else None
        if said and said not in NO_PRESS:
            yield Happening((f"{address}/{name}", address), said, serial=serial(fields.get("Time")))


def _radio(address: str, fields: Mapping[str, object]) -> Iterator[Happening]:
    """A remote says one code and nothing else; the street is full of them, so only a bound one counts."""
    code = text(fields_of(fields.get("RfReceived")).get("Data"))
    if code:
        yield Happening((f"{address}/rf:{code.removeprefix('0x')}",), RF_WORD, quiet=True)


def _discovered(levels: list[str], fields: Mapping[str, object]) -> Iterator[Discovered]:
    """`tasmota/discovery/<MAC>/config`: `t` is its topic, `ft` the order of the levels."""
    name, order = text(fields.get("t")), text(fields.get("ft"))
    if levels[-1] != "config" or not name or not order:
        return
    path = order.replace("%topic%", name).replace("%prefix%", "stat").strip("/")
    address = path if path.startswith("stat/") else path.removesuffix("/stat")
    yield Discovered(address, NAME, text(fields.get("dn")) or name, "Tasmota", text(fields.get("md")), PRESSES)
