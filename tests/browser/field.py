"""A responder who has accepted a call for help, and what the desk sees of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.instances import Device, Instance, Person, county_desk, nearest

LOOKS = 200


def button(page: Page | Locator, name: str) -> Locator:
    """The button that says so."""
    return page.get_by_role("button", name=name, exact=True)


def decide(seat: Person, incident: str, verb: str, **body: Any) -> None:
    """The desk decides something, under a key that no other seat of these tests has used."""
    reply = seat.http.post(f"/incidents/{incident}/{verb}", json=body, headers={"Idempotency-Key": uuid4().hex})
    assert reply.status_code == 200, reply.text


@dataclass
class Job:
    """One job on one phone."""

    page: Page
    device: Device
    seat: Person
    id: str

    def incident(self) -> dict[str, Any]:
        """The whole page of the desk."""
        view: dict[str, Any] = self.seat.http.get(f"/incidents/{self.id}").json()
        return view

    def until(self, tag: str, **params: Any) -> None:
        """Wait until the desk's history tells this."""
        while not any(e["tag"] == tag and params.items() <= e["params"].items() for e in self.incident()["timeline"]):
            self.seat.sees("incident.updated")

    def desk(self, verb: str, **body: Any) -> None:
        """The desk decides something."""
        decide(self.seat, self.id, verb, **body)

    def complete(self) -> None:
        """The last step, with an outcome."""
        button(self.page, "完成任务").click()
        self.page.get_by_role("dialog").get_by_role("radio").first.check()
        button(self.page.get_by_role("dialog"), "提交并完成").click()


def let_ring(instance: Instance, page: Page, words: str = "恢复响铃") -> None:
    """Her phone may ring, and dispatch knows: whoever it takes for out of reach is not asked."""
    button(page, words).click()
    who = page.evaluate("fetch('/api/v1/sessions/current').then(it => it.json())")["responder"]
    seat = Person(instance.demo, county_desk(instance.demo))
    for _ in range(LOOKS):
        if seat.http.get(f"/responders/{who}").json()["reachable"]:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("nobody has heard that her phone rings")
    seat.leave()


def on_duty(
    instance: Instance, open_page: OpenPage, number: int, lang: str = "zh-CN",
    prepare: Callable[[BrowserContext], object] = lambda _: None,
) -> Page:  # fmt: skip
    """The phone of whoever is nearest to a device, able to ring."""
    helper = nearest(instance.demo, instance.demo["devices"][number])
    page = open_page(helper["username"], 360, 640, lang, (helper["lat"], helper["lon"]))
    prepare(page.context)
    page.reload()
    let_ring(instance, page, "恢复响铃" if lang == "zh-CN" else "Let it ring again")
    return page


def at_work(
    instance: Instance, open_page: OpenPage, number: int, lang: str = "zh-CN",
    prepare: Callable[[BrowserContext], object] = lambda _: None, place: tuple[float, float] | None = None,
    kind: str = "sos",
) -> Job:  # fmt: skip
    """She has pressed, and the nearest has accepted; the phone stands at her door unless told otherwise."""
    device = instance.demo["devices"][number]
    page = on_duty(instance, open_page, number, lang, prepare)
    seat = Person(instance.demo, county_desk(instance.demo))
    lat, lon = place or (device["lat"], device["lon"])
    page.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 10})
    elder = Device(instance.demo, device)
    elder.press(kind)
    opened = seat.sees("incident.opened")["d"]["incident"]
    button(page, "接单，我去" if lang == "zh-CN" else "Accept, I am going").click()
    expect(button(page, "出发" if lang == "zh-CN" else "Setting off")).to_be_visible()
    return Job(page, elder, seat, opened)


def stand_everybody_down(instance: Instance) -> None:
    """Nobody is asked any more, so that the next test's phones are free."""
    seat = Person(instance.demo, county_desk(instance.demo))
    for row in seat.http.get("/incidents", params={"limit": 100}).json()["items"]:
        if row["job_state"] not in (None, "stood_down", "closed", "completed"):
            decide(seat, row["incident"], "stand-down", reason="the test is over")
    seat.leave()
