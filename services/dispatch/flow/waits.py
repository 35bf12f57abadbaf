"""What happens when a wait is over that belongs to no case."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from services.dispatch.flow import callbacks, holds, mass_news, modes, seats
from services.dispatch.flow.house import House
from services.dispatch.store.waits import Name

STEPS: Mapping[str, Callable[[House, str], Awaitable[None]]] = MappingProxyType(
    {
        "mass_enrol": mass_news.go_on,
        "mass_remind": mass_news.remind,
        "mode_over": modes.run_out,
        "seats": seats.overdue,
        "call_back": callbacks.overdue,
        holds.KIND: holds.over,
    }
)


async def overdue(house: House, wait: Name) -> None:
    """Do what is due; another worker may have done it already."""
    kind, target = wait
    await STEPS[kind](house, target)
