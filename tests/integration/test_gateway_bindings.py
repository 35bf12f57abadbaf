"""Where devices hang and what hubs find: placing, registering, binding, what waits to be bound."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts import device_desk
from shared.runtime.settings import Settings
from tests.integration.device_stock import registry, stock
from tests.integration.gateway_world import COUNTY, OTHER_STREET, START, STREET, owner, world


async def test_placing_looks_the_place_up(settings: Settings) -> None:
    """The elder stands for the home, the home for the division; what lies elsewhere is named and refused."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, answers):
        await stock(settings)
        fitter, there = await it.log_in("fitter"), await it.log_in("fitter2")
        answers.append({"status": 200, "body": {}})
        answer = await it.post("/devices/B-2/place", fitter, {"elder": "E2"})
        assert device_desk.DeviceView.model_validate(answer.json()).id == "B-2"
        [command] = commands
        assert (command.name, command.target, command.key) == ("place", "B-2", "k-1")
        assert command.args == {"home": "H1", "elder": "E2", "division": STREET}
        assert (command.actor.role, command.actor.division) == ("installer", STREET)
        for body, status, field in (
            ({"elder": "E1"}, 404, "elder"), ({"home": "H1"}, 404, "home"), ({"division": STREET}, 404, "division"),
            ({}, 422, "home"), ({"home": "x\0"}, 422, "home"), ({"division": "36073"}, 422, "division"),
        ):  # fmt: skip
            refused = await it.post("/devices/W-1/place", there, body)
            assert (refused.status_code, refused.json()["field"]) == (status, field), body
        assert len(commands) == 1


async def test_registering_stays_within_the_division(settings: Settings) -> None:
    """The credentials are shown once, as devices gives them."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, answers):
        fitter = await it.log_in("fitter")
        new = {"id": "B-9", "kind": "hub", "model": "H", "division": STREET, "cls": "hub", "prefix": "zigbee2mqtt/#"}
        answers.append({"status": 200, "body": {"device": "B-9", "claim_code": "c", "secret": "s"}})
        answer = await it.post("/devices", fitter, new)
        assert (answer.status_code, answer.json()) == (201, {"device": "B-9", "claim_code": "c", "secret": "s"})
        assert commands[0].args["class"] == "hub"
        assert commands[0].args["prefix"] == "zigbee2mqtt/#"
        away = await it.post("/devices", fitter, {**new, "division": OTHER_STREET})
        assert (away.status_code, away.json()["field"]) == (404, "division")
        for field, value in (("id", "a b"), ("kind", "canary"), ("division", "36"), ("beat_s", 1), ("model", "")):
            wrong = await it.post("/devices", fitter, {**new, field: value})
            assert (wrong.status_code, wrong.json()["field"]) == (422, field)


async def test_binding_checks_both_ends(settings: Settings) -> None:
    """An existing device or a new one, never both; what was set aside must lie in scope as well."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, answers):
        await stock(settings)
        stray = uuid4()
        async with registry(settings) as tables:
            await tables.execute(
                "INSERT INTO devices.quarantine VALUES ($1, $2, 'zigbee2mqtt/b', '{}', 'unbound', $3, 1, $4, $4, NULL)",
                b"d", stray, COUNTY, START,
            )  # fmt: skip
            await tables.execute(
                "INSERT INTO devices.binding (hub_id, address, device_id, adapter, meaning) "
                "VALUES ('W-1', 'zigbee2mqtt/w', 'W-1', 'zigbee2mqtt', '{}')"
            )
        desk, fitter = await it.log_in("desk"), await it.log_in("fitter")
        given: dict[str, Any] = {"address": "zigbee2mqtt/b", "adapter": "zigbee2mqtt", "meaning": {"single": "sos"}}
        answers.append({"status": 200, "body": {"device": "Z-1"}})
        new = {"id": "Z-1", "kind": "button", "model": "Aqara"}
        body = {**given, "new": new, "elder": "E1", "quarantine": str(stray), "ring": True}
        assert (await it.post("/bindings", desk, body)).json()["device"] == "Z-1"
        assert commands[0].target == "Z-1"
        assert commands[0].args == {
            **given, "new": new, "home": "H1", "elder": "E1", "division": STREET, "quarantine": str(stray),
            "ring": True,
        }  # fmt: skip
        for body, status, field in (
            ({**given}, 422, "device"),
            ({**given, "new": new, "device": "B-1"}, 422, "device"),
            ({**given, "new": new}, 422, "home"),
            ({**given, "device": "W-1"}, 404, None),
            ({**given, "device": "B-1", "quarantine": str(stray)}, 404, "quarantine"),
            ({**given, "device": "B-1", "quarantine": str(uuid4())}, 404, "quarantine"),
        ):
            refused = await it.post("/bindings", fitter, body)
            assert (refused.status_code, refused.json()["field"]) == (status, field), body
        headers = {"Authorization": f"Bearer {fitter}"}
        path = "/api/v1/bindings"
        unseen = await it.http.delete(path, params={"address": "zigbee2mqtt/w"}, headers=headers)
        assert (unseen.status_code, unseen.json()["field"]) == (404, "address")
        answers.append({"status": 200, "body": {}})
        headers = {"Authorization": f"Bearer {desk}"}
        assert (await it.http.delete(path, params={"address": "zigbee2mqtt/w"}, headers=headers)).status_code == 200
        assert (commands[1].name, commands[1].target) == ("unbind_address", "W-1")


