"""A fleet of simulated buttons, and the page that lets a hand press them."""

from pathlib import Path
from random import Random

import httpx
import pytest

from shared.runtime.clock import FakeClock
from simulators import fleet as fleet_module
from simulators.courtesy import Courtesy
from simulators.fleet import Fleet
from simulators.page import ButtonPage
from tests.unit.simulated import DEMO, START, Wire, settle, wire

__all__ = ["wire"]


async def test_a_whole_fleet_that_loses_its_line_comes_back_and_says_again_what_is_open(wire: Wire) -> None:
    """The unanswered press goes out at once."""
    clock = FakeClock(START)
    fleet = Fleet(DEMO, clock, Random(1))
    press = fleet.press("B-00017", "sos")
    await settle()
    fleet.drop()
    await settle()
    clock.advance(1)
    await settle()
    assert (wire.connections, press.attempts) == (2, 2)
    fleet.drop()
    await fleet.stop()


async def test_the_button_page_presses_and_tells(wire: Wire, tmp_path: Path) -> None:
    """A press by hand goes over the wire; the secret does not leave."""
    (tmp_path / "button.html").write_text("<html>", "utf-8")
    courtesy = Courtesy()
    fleet = Fleet(DEMO, FakeClock(START), Random(1), courtesy.watch)
    transport = httpx.ASGITransport(ButtonPage(DEMO, fleet, courtesy, tmp_path).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
        assert (await client.get("/")).text == "<html>"
        assert "geheim" not in (await client.get("/demo/devices")).text
        eid = (await client.post("/demo/press", json={"device": "B-00017", "kind": "sos"})).json()["eid"]
        await settle()
        wire.answer(v=1, eid=eid, rev=2, stage="seen", rx=1, incident="I-1")
        await settle()
        told = (await client.get(f"/demo/presses/{eid}")).json()
        assert (told["eid"], told["attempts"], told["receipts"][0]["stage"]) == (eid, 1, "seen")
        assert courtesy.owed("I-1")
        assert (await client.post("/demo/press", json={"device": "B-2"})).status_code == 404
        assert (await client.post("/demo/press", json=[])).status_code == 422
        assert (await client.get("/demo/presses/none")).status_code == 404
        bad = {"device": "B-00017", "radio": "bad"}
        assert "bad" in (await client.get("/demo/radios")).json()
        assert (await client.post("/demo/press", json=bad)).status_code == 202
        assert fleet.button("B-00017").radio.weather.loss > 0
        assert (await client.post("/demo/press", json={**bad, "radio": "none"})).status_code == 422
    await fleet.stop()


async def test_the_button_page_uses_foreign_things(wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is bound behind a hub is listed without a secret, and used over the hub's own credential."""
    monkeypatch.setattr(fleet_module, "session", wire.session)
    monkeypatch.setattr(fleet_module, "publish", wire.pass_on)
    fleet = Fleet(DEMO, FakeClock(START), Random(1))
    transport = httpx.ASGITransport(ButtonPage(DEMO, fleet, Courtesy(), tmp_path).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
        things = await client.get("/demo/things")
        assert [thing["address"] for thing in things.json()] == ["zigbee2mqtt/sos"]
        assert "geheim" not in things.text
        assert (await client.post("/demo/use", json={"address": "zigbee2mqtt/sos"})).status_code == 202
        assert (wire.credentials, wire.sent[0]["action"]) == (["geheim"], "emergency")
        assert (await client.post("/demo/use", json={"address": "zigbee2mqtt/other"})).status_code == 404
        assert (await client.post("/demo/use", content=b"{")).status_code == 422
