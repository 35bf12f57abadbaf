"""ESPHome: a board somebody has soldered. It says plain text, and is read by a mapping in a file, not by code."""

from datetime import datetime

from simulators.families.message import Message, said


class Esphome:
    """A node with one contact, a cord for one; its prefix lies below `esphome/`."""

    def __init__(self, node: str, contact: str) -> None:
        """Known by its node's name and the contact's."""
        self._status = f"esphome/{node}/status"
        self._state = f"esphome/{node}/binary_sensor/{contact}/state"

    def started(self, _: datetime) -> list[Message]:
        """It is there, and nobody pulls."""
        return [said(self._status, "online", retain=True), said(self._state, "OFF", retain=True)]

    def used(self, _: datetime) -> list[Message]:
        """Pulled and let go."""
        return [said(self._state, state, retain=True) for state in ("ON", "OFF")]
