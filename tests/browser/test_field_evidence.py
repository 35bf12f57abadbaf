"""The end of a visit: what is handed in, with and without a network, and what the desk sees of it."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.field import Job, at_work, button
from tests.browser.probes import axe_faults, faint_words, small_targets, wider_than_the_page
from tests.instances import Instance

SMALL_COUNTY = True
VISITS = {
    "day": "2026-11-22",
    "items": [
        {
            "order": f"SO-{n}", "state": "scheduled", "service_name": "助洁", "service_name_en": "Cleaning",
            "name_masked": "罗*妹", "address": f"庄口镇庄口社区{n}栋", "lat": 25.7, "lon": 115.8,
            "window_from": "2026-11-22T02:00:00Z", "window_to": "2026-11-22T04:00:00Z", "starts_at": starts,
            "minutes": 60, "hands": n, "incident": None, "leg_m": leg,
        }
        for n, starts, leg in ((1, "2026-11-22T02:30:00Z", None), (2, None, 850))
    ],
}  # fmt: skip
STEPS = {
    "zh-CN": ("出发", "我到门口了", "见到老人了"),
    "en": ("Setting off", "I am at the door", "I am with the elder"),
}
FINISH = {"zh-CN": "完成任务", "en": "Complete the job"}
A_TONE = """
() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext()
    const tone = context.createOscillator()
    const end = context.createMediaStreamDestination()
    tone.connect(end)
    tone.start()
    return end.stream
  }
}
"""
BIG_PHOTO = """
() => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 2400, height: 1600})
  const context = canvas.getContext('2d')
  for (let at = 0; at < 15000; at += 1) {
    context.fillStyle = `hsl(${at * 137 % 360} 60% ${30 + at % 40}%)`
    context.fillRect(at % 150 * 16, Math.floor(at / 150) * 16, 16, 16)
  }
  return canvas.toDataURL('image/jpeg', 1).split(',')[1]
}
"""
KEPT = """
async () => {
  const kept = () => new Promise(done => {
    const opening = indexedDB.open('yinling')
    opening.onsuccess = () => {
      const all = opening.result.transaction('drafts').objectStore('drafts').getAll()
      all.onsuccess = () => {
        opening.result.close()
        done(all.result.some(({draft}) => draft.photos.length === 1 && draft.note !== ''))
      }
    }
  })
  while (!(await kept())) await new Promise(again => setTimeout(again, 100))
}
"""
SO_MUCH = """
async many => {
  const there = async () => {
    const answer = await fetch(`/api/v1/jobs/${decodeURIComponent(location.hash.slice(1))}/evidence`).catch(() => null)
    return answer?.ok && (await answer.json()).items.length >= many
  }
  while (!(await there())) await new Promise(again => setTimeout(again, 200))
}
"""
STATUS_OF = "async url => (await fetch(url)).status"
SMALL_PHOTO = "() => document.createElement('canvas').toDataURL('image/jpeg').split(',')[1]"
SIZE_OF = """
async url => {
  const blob = await (await fetch(url)).blob()
  const picture = await createImageBitmap(blob)
  return [blob.size, picture.width, picture.height]
}
"""


def to_the_form(job: Job, lang: str = "zh-CN") -> Page:
    """Through the steps of the visit, up to its last form."""
    for step in STEPS[lang]:
        button(job.page, step).click()
    button(job.page, FINISH[lang]).click()
    return job.page


def with_exif(photo: bytes) -> bytes:
    """The photo as a camera writes it: with where it was taken."""
    beside = b"Exif\x00\x00" + b"GPSLatitude 25.6"
    return photo[:2] + b"\xff\xe1" + (len(beside) + 2).to_bytes(2) + beside + photo[2:]


def choose_photo(page: Page, photo: bytes) -> None:
    """Take a photo."""
    page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": with_exif(photo)}
    )


def write_name(page: Page) -> None:
    """A stroke with a finger."""
    paper = page.locator("canvas.pad-paper")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for n in range(12):
        page.mouse.move(box["x"] + 40 + 18 * n, box["y"] + 30 + (n % 3) * 25)
    page.mouse.up()


def handed_in(job: Job, many: int) -> list[dict[str, Any]]:
    """What the desk has been given, once it is so much."""
    job.page.evaluate(SO_MUCH, many)
    items: list[dict[str, Any]] = job.seat.http.get(f"/incidents/{job.id}/evidence").json()["items"]
    return items


@pytest.mark.timeout(240)
def test_everything_is_handed_in_though_the_network_is_away(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """What is entered survives a reload; what is sent without a network arrives after it; the desk sees it all."""
    job = at_work(instance, open_page, 11)
    page = to_the_form(job)
    page.get_by_role("radio", name="送医").check()
    button(page, "提交并完成").click()
    expect(page.get_by_role("alert")).to_contain_text("还缺： 情况说明")
    page.get_by_label("备注").fill("右腿疼，站不起来")
    page.get_by_label("老人跌倒过").check()
    photo = b64decode(page.evaluate(BIG_PHOTO))
    choose_photo(page, photo)
    expect(page.get_by_alt_text("第 1 张照片")).to_be_visible()
    shoot(page, "field-completion-zh")

    page.evaluate(KEPT)
    page.reload()
    button(page, "完成任务").click()
    expect(page.get_by_label("备注")).to_have_value("右腿疼，站不起来")
    expect(page.get_by_alt_text("第 1 张照片")).to_be_visible()

    page.evaluate(A_TONE)
    button(page, "说一段话（最长 60 秒）").click()
    expect(page.get_by_text("正在录音")).to_be_visible()
    expect(page.get_by_text("0:01 / 1:00")).to_be_visible()
    button(page, "停止录音").click()
    expect(button(page, "删除录音")).to_be_visible()
    write_name(page)
    page.context.set_offline(True)
    button(page, "提交并完成").click()
    expect(page.get_by_text("已记下完成").first).to_be_visible()
    page.context.set_offline(False)

    items = handed_in(job, 4)
    assert sorted(one["kind"] for one in items) == ["photo", "report", "signature", "voice"]
    assert next(one["report"] for one in items if one["kind"] == "report") == {
        "fell": True, "injured": False, "unsigned": None, "missing": [],
    }  # fmt: skip
    kept = next(one for one in items if one["kind"] == "photo")
    assert b"GPS" not in job.seat.http.get(f"/evidence/{kept['id']}").content
    facts = [line["params"] for line in job.incident()["timeline"] if line["tag"] == "incident.handed_in"]
    assert {fact["sha256"] for fact in facts} == {one["sha256"] for one in items}
    seen_at_the_desk(open_page, shoot, job, kept["id"])


def seen_at_the_desk(open_page: OpenPage, shoot: Callable[[Page, str], None], job: Job, photo: str) -> None:
    """The panel shows the photo, the signature, the voice and what was seen; it stands the probes."""
    desk = open_page("desk1", 1440, 900)
    button(desk, "开始值守").click()
    desk.locator(f'[data-row="{job.id}"]').click()
    section = desk.get_by_role("region", name="上门留存")
    expect(section.get_by_text("老人跌倒过")).to_be_visible()
    expect(section.get_by_label("听语音")).to_be_visible()
    size, width, height = desk.evaluate(SIZE_OF, f"/api/v1/evidence/{photo}")
    assert (size <= 400 * 1024, max(width, height) <= 1600, width > height) == (True, True, True)
    section.scroll_into_view_if_needed()
    shoot(desk, "desk-evidence-zh")
    assert axe_faults(desk) == []
    assert small_targets(desk, 44) == []
    section.get_by_role("button", name="看大图：照片").click()
    expect(desk.get_by_role("dialog").get_by_text("SHA-256")).to_be_visible()
    assert axe_faults(desk) == []
    assert job.seat.http.get(f"/evidence/{photo}").headers["content-disposition"].startswith("attachment")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("lang", "number"), [("zh-CN", 14), ("en", 17)])
def test_the_form_and_the_own_day_stand_the_probes(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], lang: str, number: int
) -> None:
    """At 360 × 640 and in large text; by keyboard alone one may say why nobody signed; the day counts it."""
    job = at_work(instance, open_page, number, lang)
    page = to_the_form(job, lang)
    zh = lang == "zh-CN"
    page.get_by_role("radio", name="无法签字" if zh else "Cannot sign").focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="不会写字或写不了" if zh else "Cannot write").focus()
    page.keyboard.press("Space")
    stands(page)
    shoot(page, f"field-completion-unsigned-{lang[:2]}")
    page.get_by_role("radio").first.check()
    button(page, "提交并完成" if zh else "Submit and complete").click()
    [report] = handed_in(job, 1)
    assert report["report"]["unsigned"] == "cannot_write"

    button(page, "回到值班页" if zh else "Back to duty").first.click()
    expect(page.get_by_role("heading", name="今天" if zh else "Today", exact=True)).to_be_visible()
    page.route("**/api/v1/me/visits", lambda route: route.fulfill(json=VISITS))
    page.reload()
    visits = page.get_by_role("region", name="今天的上门" if zh else "Visits today")
    expect(visits.get_by_role("listitem")).to_have_count(2)
    shoot(page, f"field-visits-{lang[:2]}")
    stands(page)
    button(page, "看今天和近 30 天" if zh else "Today and the last 30 days").click()
    expect(page.get_by_text("（共 1 次）" if zh else "(once)").first).to_be_visible()
    shoot(page, f"field-day-{lang[:2]}")
    stands(page)


@pytest.mark.timeout(120)
def test_who_is_looked_for(instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]) -> None:
    """She has left her home: whoever searches sees the picture that the desk puts up, and no longer than that."""
    job = at_work(instance, open_page, 22, kind="fence_exit")
    picture = b64decode(job.page.evaluate(SMALL_PHOTO))
    name = uuid4()
    assert job.seat.http.put(f"/incidents/{job.id}/evidence/{name}", content=picture).status_code == 200
    shown = job.page.get_by_role("img", name="要找的人")
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])") == [300, 150]
    shown.scroll_into_view_if_needed()
    shoot(job.page, "field-search-zh")
    stands(job.page)
    job.desk("stand-down", reason="老人自己回家了")
    expect(shown).to_have_count(0)
    assert job.page.evaluate(STATUS_OF, f"/api/v1/evidence/{name}") == 404


def stands(page: Page) -> None:
    """Axe finds nothing, words are dark enough, a thumb finds everything, and nothing runs off the page."""
    assert axe_faults(page) == []
    assert faint_words(page) == []
    assert small_targets(page, 48) == []
    assert wider_than_the_page(page) == []
