"""Things that announce themselves as Home Assistant expects it; a press is a word on the topic they named."""

from dataclasses import dataclass
from datetime import datetime

from simulators.families.message import Message, said


@dataclass(frozen=True, slots=True)
class Announced:
    """A button that nobody has told us of; `topic` is where it speaks."""

    name: str
    topic: str
    words: tuple[str, ...] = ("single", "hold")
    maker: str = "Third Reality"
    model: str = "3RSB22BZ"
    prefix: str = "homeassistant"

    def started(self, _: datetime) -> list[Message]:
        """One retained configuration for each word it can say."""
        return [self._configured(word) for word in self.words]

    def used(self, _: datetime) -> list[Message]:
        """One short press."""
        return self.pressed()

    def pressed(self, word: str | None = None) -> list[Message]:
        """The word itself, as plain text."""
        return [said(self.topic, word or self.words[0])]

    def _configured(self, word: str) -> Message:
        device = {"identifiers": [self.name], "name": self.name, "manufacturer": self.maker, "model": self.model}
        content = {
            "automation_type": "trigger", "type": "action", "subtype": word, "payload": word, "topic": self.topic,
            "device": device,
        }  # fmt: skip
        return said(f"{self.prefix}/device_automation/{self.name}/{word}/config", content, retain=True)


@dataclass(frozen=True, slots=True)
class Entity:
    """A binary sensor that announced itself: smoke, water, safety."""

    name: str
    topic: str
    sort: str = "smoke"
    prefix: str = "homeassistant"

    def started(self, _: datetime) -> list[Message]:
        """One retained configuration."""
        device = {"identifiers": [self.name], "name": self.name, "manufacturer": "Generic", "model": "sensor"}
        content = {
            "name": self.name, "unique_id": f"{self.name}_{self.sort}", "device_class": self.sort,
            "state_topic": self.topic, "payload_on": "ON", "payload_off": "OFF", "device": device,
        }  # fmt: skip
        return [said(f"{self.prefix}/binary_sensor/{self.name}/{self.sort}/config", content, retain=True)]

    def used(self, _: datetime) -> list[Message]:
        """It begins and ends."""
        return [said(self.topic, state) for state in ("ON", "OFF")]
