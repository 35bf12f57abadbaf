"""Simulated people leave what a person at the button page has pressed to that person for a while."""

from simulators.press import Press


class Courtesy:
    """Remembers which devices and incidents were pressed by hand."""

    def __init__(self) -> None:
        """Nothing was pressed yet."""
        self._devices: set[str] = set()
        self._incidents: set[str] = set()

    def pressed(self, press: Press) -> None:
        """A person pressed."""
        self._devices.add(press.device)

    def watch(self, what: str, press: Press) -> None:
        """Learn the incident from the receipts of such a press."""
        if what == "receipt" and press.device in self._devices and (incident := press.receipts[-1].get("incident")):
            self._incidents.add(incident)

    def owed(self, incident: str) -> bool:
        """Whether a person is waiting to handle it."""
        return incident in self._incidents
