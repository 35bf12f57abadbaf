"""Any JSON or plain text, by a mapping that stands in a file: no code for a new family (docs/adapters.md).

`examples.toml` describes three public families and is tried by the tests; an installation's own file is named in its
settings.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from services.devices.adapters.generic.families import Family, Spot, Switch, Volts, read
from services.devices.adapters.generic.paths import Message, filled, value
from services.devices.adapters.reading import amount, percent, place, serial, text, text_of, word
from services.devices.domain.foreign import Discovered, Happening, Heard, Sign

logger = logging.getLogger(__name__)

FAMILIES: list[Family] = []
"""The families of this installation; filled once, when a process starts."""


def load(path: Path | None) -> list[str]:
    """Use the families of this file from now on; returns what is wrong with it, and tells it in the log."""
    FAMILIES[:], wrong = read(path)
    for complaint in wrong:
        logger.error("adapters.refused", extra={"reason": complaint})
    return wrong


def topics() -> tuple[str, ...]:
    """What the described families are heard on."""
    return tuple(dict.fromkeys(one for family in FAMILIES for one in family.topics))


def family_of(topic: str) -> Family | None:
    """The first family that listens to this topic."""
    levels = topic.split("/")
    return next((it for it in FAMILIES if any(_matches(one.split("/"), levels) for one in it.topics)), None)


def hear(family: Family, topic: str, payload: bytes, content: object) -> Heard:
    """What this message says. Without an address it is heard under its topic, so that somebody sees it."""
    message = Message(tuple(topic.split("/")), text_of(payload) if content is None else content)
    addresses = tuple(found for template in family.addresses if (found := filled(message, template)))
    batt = _batt(message, family.batt)
    position = _position(message, family.position)
    counted = serial(value(message, family.serial)) if family.serial else None
    happened = tuple(
        Happening(addresses or (topic,), said, serial=counted, on=on, batt=batt, position=position)
        for said, on in _said(message, family)
    )
    if not addresses:
        return Heard(happened, speaker=(topic,), unreadable=not happened)
    return Heard(happened, (_sign(message, family, addresses, batt, position),), _found(family, addresses), addresses)


def _said(message: Message, family: Family) -> Iterator[tuple[str, bool | None]]:
    """Words of a press, and states with whether they hold."""
    for path in family.words:
        found = value(message, path)
        said = word(found)
        if said and found not in family.idle and said not in family.idle:
            yield said, None
            break
    for state in family.state:
        holds = _switched(message, state)
        if holds is not None:
            yield state.word, holds


def _sign(
    message: Message,
    family: Family,
    addresses: tuple[str, ...],
    batt: float | None,
    position: dict[str, object] | None,
) -> Sign:
    return Sign(
        addresses,
        online=_switched(message, family.online),
        batt=batt,
        low_batt=_switched(message, family.low_batt),
        rssi=amount(value(message, family.rssi)) if family.rssi else None,
        lqi=amount(value(message, family.lqi)) if family.lqi else None,
        mains=_switched(message, family.mains),
        tamper=_switched(message, family.tamper),
        fw=text(value(message, family.fw)) if family.fw else None,
        position=position,
    )


def _found(family: Family, addresses: tuple[str, ...]) -> tuple[Discovered, ...]:
    """A family that says which words it has can be bound before anybody presses."""
    words = (*family.says_, *(state.word for state in family.state))
    if not words:
        return ()
    return (Discovered(addresses[0], family.name, None, family.maker, family.model, words),)


def _switched(message: Message, switch: Switch | None) -> bool | None:
    if switch is None:
        return None
    found = value(message, switch.path)
    if any(_same(found, one) for one in switch.on):
        return True
    return False if any(_same(found, one) for one in switch.off) else None


def _same(found: object, wanted: object) -> bool:
    """1 is not true here, and `ON` with a line's end is `ON`."""
    if isinstance(found, str):
        return isinstance(wanted, str) and found.strip() == wanted
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def _batt(message: Message, batt: "str | Volts | None") -> float | None:
    if batt is None:
        return None
    if isinstance(batt, str):
        return percent(value(message, batt))
    volts = amount(value(message, batt.path))
    if volts is None or batt.full == batt.empty:
        return None
    return round(max(0.0, min(100.0, (volts - batt.empty) / (batt.full - batt.empty) * 100)), 1)


def _position(message: Message, spot: Spot | None) -> dict[str, object] | None:
    if spot is None:
        return None
    lat, lon = amount(value(message, spot.lat)), amount(value(message, spot.lon))
    if lat is None or lon is None:
        return None
    acc_m, at = (value(message, path) if path else None for path in (spot.acc_m, spot.at))
    found = place(lat * spot.scale, lon * spot.scale, acc_m, at)
    return found and {**found, **({"crs": spot.datum.value} if spot.datum else {})}


def _matches(wanted: list[str], levels: list[str]) -> bool:
    """Whether an MQTT filter takes this topic; `#` takes its parent too."""
    for at, level in enumerate(wanted):
        if level == "#":
            return True
        if at >= len(levels) or level not in {"+", levels[at]}:
            return at == len(levels) and wanted[at:] == ["#"]
    return len(wanted) == len(levels)
