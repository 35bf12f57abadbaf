"""Wrong signatures from an address: a few a second are looked at, so that guessing is slow."""

from datetime import datetime

WRONG_PER_S = 20
REMEMBERED_AT_MOST = 10_000


class Guesses:
    """Counts wrong answers by address, in memory. A device that was right before is never slowed."""

    def __init__(self) -> None:
        """Nothing is held against anybody."""
        self._wrong: dict[str, tuple[int, int]] = {}
        self._right: set[tuple[str, str]] = set()

    def spent(self, address: str, device: str, now: datetime) -> bool:
        """Whether this address has been wrong too often this second to be listened to as this device."""
        second, count = self._wrong.get(address, (0, 0))
        return second == int(now.timestamp()) and count >= WRONG_PER_S and (address, device) not in self._right

    def wrong(self, address: str, now: datetime) -> None:
        """Remember a wrong one."""
        if len(self._wrong) >= REMEMBERED_AT_MOST:
            self._wrong.clear()
        second, count = self._wrong.get(address, (0, 0))
        now_second = int(now.timestamp())
        self._wrong[address] = (now_second, count + 1 if second == now_second else 1)

    def right(self, address: str, device: str) -> None:
        """Remember that this device speaks from there."""
        if len(self._right) >= REMEMBERED_AT_MOST:
            self._right.clear()
        self._right.add((address, device))
