"""What a refused login leaves behind."""

from datetime import datetime, timedelta

FAILURES = 10
PER = timedelta(minutes=1)
REMEMBERED_AT_MOST = 10_000


class BadCredentialsError(Exception):
    """Something of what was shown is wrong."""


class ThrottledError(Exception):
    """Too many failed logins; `retry_after_s` says when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        """Carry the wait."""
        super().__init__()
        self.retry_after_s = retry_after_s


class Throttle:
    """Failed logins a minute by user name and address, in this process's memory."""

    def __init__(self) -> None:
        """Start with nothing held against anybody."""
        self._failures: dict[tuple[str, str], list[datetime]] = {}

    def check(self, key: tuple[str, str], now: datetime) -> None:
        """Raise ThrottledError when too many failures are fresh."""
        fresh = [at for at in self._failures.get(key, ()) if at > now - PER]
        if len(fresh) >= FAILURES:
            raise ThrottledError(max(1, round((fresh[0] + PER - now).total_seconds())))

    def failed(self, key: tuple[str, str], now: datetime) -> None:
        """Remember a failure."""
        if len(self._failures) >= REMEMBERED_AT_MOST:
            self._failures = {k: times for k, times in self._failures.items() if times[-1] > now - PER}
        fresh = [at for at in self._failures.get(key, ()) if at > now - PER]
        self._failures[key] = [*fresh, now][-FAILURES:]

    def passed(self, key: tuple[str, str]) -> None:
        """Forget the failures of somebody who got in."""
        self._failures.pop(key, None)
