"""The demo's telephones in the browser: what the platform sends rings there, and a key pressed there counts."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Instance, county_desk


def called(instance: Instance, number: str, text: str, kind: str = "calls", **more: Any) -> None:
    """Let the platform call or write to a number, as it does."""
    exchange = instance.demo["exchange"]
    body = {"id": "01935a8e-2f60-7b1e-9a52-0c4b7d1e8f21", "to": number, "text": text, **more}
    headers = {"Authorization": f"Bearer {exchange['secret']}"}
    answer = httpx.post(f"{exchange['page']}/{kind}", json=body, headers=headers, trust_env=False)
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_rings_and_is_answered(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], scheme: str
) -> None:
    """Chinese first, English beside it; 44 pixel keys; nothing for axe to find, in light and in dark."""
    assert instance.line["phones"] == instance.demo["exchange"]["page"]
    page = open_page(None, 390, 844, url=instance.line["phones"])
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.get_by_role("heading", name="演示电话")).to_be_visible()
    number = f"1370000000{len(scheme)}"
    called(instance, number, "【银铃】王护士已出发", "sms")
    called(instance, number, "这里是银铃。能去请按1，去不了请按2。", keys=["1", "2"])
    phone = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=number))
    expect(phone.get_by_text("来电 Incoming call")).to_be_visible()
    assert axe_faults(page) == []
    assert small_targets(page, 44) == []
    shoot(page, f"phones-{scheme}")
    phone.get_by_role("button", name="1 我去 I go").click()
    expect(phone.get_by_text("按了 pressed 1")).to_be_visible()
    expect(phone.get_by_text("来电 Incoming call")).to_have_count(0)
    called(instance, number, "这里是银铃。", keys=["1", "2"])
    phone.get_by_role("button", name="挂断 Hang up").click()
    expect(phone.get_by_text("已拒接 declined")).to_be_visible()
    phone.get_by_role("button", name="关机 Switch off").click()
    expect(phone.get_by_role("button", name="开机 Switch on")).to_be_focused()
    called(instance, number, "还有人吗")
    expect(phone.get_by_text("关机 switched off")).to_be_visible()
    assert axe_faults(page) == []


def test_strangers_send_nothing_to_the_phones(instance: Instance) -> None:
    """Without the secret, with half a message or for a call that does not ring: refused in words."""
    there = instance.line["phones"]
    bare = httpx.post(f"{there}/sms", json={"id": "x", "to": "1", "text": "hi"}, trust_env=False)
    assert (bare.status_code, bare.json()["code"]) == (401, "unauthenticated")
    headers = {"Authorization": f"Bearer {instance.demo['exchange']['secret']}"}
    half = httpx.post(f"{there}/calls", content=json.dumps({"to": "1"}), headers=headers, trust_env=False)
    assert (half.status_code, half.json()["code"]) == (422, "bad_message")
    silent = httpx.post(f"{there}/phones/1/press", json={"item": "call-99", "key": "1"}, trust_env=False)
    assert (silent.status_code, silent.json()["code"]) == (404, "not_ringing")


def test_a_press_that_nobody_sees_rings_a_telephone(instance: Instance, open_page: OpenPage) -> None:
    """From the button page to a telephone to the desk: the whole road of the demo, with real time."""
    demo = instance.demo
    desk = open_page(county_desk(demo)["username"], 1366, 768)
    phones = open_page(None, 1024, 768, url=instance.line["phones"])
    pressed = httpx.post(
        f"{instance.line['page']}/demo/press", json={"device": demo["devices"][0]["id"]}, trust_env=False
    )
    assert pressed.status_code == 202
    ringing = phones.locator(".ringing").get_by_role("button", name="1 我去 I go").first
    expect(ringing).to_be_visible(timeout=30_000)
    ringing.click()
    expect(phones.get_by_text("谢谢您，已记下您前往").first).to_be_visible()
    expect(phones.get_by_text("您前往：").first).to_be_visible()
    expect(desk.get_by_text("已接警").first).to_be_visible()
