"""Devices: a button in every home, pendants on some elders, and one home with hubs for foreign makes."""

from dataclasses import dataclass
from random import Random

from shared.vocabulary.devices import DeviceKind
from simulators.households import Household
from simulators.places import COUNTY
from simulators.registry import Binding, Device, Elder

PENDANTS = 0.2
CANARY, SMS_GATEWAY = f"CANARY-{COUNTY}", "SMS-1"
HUBS = (
    ("HUB-1", "zigbee2mqtt/#"),
    ("HUB-2", "shellies/#"),
    ("HUB-3", "tasmota/#"),
    ("HUB-4", "homeassistant/#"),
    ("HUB-5", "traccar/#"),
    ("HUB-6", "esphome/#"),
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign thing behind a hub, and what its words mean; what knows its words itself needs no meaning."""

    hub: str
    adapter: str
    address: str
    device: str
    kind: DeviceKind
    model: str
    meaning: dict[str, str]
    worn: bool = True


BUTTON, SENSOR, WEARABLE = DeviceKind.BUTTON, DeviceKind.SENSOR, DeviceKind.WEARABLE
PUSHES = {"single_push": "sos", "long_push": "sos"}
FOREIGN = (
    Foreign(
        "HUB-1", "zigbee2mqtt", "zigbee2mqtt/sos_bedroom", "Z-00001", BUTTON, "TS0215A_sos",
        {"emergency": "sos", "single": "sos"},
    ),
    Foreign(
        "HUB-1", "zigbee2mqtt", "zigbee2mqtt/smoke_kitchen", "Z-00002", SENSOR, "TS0205", {"smoke": "smoke"}, worn=False
    ),
    Foreign(
        "HUB-1", "zigbee2mqtt", "zigbee2mqtt/water_bath", "Z-00003", SENSOR, "TS0207_water_leak_detector",
        {"water_leak": "water"}, worn=False,
    ),
    Foreign("HUB-1", "zigbee2mqtt", "zigbee2mqtt/sos_hall", "Z-00004", BUTTON, "ZG-101Z", {}),
    Foreign("HUB-1", "zigbee2mqtt", "zigbee2mqtt/cord_bath", "Z-00005", BUTTON, "SEB01ZB", {}),
    Foreign(
        "HUB-1", "zigbee2mqtt", "zigbee2mqtt/sos_kitchen", "Z-00006", BUTTON, "HS1EB",
        {"single": "sos", "off": "ignore"},
    ),
    Foreign("HUB-1", "zigbee2mqtt", "zigbee2mqtt/keypad_door", "Z-00007", BUTTON, "KP-23EL-ZBS-ACE", {"panic": "sos"}),
    Foreign("HUB-1", "zigbee2mqtt", "zigbee2mqtt/radar_bath", "Z-00008", SENSOR, "TS0601_fall", {"fall": "fall"}),
    Foreign(
        "HUB-2", "shelly", "shellies/shellybutton1-3494546ECA01", "S-00001", BUTTON, "shellybutton1",
        {"S": "sos", "L": "sos"},
    ),
    Foreign(
        "HUB-2", "shelly", "shellies/shellyflood-3494546ECA02", "S-00002", SENSOR, "shellyflood", {"flood": "water"},
        worn=False,
    ),
    Foreign("HUB-2", "shelly", "shellies/shellyplusi4-a8032ab6f010", "S-00003", BUTTON, "shellyplusi4", PUSHES),
    Foreign(
        "HUB-2", "shelly", "shellies/shellyblugwg3-34cdb0770c40/b4:35:22:fe:56:e5", "S-00004", BUTTON, "SBBT-002C",
        PUSHES,
    ),
    Foreign(
        "HUB-3", "tasmota", "tasmota/sos_study", "T-00001", BUTTON, "sonoff-basic", {"SINGLE": "sos", "HOLD": "sos"}
    ),
    Foreign(
        "HUB-4", "homeassistant", "homeassistant/sos_balcony/action", "A-00001", BUTTON, "3RSB22BZ",
        {"single": "sos", "hold": "sos"},
    ),
    Foreign("HUB-5", "traccar", "traccar/861390000000001", "W-00001", WEARABLE, "setracker", {}),
    Foreign("HUB-5", "traccar", "traccar/861390000000002", "W-00002", WEARABLE, "gt06", {}),
    Foreign("HUB-5", "traccar", "traccar/861390000000003", "W-00003", WEARABLE, "jt808", {}),
    Foreign("HUB-5", "traccar", "traccar/861390000000004", "W-00004", WEARABLE, "ev07b", {}),
    Foreign("HUB-6", "esphome", "esphome/bath/cord", "C-00001", BUTTON, "esphome", {"pressed": "sos"}),
    Foreign(SMS_GATEWAY, "sms", "sms/13700000001", "M-00001", BUTTON, "phone", {}),
)  # fmt: skip
SPARE = (
    ("HUB-1", "zigbee2mqtt", "zigbee2mqtt/sos_new", "TS0215A_sos"),
    ("HUB-4", "homeassistant", "homeassistant/sos_new/action", "3RSB22BZ"),
)
"""Hub, adapter, address and model of what has joined and belongs to nobody yet: something to bind."""


def own_devices(homes: list[Household], draw: Random) -> list[Device]:
    """Button B-n in home H-n (of its elder, when there is only one), pendant P-n on elder E-n."""
    made: list[Device] = []
    for household in homes:
        made.append(_button(household))
        made += [_pendant(elder) for elder in household.elders if draw.random() < PENDANTS]
    return made


def foreign_devices(household: Household) -> tuple[list[Device], list[Binding]]:
    """The hubs and what hangs on them, all in one home."""
    devices = [_hub(name, prefix, household) for name, prefix in HUBS] + [_thing(it, household) for it in FOREIGN]
    return devices, [Binding(it.hub, it.address, it.device, it.adapter, it.meaning) for it in FOREIGN]


def standing_devices() -> list[Device]:
    """What belongs to nobody's home: the canary that presses day and night, and the gateway of text messages."""
    return [
        Device(CANARY, DeviceKind.CANARY, COUNTY, COUNTY, "yl-canary", "own"),
        Device(SMS_GATEWAY, DeviceKind.SMS, COUNTY, COUNTY, "sms-gateway", "hub"),
    ]


def _button(household: Household) -> Device:
    home, elders = household.home, household.elders
    wearer = elders[0].id if len(elders) == 1 else None
    return Device(
        f"B-{home.id[2:]}", DeviceKind.BUTTON, COUNTY, home.division, "yl-button", "own", None, home.id, wearer
    )  # fmt: skip


def _pendant(elder: Elder) -> Device:
    name = f"P-{elder.id[2:]}"
    return Device(
        name, DeviceKind.WEARABLE, COUNTY, elder.division, "yl-pendant", "own", None, elder.home_id, elder.id
    )  # fmt: skip


def _hub(name: str, prefix: str, household: Household) -> Device:
    home = household.home
    return Device(name, DeviceKind.HUB, COUNTY, home.division, "yl-hub", "hub", prefix, home.id, None)


def _thing(it: Foreign, household: Household) -> Device:
    home, elder = household.home, household.elders[0].id if it.worn else None
    return Device(it.device, it.kind, COUNTY, home.division, it.model, "relayed", None, home.id, elder)
