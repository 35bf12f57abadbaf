"""A synthetic county: the same seed gives the same people, homes and devices, for ever."""

from random import Random

from simulators import crew
from simulators.equipment import foreign_devices, own_devices, standing_devices
from simulators.households import Numbers, households
from simulators.places import divisions
from simulators.registry import County

HOMES = 300
HUB_HOME = 2


def county(seed: int = 1, homes: int = HOMES) -> County:
    """Make Huichang with that many elders' homes (at least 3)."""
    draw, numbers = Random(seed), Numbers()
    lived_in = households(homes, numbers, draw)
    foreign, bindings = foreign_devices(lived_in[HUB_HOME])
    people, bird = crew.responders(lived_in, numbers, draw), crew.canary(numbers)
    return County(
        divisions=divisions(),
        homes=tuple(household.home for household in lived_in),
        elders=tuple(elder for household in lived_in for elder in household.elders),
        contacts=tuple(contact for household in lived_in for contact in household.contacts),
        devices=(*own_devices(lived_in, draw), *foreign, *standing_devices()),
        bindings=tuple(bindings),
        providers=tuple(crew.providers(numbers)),
        responders=(*people, bird),
        accounts=tuple(crew.accounts([*people, bird])),
    )
