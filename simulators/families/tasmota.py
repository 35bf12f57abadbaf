"""Tasmota: a plug or a board with a button that says what its button did."""

from datetime import datetime

from simulators.families.message import Message, said


class Tasmota:
    """A device under its topic; `full` is where the firmware puts prefix and topic (FullTopic)."""

    def __init__(self, topic: str, full: str = "tasmota/{topic}/{prefix}") -> None:
        """The firmware's own order is `{prefix}/{topic}`; one root for all that it says suits a hub's prefix better."""
        self._topic = topic
        self._full = full

    def at(self, prefix: str, rest: str) -> str:
        """`stat`, `tele` or `cmnd`, and what follows."""
        return f"{self._full.format(prefix=prefix, topic=self._topic)}/{rest}"

    def started(self, _: datetime) -> list[Message]:
        """It is there, and says so for whoever comes later."""
        return [
            said(self.at("tele", "LWT"), "Online", retain=True),
            said(self.at("tele", "STATE"), {"Uptime": "0T00:00:12", "Wifi": {"RSSI": 84, "Signal": -58}}),
        ]

    def will(self) -> Message:
        """What the broker says for it when it has gone."""
        return said(self.at("tele", "LWT"), "Offline", retain=True)

    def used(self, _: datetime) -> list[Message]:
        """One short press."""
        return self.pressed()

    def pressed(self, action: str = "SINGLE", button: int = 1) -> list[Message]:
        """SINGLE, DOUBLE, TRIPLE, QUAD, PENTA, HOLD or CLEAR."""
        return [said(self.at("stat", "RESULT"), {f"Button{button}": {"Action": action}})]
