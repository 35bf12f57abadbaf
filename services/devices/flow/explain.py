"""What today's code makes of a message that came once; nothing is stored and nobody is rung."""

from datetime import datetime

from services.devices import adapters
from services.devices.domain.alarm import Alarm, read
from services.devices.domain.topics import Leaf, Place, place
from services.devices.flow.second import HTTP_TOPIC, content


def explained(topic: str, payload: bytes, device: str, now: datetime) -> dict[str, object]:
    """How an alarm of `device`, or a foreign message, would be read now; words and numbers for a screen."""
    whose = Place("", device) if topic == HTTP_TOPIC else place(topic, Leaf.ALARM)
    if whose is not None:
        return _told(read(whose, topic, payload, content(payload), now, retained=False))
    return {"as": "foreign", **adapters.explain(topic, payload)}


def _told(alarm: Alarm) -> dict[str, object]:
    number = alarm.number
    return {
        "as": "alarm", "kind": alarm.kind, "eid": alarm.eid, "flags": list(alarm.flags),
        "boot": number.boot if number else None, "seq": number.seq if number else None, "loc": alarm.loc,
        "batt": alarm.batt, "happened_at": alarm.happened_at.isoformat() if alarm.happened_at else None,
    }  # fmt: skip
