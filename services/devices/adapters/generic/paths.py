"""Where a value stands in a message, as a configuration writes it.

`uplink.rx[0].rssi` is a field of a list's first item, `status[code=sos].value` one of the item whose `code` is `sos`,
`$` the whole payload, and `topic.2` a level of the topic, counted from 0.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.devices.adapters.reading import items_of

STEP = re.compile(r"(?P<name>[^.\[\]{}]+)|\.|\[(?P<number>\d{1,4})\]|\[(?P<key>[^=\[\]]+)=(?P<value>[^\[\]]*)\]")
PLACE = re.compile(r"\{([^{}]+)\}")
WHOLE = "$"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as paths look into it; `content` is its JSON, else its text."""

    levels: tuple[str, ...]
    content: object


def valid(path: str) -> bool:
    """Whether this can be a path."""
    return path == WHOLE or (bool(path) and "".join(found[0] for found in STEP.finditer(path)) == path)


def value(message: Message, path: str) -> object:
    """What stands there; None where nothing does."""
    if path == WHOLE:
        return message.content
    root, _, level = path.partition(".")
    if root == "topic" and level.isdigit():
        return message.levels[int(level)] if int(level) < len(message.levels) else None
    found = message.content
    for step in STEP.finditer(path):
        if step[0] != ".":
            found = _into(found, step)
    return found


def filled(message: Message, template: str) -> str | None:
    """A template with every `{path}` in it filled; None where one has no value."""
    parts = {path: value(message, path) for path in PLACE.findall(template)}
    if any(not isinstance(part, str | int) or isinstance(part, bool) or part == "" for part in parts.values()):
        return None
    return PLACE.sub(lambda found: str(parts[found[1]]), template)


def _into(found: object, step: "re.Match[str]") -> object:
    if step["name"] is not None:
        return found.get(step["name"]) if isinstance(found, Mapping) else None
    items = items_of(found)
    if step["number"] is not None:
        return items[int(step["number"])] if int(step["number"]) < len(items) else None
    fitting = (item for item in items if isinstance(item, Mapping) and str(item.get(step["key"])) == step["value"])
    return next(fitting, None)
