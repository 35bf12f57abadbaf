"""Makers that speak something else: from their topics and payloads to what happened at an address.

Each family has a folder with a module, payloads as its makers publish them, and `quality_scale.yaml`, which tells
what it can do. A family may also be described in a file and not programmed: `generic`.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Protocol

from services.devices.adapters import generic, homeassistant, shelly, sms, tasmota, traccar, zigbee2mqtt
from services.devices.adapters.mending import MENDED_BYTES, broken, cried, lurking, mended
from services.devices.adapters.reading import opened
from services.devices.domain.foreign import CRIES, IGNORE, PLAIN, Discovered, Happening, Heard, Sign
from shared.vocabulary.alarms import Flag

logger = logging.getLogger(__name__)


class Family(Protocol):
    """What a family's module has; a described family has the same."""

    @property
    def PRESS(self) -> frozenset[str]:  # noqa: N802
        """Names of the fields that hold a press."""

    def says(self, said: str, /) -> bool:
        """Whether this can be what a press says."""


class Programmed(Family, Protocol):
    """A family with a module of its own."""

    @property
    def NAME(self) -> str:  # noqa: N802
        """Name of the family, as a binding names its adapter."""

    def hear(self, topic: str, payload: bytes, content: object, /) -> Heard:
        """What this message says."""


BY_ROOT: Mapping[str, Programmed] = MappingProxyType(
    {
        **{it.ROOT: it for it in (zigbee2mqtt, shelly, homeassistant, traccar, sms)},
        **dict.fromkeys(tasmota.ROOTS, tasmota),
    }
)
"""The first level of the topic says whose language it is."""

LONGEST = 512
NUMBER = re.compile(r"\d(?=\d{4})")
"""A telephone number in full; its last four digits stay."""

TOPICS = tuple(f"{root}/#" for root in BY_ROOT if root != sms.ROOT)

load = generic.load
"""Read the families that are described in a file; call it once, when a process starts."""


def topics() -> tuple[str, ...]:
    """What a bridge listens to, with the families of this installation."""
    return (*TOPICS, *generic.topics())


def names() -> frozenset[str]:
    """Every family by name, as a binding names its adapter."""
    return frozenset({it.NAME for it in BY_ROOT.values()} | {family.name for family in generic.FAMILIES})


def hear(topic: str, payload: bytes, content: object) -> Heard:
    """What a foreign message says; `content` is its JSON, None where it is none. Never raises.

    One message that an adapter stumbles over must not stop every other house's presses.
    """
    try:
        return understand(topic, payload, content)
    except Exception:
        logger.exception("adapter.stumbled", extra={"root": topic.partition("/")[0]})
        words = _calls(cried(payload, frozenset(), anywhere=True))
        heard = Heard(speaker=(topic,), unreadable=not words)
        return replace(heard, happenings=_odd(heard, words))


def understand(topic: str, payload: bytes, content: object) -> Heard:
    """What a foreign message says.

    A report that is broken, or in which no adapter finds what happened, is looked at a second time. A text message is
    what it is.
    """
    heard = _fit(_first(topic, payload, content), topic)
    if not heard.speaker or topic.startswith(f"{sms.ROOT}/"):
        return heard
    if not _loud(heard):
        return _second(topic, payload, content, heard)
    return replace(heard, happenings=_flagged(heard.happenings)) if broken(payload, content) else heard


def happenings(topic: str, payload: bytes, content: object) -> list[Happening]:
    """Only what happened."""
    return list(hear(topic, payload, content).happenings)


def adapter_of(topic: str) -> str | None:
    """Name of the family whose topic this is."""
    described = generic.family_of(topic)
    module = BY_ROOT.get(topic.split("/", 1)[0])
    return described.name if described else module.NAME if module else None


def explain(topic: str, payload: bytes) -> dict[str, Any]:
    """What today's code makes of a message, for a screen: no telephone number in full and no exact place."""
    name = adapter_of(topic)
    heard = hear(topic, payload, opened(payload))
    return {
        "adapter": name,
        "happenings": [_shown(it) | {"plain": PLAIN.get(it.word)} for it in heard.happenings],
        "signs": [_shown(it) for it in heard.signs],
        "discovered": [_shown(it) for it in heard.discovered],
        "why": _why(name, heard),
    }


def _first(topic: str, payload: bytes, content: object) -> Heard:
    described = generic.family_of(topic)
    if described is not None:
        return generic.hear(described, topic, payload, content)
    module = BY_ROOT.get(topic.split("/", 1)[0])
    return module.hear(topic, payload, content) if module else Heard()


