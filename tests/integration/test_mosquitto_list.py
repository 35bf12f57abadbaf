"""The list that Mosquitto's plugin begins with: what migrate and seed write, and what they leave alone."""

import json
from pathlib import Path
from typing import Any

from deploy.mosquitto.provision import provision
from shared.runtime.mqtt import AWAY, session
from tests.brokers import COUNTY, SERVICE, running, secret_of


def read(path: Path) -> dict[str, Any]:
    """The list."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def test_nothing_is_allowed_that_is_not_said(tmp_path: Path) -> None:
    """Every default is no; a device is tied to its client id; secrets stand there as hashes, for the owner only."""
    path = provision(
        tmp_path, [("B-1", "s1"), ("HUB-1", "s2")], hubs={"HUB-1": "zigbee2mqtt"}, service_password="word",
        counties={"B-1": COUNTY},
    )  # fmt: skip
    it = read(path)
    assert not any(it["defaultACLAccess"][kind] for kind in ("publishClientSend", "publishClientReceive", "subscribe"))
    service, button, hub = it["clients"]
    assert (service["username"], "clientid" in service) == ("devices", False)
    assert (button["username"], button["clientid"]) == ("B-1", "B-1")
    topics = {role["rolename"]: {acl["topic"] for acl in role["acls"]} for role in it["roles"]}
    assert topics["device:B-1"] == {f"yl/v1/{COUNTY}/B-1/up/#", f"yl/v1/{COUNTY}/B-1/down/#"}
    assert topics["device:HUB-1"] == {"yl/v1/+/HUB-1/up/#", "yl/v1/+/HUB-1/down/#", "zigbee2mqtt/#"}
    assert '"s1"' not in path.read_text("utf-8")
    assert (path.stat().st_mode & 0o777, hub["iterations"]) == (0o600, 101)


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    """A running broker's list is not written over; a device keeps the secret it has by now; what is new comes in."""
    first = provision(tmp_path, [("B-1", "s1")], hubs={}, service_password="word")
    before = first.read_bytes()
    provision(tmp_path, [("B-1", "the seed's")], hubs={}, service_password="word")
    assert first.read_bytes() == before
    provision(tmp_path, [("B-2", "s2")], hubs={}, service_password="another word")
    after, it = read(first), json.loads(before)
    assert [one["username"] for one in after["clients"]] == ["devices", "B-1", "B-2"]
    assert after["clients"][1] == it["clients"][1]
    assert after["clients"][0]["password"] != it["clients"][0]["password"]


async def test_the_broker_keeps_what_it_was_told(tmp_path: Path) -> None:
    """Admitted while it ran, killed and started again: the device is still let in, without any file of ours."""
    broker = running("mosquitto", tmp_path)
    try:
        broker.admit("B-1")
        broker.stop()
        assert {"devices", "B-1"} == {one["username"] for one in read(tmp_path / "dynamic-security.json")["clients"]}
        broker.start()
        async with session(broker.address("B-1")) as link:
            await link.subscribe(f"yl/v1/{COUNTY}/B-1/down/#")
        for secret in (SERVICE, secret_of("B-2")):
            try:
                async with session(broker.address("B-1", secret)):
                    raise AssertionError(secret)
            except AWAY:
                continue
    finally:
        broker.stop()
