"""The login and the button page, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Instance


@pytest.mark.parametrize(("lang", "wrong"), [("zh-CN", "用户名或密码不对。"), ("en", None)])
def test_the_login_stands_the_probes_and_says_no_in_words(
    open_page: OpenPage, shoot: Callable[[Page, str], None], lang: str, wrong: str | None
) -> None:
    """Which part was wrong is not told."""
    page = open_page(None, 360, 640, lang)
    page.locator("input[autocomplete=username]").fill("desk1")
    password = page.locator("input[autocomplete=current-password]")
    expect(password).to_have_attribute("type", "password")
    password.fill("no")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert.first).to_be_visible()
    if wrong:
        expect(alert.first).to_contain_text(wrong)
    shoot(page, f"login-{lang[:2]}")
    assert axe_faults(page) == []
    assert small_targets(page, 44) == []


@pytest.mark.parametrize(("lang", "heard"), [("zh-CN", "已收到"), ("en", "Received")])
def test_pressing_the_button_on_its_page(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], lang: str, heard: str
) -> None:
    """A real device sends a real alarm, and the page says what it is told."""
    page = open_page(None, 480, 800, lang, url=instance.line["page"])
    sos = page.locator("button.sos")
    expect(sos).to_be_enabled()
    box = sos.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 160
    sos.click()
    expect(page.locator("li[data-done=true]").first).to_contain_text(heard)
    shoot(page, f"button-{lang[:2]}")
    assert axe_faults(page) == []
    assert small_targets(page, 44) == []
