"""Working days in mainland China: weekends, public holidays, and the weekends worked in exchange (调休)."""

from datetime import datetime, time, timedelta, tzinfo

from holidays import country_holidays


class WorkingDays:
    """The State Council's yearly lists; beyond the last one, holidays by the calendar without exchanges."""

    def __init__(self, zone: tzinfo) -> None:
        """`zone` says which day an instant belongs to."""
        self._zone = zone
        self._calendar = country_holidays("CN")

    def end_of(self, since: datetime, days: int) -> datetime:
        """Midnight that ends the working day so many after the day of `since`, which does not count itself."""
        last = self._calendar.get_nth_working_day(since.astimezone(self._zone).date(), days)
        return datetime.combine(last + timedelta(days=1), time(), self._zone)
