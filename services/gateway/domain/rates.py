"""How many requests one caller may make: far more than any screen does, far fewer than would starve the others."""

PER_S = 300.0
BURST = 2000.0
OFFICE = 4
"""How many callers' allowance an address has: many seats load their screens behind one."""
REMEMBERED_AT_MOST = 20_000


class Rates:
    """A leaky allowance for each caller."""

    def __init__(self) -> None:
        """Start with the whole burst for everybody."""
        self._left: dict[int, tuple[float, float]] = {}

    def allow(self, who: int, at: float, cost: float = 1.0) -> bool:
        """Whether one more request of this cost is allowed at this instant (seconds of any rising clock)."""
        left, since = self._left.pop(who, (BURST, at))
        left = min(BURST, left + (at - since) * PER_S)
        allowed = left >= cost
        # the most recent callers stand last, so those forgotten first are those who ask least
        self._left[who] = (left - cost if allowed else left, at)
        if len(self._left) > REMEMBERED_AT_MOST:
            del self._left[next(iter(self._left))]
        return allowed
