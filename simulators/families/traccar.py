"""Watches and pendants that Traccar understands for us and forwards: SeTracker, GT06, JT/T 808, EV07B."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulators.families.message import Message, said

PROTOCOLS: Mapping[str, str] = {
    "setracker": "watch",
    "gt06": "gt06",
    "jt808": "jt808",
    "ev07b": "minifinder2",
}
"""Traccar's name of each protocol."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """A device known to Traccar by its IMEI or phone number."""

    unique_id: str
    protocol: str
    name: str = "手表"
    lat: float = 25.6
    lon: float = 115.79
    batt: float = 64
    root: str = "traccar"

    def started(self, now: datetime) -> list[Message]:
        """Its first position."""
        return self.reported(now)

    def used(self, now: datetime) -> list[Message]:
        """SOS."""
        return self.pressed(now)

    def pressed(self, now: datetime, alarm: str = "sos") -> list[Message]:
        """Its position with the alarm in it, then the event that Traccar makes of that."""
        position = self._position(now, {"alarm": alarm})
        event = {
            "id": _number(now), "type": "alarm", "deviceId": self._id, "positionId": position["id"], "geofenceId": 0,
            "maintenanceId": 0, "eventTime": position["deviceTime"], "attributes": {"alarm": alarm},
        }  # fmt: skip
        device = self._device(now)
        return [
            said(f"{self.root}/positions", {"position": position, "device": device}),
            said(f"{self.root}/events", {"event": event, "position": position, "device": device}),
        ]

    def reported(self, now: datetime) -> list[Message]:
        """A position without an alarm."""
        content = {"position": self._position(now, {}), "device": self._device(now)}
        return [said(f"{self.root}/positions", content)]

    @property
    def _id(self) -> int:
        return int(self.unique_id[-6:])

    def _position(self, now: datetime, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": _number(now), "deviceId": self._id, "protocol": PROTOCOLS[self.protocol], "serverTime": _time(now),
            "deviceTime": _time(now - timedelta(seconds=2)), "fixTime": _time(now - timedelta(seconds=2)),
            "outdated": False, "valid": True, "latitude": self.lat, "longitude": self.lon, "altitude": 190.0,
            "speed": 0.0, "course": 0.0, "accuracy": 18.0, "network": None,
            "attributes": {"batteryLevel": self.batt, "rssi": 22, "motion": False, **more},
        }  # fmt: skip

    def _device(self, now: datetime) -> dict[str, Any]:
        return {
            "id": self._id, "name": self.name, "uniqueId": self.unique_id, "status": "online",
            "lastUpdate": _time(now), "attributes": {}, "disabled": False,
        }  # fmt: skip


def _number(now: datetime) -> int:
    return int(now.timestamp() * 1000) % 1_000_000_000


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
