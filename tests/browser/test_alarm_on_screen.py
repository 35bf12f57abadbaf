"""She presses; the desk sees and rings; a helper goes; everybody's screen says so. Two browsers, both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults, small_targets
from tests.instances import Device, Instance, nearest


@pytest.mark.timeout(150)
@pytest.mark.parametrize(("lang", "number"), [("zh-CN", 0), ("en", 7)])
def test_from_the_press_to_the_close(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], lang: str, number: int
) -> None:
    """Every screen on the way is free of axe faults and its targets are large enough."""
    short = lang[:2]
    device = instance.demo["devices"][number]
    helper = nearest(instance.demo, device)["username"]
    desk = open_page("desk1", 1366, 768, lang)
    field = open_page(helper, 360, 640, lang)
    desk.locator("[data-test=start]").click()
    field.locator("[data-test=start]").click()
    expect(field.locator("[data-test=reachable]")).to_be_visible()

    button = Device(instance.demo, device)
    button.press()
    button.told("recorded")
    row = desk.locator("[data-test=row]").first
    expect(row).to_be_visible()
    expect(field.locator("[data-test=accept]")).to_be_visible()
    button.told("seen")
    shoot(field, f"field-offer-{short}")
    assert axe_faults(field) == []
    assert small_targets(field, 48) == []

    row.click()
    desk.locator("[data-test=claim]").click()
    expect(desk.locator("[data-test=offers]")).to_be_visible()
    shoot(desk, f"desk-{short}")
    assert axe_faults(desk) == []
    assert small_targets(desk, 44) == []

    field.locator("[data-test=accept]").click()
    assert button.told("accepted")["who"]
    for step in ("depart", "arrive", "start"):
        field.locator(f"[data-test=step-{step}]").click()
    button.told("arrived")
    shoot(field, f"field-{short}")
    assert axe_faults(field) == []
    assert small_targets(field, 48) == []
    field.locator("[data-test=step-complete]").click()
    field.locator("[data-test=confirm]").click()
    expect(desk.locator("[data-test=incident-state][data-state=resolved]")).to_be_visible()

    desk.locator("[data-test=close]").click()
    desk.locator("[data-test=confirm]").click()
    button.told("closed")
    expect(desk.locator("[data-test=row]")).to_have_count(0)