def _second(topic: str, payload: bytes, content: object, heard: Heard) -> Heard:
    if broken(payload, content):
        return _mended(topic, payload, heard)
    words = _words(topic, content)
    said = payload[:64].decode("utf-8", "ignore").strip()
    if not isinstance(content, dict) and said:
        words = words or [said] if said in CRIES else words
        told = bool(words or heard.happenings or heard.signs or heard.discovered)
        return replace(heard, happenings=(*heard.happenings, *_odd(heard, words)), unreadable=not told)
    return replace(
        heard, happenings=(*heard.happenings, *_odd(heard, words)), unreadable=heard.unreadable and not words
    )


def _mended(topic: str, payload: bytes, heard: Heard) -> Heard:
    content = mended(payload)
    again = _fit(_first(topic, payload, content), topic) if content is not None else heard
    again = replace(again, happenings=_flagged(again.happenings), unreadable=False)
    if _loud(again):
        return again
    words = _words(topic, content) or _calls(
        cried(payload, _family(topic).PRESS, anywhere=not content or len(payload) > MENDED_BYTES)
    )
    return replace(again, happenings=(*again.happenings, *_odd(heard, words)), unreadable=not words)


def _loud(heard: Heard) -> bool:
    """Whether somebody is to be rung by what was heard, as far as the words themselves tell."""
    return any(it.rings and PLAIN.get(it.word) != IGNORE for it in heard.happenings)


def _words(topic: str, content: object) -> list[str]:
    """Words of alarm that the family's own reading did not find."""
    family = _family(topic)
    return _calls(word for word in lurking(content, family.PRESS) if word in PLAIN or family.says(word))


def _calls(words: Iterable[str]) -> list[str]:
    return [word for word in words if PLAIN.get(word) != IGNORE]


def _family(topic: str) -> Family:
    return generic.family_of(topic) or BY_ROOT[topic.split("/", 1)[0]]


def _odd(heard: Heard, words: Iterable[str]) -> tuple[Happening, ...]:
    return tuple(Happening(heard.speaker, word, flags=(Flag.UNPARSED,)) for word in dict.fromkeys(words))


def _flagged(found: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(replace(it, flags=(*it.flags, Flag.UNPARSED)) for it in found)


def _fit(heard: Heard, topic: str) -> Heard:
    """Without addresses that no database takes and no binding can name; a happening keeps its topic at least."""
    named = {address for happening in heard.happenings for address in happening.addresses}
    named |= {address for sign in heard.signs for address in sign.addresses}
    if all(map(_fits, (*named, *heard.speaker, *(it.address for it in heard.discovered)))):
        return heard
    return Heard(
        tuple(replace(it, addresses=_kept(it.addresses) or (topic,)) for it in heard.happenings),
        tuple(replace(it, addresses=_kept(it.addresses)) for it in heard.signs if _kept(it.addresses)),
        tuple(it for it in heard.discovered if _fits(it.address)),
        _kept(heard.speaker) or (topic,),
        heard.unreadable,
    )


def _kept(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(_fits, addresses))


def _fits(address: str) -> bool:
    return address.isprintable() and len(address) <= LONGEST


def _shown(it: Happening | Sign | Discovered) -> dict[str, Any]:
    """Fields that say something, with what could tell too much left away."""
    told = {name: value for name, value in asdict(it).items() if value is not None and value != ()}
    if not told.get("quiet", True):
        del told["quiet"]
    for name in {"address", "addresses"} & set(told):
        told[name] = _masked(told[name]) if name == "address" else [_masked(one) for one in told[name]]
    if "word" in told:
        told["word"] = NUMBER.sub("*", told["word"])
    if "position" in told:
        told["position"] = {"lat": round(told["position"]["lat"], 2), "lon": round(told["position"]["lon"], 2)}
    return told


def _masked(address: str) -> str:
    root, _, number = address.partition("/")
    return f"{root}/*{number[-4:]}" if root == sms.ROOT else address


def _why(name: str | None, heard: Heard) -> str | None:
    """Why nothing came of it, in words; None if something did."""
    if any(it.rings for it in heard.happenings):
        return None
    if name is None:
        return "no adapter knows this topic"
    if heard.unreadable:
        return "the report is broken, and nothing in it can be read"
    if heard.happenings:
        return "it reports that a state is over"
    return "a report without anything to answer" if heard.signs or heard.discovered else "no device's report"
