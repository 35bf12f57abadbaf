"""Area codes of fixed lines (长途区号), to be dialled before 120, 110 and 119 from elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

BY_CITY: Mapping[str, str] = MappingProxyType(
    {
        "11": "010", "12": "022", "31": "021", "50": "023",
        "3201": "025", "3202": "0510", "3203": "0516", "3204": "0519", "3205": "0512", "3206": "0513",
        "3207": "0518", "3208": "0517", "3209": "0515", "3210": "0514", "3211": "0511", "3212": "0523",
        "3213": "0527",
        "3601": "0791", "3602": "0798", "3603": "0799", "3604": "0792", "3605": "0790", "3606": "0701",
        "3607": "0797", "3608": "0796", "3609": "0795", "3610": "0794", "3611": "0793",
        "5113": "0817",
    }
)  # fmt: skip
"""By the significant code of a city or municipality."""


def area_code(division: str) -> str | None:
    """Area code of a place; None where we do not know it, and the bare number is dialled."""
    return BY_CITY.get(division[:4]) or BY_CITY.get(division[:2])
