"""Devices: a button in every home, pendants on some elders, and one home with a hub for foreign makes."""

from random import Random

from simulators.households import Household
from simulators.places import COUNTY
from simulators.registry import Binding, Device, Elder

PENDANTS = 0.2
HUB, SHELLY_HUB = "HUB-1", "HUB-2"
FOREIGN = (
    (HUB, "zigbee2mqtt/sos_bedroom", "Z-00001", "zigbee2mqtt", "TS0215A_sos", {"emergency": "sos", "single": "sos"}),
    (HUB, "zigbee2mqtt/smoke_kitchen", "Z-00002", "zigbee2mqtt", "TS0205", {"smoke": "smoke"}),
    (HUB, "zigbee2mqtt/water_bath", "Z-00003", "zigbee2mqtt", "TS0207", {"water_leak": "water"}),
    (SHELLY_HUB, "shellies/shellybutton1-3494546ECA01", "S-00001", "shelly", "shellybutton1", {"S": "sos", "L": "sos"}),
    (SHELLY_HUB, "shellies/shellyflood-3494546ECA02", "S-00002", "shelly", "shellyflood", {"flood": "water"}),
)


def own_devices(homes: list[Household], draw: Random) -> list[Device]:
    """Button B-n in home H-n (of its elder, when there is only one), pendant P-n on elder E-n."""
    made: list[Device] = []
    for household in homes:
        made.append(_button(household))
        made += [_pendant(elder) for elder in household.elders if draw.random() < PENDANTS]
    return made


def foreign_devices(household: Household) -> tuple[list[Device], list[Binding]]:
    """Two hubs and what hangs on them, all in one home."""
    hubs = [_hub(HUB, "zigbee2mqtt/#", household), _hub(SHELLY_HUB, "shellies/#", household)]
    things = [_relayed(device, model, meaning, household) for _, _, device, _, model, meaning in FOREIGN]
    bindings = [
        Binding(hub, address, device, adapter, meaning) for hub, address, device, adapter, _, meaning in FOREIGN
    ]
    return hubs + things, bindings


def _button(household: Household) -> Device:
    home, elders = household.home, household.elders
    wearer = elders[0].id if len(elders) == 1 else None
    return Device(f"B-{home.id[2:]}", COUNTY, home.division, "yl-button", "own", None, home.id, wearer)


def _pendant(elder: Elder) -> Device:
    return Device(f"P-{elder.id[2:]}", COUNTY, elder.division, "yl-pendant", "own", None, elder.home_id, elder.id)


def _hub(name: str, prefix: str, household: Household) -> Device:
    return Device(name, COUNTY, household.home.division, "yl-hub", "hub", prefix, household.home.id, None)


def _relayed(name: str, model: str, meaning: dict[str, str], household: Household) -> Device:
    elder = household.elders[0].id if "sos" in meaning.values() else None
    return Device(name, COUNTY, household.home.division, model, "relayed", None, household.home.id, elder)
