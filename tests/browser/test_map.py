"""The map of the desk and of coverage: drawn without anybody's tiles, the same in words, and the words alone."""

import json
import re
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import FLAGS, OpenPage
from tests.browser.probes import stands_at_a_desk
from tests.instances import Device, Instance

DRAWN = ".map-canvas[data-ready=true]"
SLOW_MS = 60_000
"""Software draws the map here."""

WITHOUT_GRAPHICS = """
const kept = HTMLCanvasElement.prototype.getContext
HTMLCanvasElement.prototype.getContext = () => null
window.giveGraphicsBack = () => (HTMLCanvasElement.prototype.getContext = kept)
"""


@dataclass(frozen=True)
class Words:
    """What the screens say."""

    lang: str
    only_list: str
    coming: str
    cannot: str
    unfetched: str
    again: str
    within: str
    guessed: str


ZH = Words(
    "zh-CN", "只看列表", "正在前往", "这台电脑不能画地图", "地图没有加载出来", "重试",
    "及时到达", "边界是按村居位置推算",
)  # fmt: skip
EN = Words(
    "en", "List only", "On the way", "This computer cannot draw maps", "The map could not be loaded", "Try again",
    "In time", "Borders are guessed",
)  # fmt: skip
BOTH = pytest.mark.parametrize(("words", "number"), [(ZH, 21), (EN, 22)], ids=["zh", "en"])