async def test_what_hubs_have_found_is_shown_to_who_tends_them(settings: Settings) -> None:
    """The latest first; a county's desk sees all, an installer what hubs of the street have told of."""
    async with world(settings) as it:
        await stock(settings)
        async with registry(settings) as tables:
            for n, (address, hub) in enumerate((("z/a", "B-1"), ("z/b", "W-1"), ("z/c", None))):
                await tables.execute(
                    "INSERT INTO devices.discovered VALUES ($1, 'zigbee2mqtt', $2, $3, '紧急按钮', 'Aqara', 'm', '{}', "
                    "$4, $4)",
                    address, hub, COUNTY, START + timedelta(seconds=n),
                )  # fmt: skip
        desk, fitter = await it.log_in("desk"), await it.log_in("fitter")
        page = (await it.get("/discovered", desk, limit=2)).json()
        rest = (await it.get("/discovered", desk, cursor=page["next"])).json()
        assert [one["address"] for one in page["items"] + rest["items"]] == ["z/c", "z/b", "z/a"]
        assert device_desk.DiscoveredLine.model_validate(rest["items"][0]).hub == "B-1"
        assert [one["address"] for one in (await it.get("/discovered", fitter, q="紧急")).json()["items"]] == ["z/a"]


async def test_what_was_pressed_just_now_is_on_top(settings: Settings) -> None:
    """The latest stray first, page by page; what is settled is gone, and what belongs elsewhere was never there."""
    async with world(settings) as it:
        async with registry(settings) as tables:
            for n, (county, settled) in enumerate(((COUNTY, None), (COUNTY, START), (COUNTY, None), ("360734", None))):
                at = START + timedelta(seconds=n)
                await tables.execute(
                    "INSERT INTO devices.quarantine VALUES ($1, $2, 'z/' || $3, '{}', 'unbound', $4, 1, $5, $5, $6)",
                    b"%d" % n, UUID(int=n), str(n), county, at, settled,
                )  # fmt: skip
        desk = await it.log_in("desk")
        first = (await it.get("/unplaced", desk, limit=1)).json()
        rest = (await it.get("/unplaced", desk, cursor=first["next"])).json()
        assert [one["topic"] for one in first["items"] + rest["items"]] == ["z/2", "z/0"]
        assert (await it.get("/unplaced", desk, cursor="x")).json()["field"] == "cursor"


async def test_an_installer_sees_what_waits_to_be_bound_at_the_hubs_of_the_street(settings: Settings) -> None:
    """A button that has just been pressed is there to be bound; what is the desk's to judge is not."""
    async with world(settings) as it:
        await stock(settings)
        async with registry(settings) as tables:
            await tables.execute("UPDATE devices.device SET foreign_prefix = 'mine/#' WHERE id = 'B-1'")
            for n, (topic, reason) in enumerate(
                (("mine/a", "unbound"), ("mine/b", "not_stored"), ("else/c", "unbound"))
            ):
                await tables.execute(
                    "INSERT INTO devices.quarantine VALUES ($1, $2, $3, '{}', $4, $5, 1, $6, $6, NULL)",
                    b"%d" % n, UUID(int=n), topic, reason, COUNTY, START,
                )  # fmt: skip
        found = (await it.get("/unplaced", await it.log_in("fitter"))).json()
        assert [one["topic"] for one in found["items"]] == ["mine/a"]
