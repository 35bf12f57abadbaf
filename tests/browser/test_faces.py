"""Faces: the desk puts them there, and whoever waits for help sees whom to let in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets, wider_than_the_page
from tests.browser.test_elder_page import ZH as HERS
from tests.browser.test_elder_page import paired, stands
from tests.browser.test_family import agreed, arrived, at_desk, sound
from tests.faces import face
from tests.instances import Device, Instance, Person, county_desk, nearest

SMALL_COUNTY = True
DESK_PX, LONGEST_PX = 44, 480
Shoot = Callable[[Page, str], None]


def put(desk: httpx.Client, person: str, ground: str) -> None:
    """A picture of somebody, over HTTP."""
    answer = desk.put(f"/{person}/portrait", content=face(ground))
    assert answer.status_code == 200, answer.text


def drawn(picture: Locator) -> tuple[int, int]:
    """How large a picture came that is in sight."""
    expect(picture).to_be_visible()
    picture.evaluate("it => it.decode()")
    wide, high = picture.evaluate("it => [it.naturalWidth, it.naturalHeight]")
    return wide, high


def named(instance: Instance, device: dict[str, Any]) -> tuple[Person, str]:
    """Who will be asked first, and under which number she goes."""
    person = Person(instance.demo, nearest(instance.demo, device))
    return person, str(person.http.get("/sessions/current").json()["responder"])


@dataclass(frozen=True)
class Words:
    """What the desk's screens say."""

    lang: str
    find: str
    put: str
    choose: str
    replace: str
    remove: str
    none: str
    wrong: str


ZH = Words("zh-CN", "服务人员的姓名", "放照片", "选择照片", "换照片", "撤下照片", "还没有照片", "不是照片")
EN = Words("en", "Responder: name", "Add a photo", "Choose a photo", "Replace", "Remove", "No photo yet",
           "not a photo")  # fmt: skip


def kept(part: Locator, words: Words) -> None:
    """No picture, a file that is none, a large picture made small, another in its place, none again."""
    page = part.page
    expect(part).to_contain_text(words.none)
    expect(part.locator(".face.letter")).to_be_visible()
    chosen = part.get_by_label(words.choose)
    chosen.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(part.get_by_role("alert")).to_contain_text(words.wrong)
    large = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": face("teal", (1200, 1500))}
    chosen.set_input_files(large)  # type: ignore[arg-type]
    assert drawn(part.locator("img.face")) == (384, LONGEST_PX)
    expect(part.get_by_role("alert")).to_have_count(0)
    before = part.locator("img.face").get_attribute("src")
    chosen.set_input_files({**large, "buffer": face("maroon", (600, 600))})  # type: ignore[arg-type]
    expect(part.locator("img.face")).not_to_have_attribute("src", before or "")
    assert drawn(part.locator("img.face")) == (LONGEST_PX, LONGEST_PX)
    expect(part.get_by_role("button", name=words.replace)).to_be_visible()
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []
    part.get_by_role("button", name=words.remove).click()
    page.get_by_role("dialog").get_by_role("button", name=words.remove).click()
    expect(part).to_contain_text(words.none)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("words", "n"), [(ZH, 3), (EN, 4)], ids=["zh", "en"])
def test_the_desk_keeps_faces(instance: Instance, open_page: OpenPage, shoot: Shoot, words: Words, n: int) -> None:
    """On the page of people: of one who goes, found by her number, and of an elder, in her record."""
    device = [one for one in instance.demo["devices"] if one["elder"]][n]
    person, number = named(instance, device)
    person.leave()
    page = open_page("desk1", 1366, 768, words.lang)
    page.goto(f"{instance.demo['http']}/board#people")
    badges = page.locator("section[aria-labelledby=badges]")
    badges.get_by_label(words.find).fill(number)
    badges.get_by_role("button", name=number).click()
    kept(badges.locator(".portrait"), words)
    shoot(page, f"board-badges-{words.lang[:2]}")
    page.locator(".side input[type=search]").fill(device["elder"])
    page.locator(f"[data-row='{device['elder']}']").click()
    kept(page.locator("section[aria-labelledby=portrait]"), words)
    page.set_viewport_size({"width": 320, "height": 720})
    assert wider_than_the_page(page) == []


@pytest.mark.timeout(240)
def test_the_daughter_who_watches_sees_whom_to_let_in(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """Her mother's helper with her face, a letter where it does not come; the desk sees both of them."""
    device = next(one for one in instance.demo["devices"] if one["kind"] == "button" and one["elder"])
    goes, number = named(instance, device)
    with at_desk(instance, county_desk(instance.demo)["username"]) as http:
        put(http, f"responders/{number}", "steelblue")
        put(http, f"elders/{device['elder']}", "maroon")
        name = http.get(f"/responders/{number}").json()["name"]
        mother = http.get(f"/elders/{device['elder']}").json()["name"]
    page = arrived(instance, open_page, "13811119001")
    agreed(instance, page, device["elder"])
    Device(instance.demo, device).press()
    page.locator(".alarm").click()
    offer = goes.sees("job.offered")["d"]
    goes.act(f"/offers/{offer['offer']}/accept")
    seen = page.locator(".helper img.face")
    assert drawn(seen) == (240, 300)
    expect(seen).to_have_attribute("alt", name)
    shoot(page, "family-face-zh")
    sound(page)
    page.set_viewport_size({"width": 320, "height": 720})
    page.evaluate("localStorage.setItem('yinling.elder.look', JSON.stringify({step: 36, large: true}))")
    page.reload()
    drawn(seen)
    sound(page)
    page.route("**/family/portraits/*", lambda route: route.abort())
    page.reload()
    expect(page.locator(".helper .letter")).to_have_text(name[0])
    sound(page)

    desk = open_page("desk1", 1440, 900)
    desk.locator(f"[data-row='{offer['incident']}']").click()
    drawn(desk.locator(".facing img.face"))
    expect(desk.locator(".facing img.face")).to_have_attribute("alt", mother)
    drawn(desk.locator(".going img.face"))
    expect(desk.locator(".going img.face")).to_have_attribute("alt", name)
    shoot(desk, "desk-faces-zh")
    assert axe_faults(desk) == []
    for step in ("depart", "arrive", "start", "complete"):
        goes.act(f"/jobs/{offer['job']}/{step}")
    goes.leave()


@pytest.mark.timeout(240)
def test_she_who_called_sees_whom_to_let_in(instance: Instance, open_page: OpenPage, shoot: Shoot) -> None:
    """On her own telephone: the face of whoever comes, under the words that say so."""
    page, device = paired(instance, open_page, 6)
    goes, number = named(instance, device)
    with at_desk(instance, county_desk(instance.demo)["username"]) as http:
        put(http, f"responders/{number}", "teal")
        name = http.get(f"/responders/{number}").json()["name"]
    page.locator(".sos").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=HERS.recorded)).to_be_visible()
    offer = goes.sees("job.offered")["d"]
    goes.act(f"/offers/{offer['offer']}/accept")
    seen = page.locator(".faces img.face")
    assert drawn(seen) == (240, 300)
    expect(seen).to_have_attribute("alt", name)
    expect(page.locator(".faces")).to_contain_text(name)
    shoot(page, "elder-face-zh")
    stands(page, "whom to let in")
    page.set_viewport_size({"width": 320, "height": 640})
    stands(page, "whom to let in, narrow")
    for step in ("depart", "arrive", "start", "complete"):
        goes.act(f"/jobs/{offer['job']}/{step}")
    goes.leave()
