"""A part is away or hangs: the desk says so in red until it is back; nothing has to be reloaded."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.probes import axe_faults
from tests.instances import Instance


@contextmanager
def frozen(instance: Instance, part: str) -> Iterator[None]:
    """Stop a part and all its children where they stand, then let them go on."""
    number = json.loads((instance.folder / "run.json").read_text("utf-8"))["processes"][part]
    parent = psutil.Process(number)
    everything = [parent, *parent.children(recursive=True)]
    for process in everything:
        process.suspend()
    try:
        yield
    finally:
        for process in everything:
            process.resume()


@pytest.mark.timeout(150)
@pytest.mark.parametrize("part", ["postgres", "broker", "dispatch"])
def test_a_part_that_hangs_is_a_red_banner(instance: Instance, open_page: OpenPage, part: str) -> None:
    """Whoever looks at a silent screen must know whether silence means safe."""
    desk = open_page("desk1", 1366, 768)
    desk.get_by_role("button", name="开始值守", exact=True).click()
    banner = desk.get_by_text("接警中断")
    expect(banner).to_have_count(0)
    with frozen(instance, part):
        expect(banner.first).to_be_visible(timeout=40_000)
        assert axe_faults(desk) == []
    expect(banner).to_have_count(0, timeout=40_000)