@pytest.fixture(scope="module")
def flags() -> list[str]:
    """A browser that draws in three dimensions without a graphics card."""
    kept = [flag for flag in FLAGS if flag != "--disable-gpu"]
    return [*kept, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def person(instance: Instance, username: str) -> httpx.Client:
    """Somebody at the API."""
    client = httpx.Client(base_url=f"{instance.demo['http']}/api/v1", trust_env=False, timeout=20)
    token = client.post("/sessions", json={"username": username, "password": "yinling"}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def asked(desk: httpx.Client, device: str) -> tuple[str, dict[str, Any]]:
    """The incident of a button and the first offer of it, as soon as there is one."""
    for _ in range(500):
        rows = desk.get("/incidents", params={"state": "live"}).json()["items"]
        for row in (row for row in rows if row["device"] == device and row["asked"]):
            return row["incident"], desk.get(f"/incidents/{row['incident']}").json()["offers"][0]
    raise AssertionError(device)


def somebody_comes(instance: Instance, number: int) -> str:
    """A press that somebody has accepted, who has come some of the way since; answers the incident."""
    device = instance.demo["devices"][number]
    button = Device(instance.demo, device)
    button.press()
    button.told("recorded")
    with closing(person(instance, "desk1")) as desk:
        incident, offer = asked(desk, device["id"])
    username = offer["responder"].lower().replace("-", "")
    account = next(a for a in instance.demo["accounts"] if a["username"] == username)
    with closing(person(instance, username)) as goer:
        headers = {"Idempotency-Key": f"map-{number}"}
        assert goer.post(f"/offers/{offer['id']}/accept", headers=headers).status_code == 200
        for step in range(1, 4):
            place = {side: account[side] + (device[side] - account[side]) * step / 8 for side in ("lat", "lon")}
            answer = goer.put("/duty", json={"on": True, **place}, headers={"Idempotency-Key": f"map-{number}-{step}"})
            assert answer.status_code == 200
    return incident


def at(instance: Instance, page: Page, path: str) -> Locator:
    """A page of somebody logged in; answers its map."""
    page.goto(f"{instance.demo['http']}/{path}")
    return page.locator(".map-pane")


@pytest.mark.timeout(240)
@BOTH
def test_an_alarm_is_drawn_with_whoever_comes(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """One list says who, how far, how soon and how old the position is; a row moves the map; no server but ours.

    The map that was there before the alarm was opened is the one that shows it.
    """
    incident = somebody_comes(instance, number)
    page = open_page("desk1", 1440, 900, words.lang)
    foreign: list[str] = []
    page.on("request", lambda request: None if instance.demo["http"] in request.url else foreign.append(request.url))
    pane = at(instance, page, "desk")
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    pane.locator(DRAWN).evaluate("(it) => it.setAttribute('data-before', '')")
    at(instance, page, f"desk#{incident}")
    part = pane.locator(".map-part").filter(has_text=words.coming)
    row = part.locator("li").first
    expect(row.locator(".map-facts")).to_contain_text(re.compile(r"\d"))
    row.get_by_role("button").first.click()
    expect(row).to_have_attribute("data-chosen", "true")
    expect(pane.get_by_text(words.guessed)).to_be_visible()
    expect(pane.locator(f"{DRAWN}[data-before]")).to_be_visible()
    assert [url for url in foreign if not url.startswith(("blob:", "data:", instance.demo["ws"]))] == []
    stands_at_a_desk(page)


@pytest.mark.timeout(240)
@BOTH
def test_the_list_does_without_the_map(instance: Instance, open_page: OpenPage, words: Words, number: int) -> None:
    """By keyboard, remembered by the seat."""
    incident = somebody_comes(instance, number + 4)
    page = open_page("desk2", 1440, 900, words.lang)
    pane = at(instance, page, f"desk#{incident}")
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    pane.get_by_role("button", name=words.only_list).focus()
    page.keyboard.press("Enter")
    expect(pane.locator(".map-canvas")).to_have_count(0)
    page.reload()
    expect(pane.locator(".map-part").first).to_contain_text(words.coming)
    expect(pane.locator(".map-canvas")).to_have_count(0)
    stands_at_a_desk(page)


@pytest.mark.timeout(240)
@BOTH
def test_coverage_says_where_nobody_would_be_in_time(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """A county with its towns, drawn and in a table; one step down and up again."""
    assert number
    page = open_page("sup-county", 1440, 900, words.lang)
    pane = at(instance, page, "board#coverage")
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    expect(pane.locator("thead")).to_contain_text(words.within)
    rows = pane.locator("tbody tr")
    expect(rows).to_have_count(20)
    stands_at_a_desk(page)
    town = rows.first.get_by_role("button")
    name = town.inner_text()
    town.click()
    expect(pane.get_by_role("heading", level=2)).to_contain_text(name)
    pane.get_by_role("navigation").get_by_role("button").first.click()
    expect(rows).to_have_count(20)
    page.set_viewport_size({"width": 360, "height": 640})
    stands_at_a_desk(page)


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("instance")
def test_a_machine_that_cannot_draw_says_so(open_page: OpenPage) -> None:
    """And has the list; whose graphics were only away for a moment draws when it is asked again."""
    page = open_page("desk1", 1440, 900)
    page.add_init_script(WITHOUT_GRAPHICS)
    page.reload()
    pane = page.locator(".map-pane")
    said = pane.get_by_role("status").filter(has_text=ZH.cannot)
    expect(said).to_be_visible()
    expect(pane.locator(".map-part li").first).to_be_visible()
    again = said.get_by_role("button", name=ZH.again, exact=True)
    again.click()
    expect(said).to_be_visible()
    page.evaluate("() => { giveGraphicsBack() }")
    again.click()
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    expect(said).to_have_count(0)


@pytest.mark.timeout(240)
@BOTH
def test_a_map_that_could_not_be_fetched_is_asked_for_again(
    instance: Instance, open_page: OpenPage, words: Words, number: int
) -> None:
    """Said as it is, with the list beside it; one button asks again."""
    assert number
    page = open_page("desk1", 1440, 900, words.lang)
    page.route("**/assets/Canvas-*", lambda route: route.abort())
    pane = at(instance, page, "desk")
    said = pane.get_by_role("status").filter(has_text=words.unfetched)
    expect(said).to_be_visible()
    expect(pane.get_by_text(words.cannot)).to_have_count(0)
    expect(pane.locator(".map-part li").first).to_be_visible()
    stands_at_a_desk(page)
    page.unroute_all()
    said.get_by_role("button", name=words.again, exact=True).click()
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    expect(said).to_have_count(0)


@pytest.mark.timeout(240)
def test_a_map_is_made_anew_when_what_lies_under_it_is_known_late(instance: Instance, open_page: OpenPage) -> None:
    """On a slow line ours is drawn before the county's own tiles are known; then they lie under it."""
    page = open_page("desk1", 1440, 900)
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/map/source", hold)
    pane = at(instance, page, "desk")
    page.reload()
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    tiles = f"{instance.demo['http']}/tiles/{{z}}/{{x}}/{{y}}.png"
    under = {"kind": "tianditu", "layers": [tiles], "crs": "wgs84", "max_zoom": 18, "attribution": "天地图"}
    for route in asked:
        route.fulfill(json=under)
    expect(pane.get_by_text("天地图")).to_be_visible(timeout=SLOW_MS)
    expect(pane.locator(DRAWN)).to_be_visible(timeout=SLOW_MS)
    expect(pane.get_by_text(ZH.cannot)).to_have_count(0)


def test_the_first_script_knows_no_map(instance: Instance, open_page: OpenPage) -> None:
    """What draws is fetched when a map is wanted, and only then."""
    page = open_page("sup-county", 1440, 900)
    fetched: list[str] = []
    page.on("response", lambda response: fetched.append(response.url))
    page.goto(f"{instance.demo['http']}/board#seats")
    expect(page.get_by_role("heading", level=1).last).to_be_visible()
    page.wait_for_load_state("load")
    assert [url for url in fetched if "maplibre" in url or "Canvas" in url] == []
    assert json.dumps(fetched).count(".js") > 0
