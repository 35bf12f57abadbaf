"""How many requests one caller may make: far more than any screen does, far fewer than would starve the others."""

PER_S = 300.0
BURST = 2000.0
REMEMBERED_AT_MOST = 20_000


class Rates:
    """A leaky allowance for each caller."""

    def __init__(self) -> None:
        """Start with the whole burst for everybody."""
        self._left: dict[int, tuple[float, float]] = {}

    def allow(self, who: int, at: float) -> bool:
        """Whether one more request is allowed at this instant (seconds of any rising clock)."""
        left, since = self._left.pop(who, (BURST, at))
        left = min(BURST, left + (at - since) * PER_S)
        allowed = left >= 1
        # the most recent callers stand last, so those forgotten first are those who ask least
        self._left[who] = (left - 1 if allowed else left, at)
        if len(self._left) > REMEMBERED_AT_MOST:
            del self._left[next(iter(self._left))]
        return allowed
