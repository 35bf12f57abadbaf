"""Bad days: each is said on the screen in plain words, and no command is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.field import let_ring
from tests.browser.probes import axe_faults, stands_at_a_desk
from tests.browser.things import Button
from tests.instances import Device, Instance, nearest

CLOCK = """
window.__ahead = %d
const Real = Date
Date = class extends Real {
  constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + window.__ahead) }
  static now() { return Real.now() + window.__ahead }
}
"""
MUTE = """
AudioContext.prototype.resume = () => Promise.resolve()
Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' })
"""
FULL = """
IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }
"""
TURN = """state => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}"""

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def instance(alone: Instance) -> Instance:
    """Parts of it are stopped here."""
    return alone


@pytest.fixture(scope="module")
def presses(instance: Instance) -> Iterator[Callable[[], None]]:
    """Another elder presses each time."""
    homes = iter(instance.demo["devices"])
    pressed: list[Device] = []

    def press() -> None:
        button = Button(instance.demo, next(homes))
        pressed.append(button)
        button.press()

    yield press
    for button in pressed:
        button.client.disconnect()


@pytest.fixture
def prepared(instance: Instance, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A desk in a browser that something is wrong with: `prepared(script)`."""
    contexts: list[BrowserContext] = []

    def opened(script: str) -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        contexts.append(context)
        context.add_init_script(script)
        return desk_of(instance, context)

    yield opened
    for context in contexts:
        context.close()


def desk_of(instance: Instance, context: BrowserContext) -> Page:
    """Log in as the county's desk."""
    page = context.new_page()
    page.goto(instance.demo["http"])
    page.locator("input[autocomplete=username]").fill("desk1")
    page.locator("input[autocomplete=current-password]").fill("yinling")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    return page


def watch(page: Page) -> None:
    """Begin the watch, which lets the page sound."""
    page.get_by_role("button", name="开始值守", exact=True).click()


def connected(page: Page) -> Locator:
    """The seat's own line of health, when it says so."""
    return page.get_by_role("status").filter(has_text="已连接").first


def rows(page: Page) -> int:
    """How many incidents are drawn."""
    return page.locator("[data-row]").count()


@contextmanager
def more_rows(page: Page) -> Iterator[None]:
    """There is a row more afterwards."""
    expect(connected(page)).to_be_visible(timeout=30_000)
    before = rows(page)
    yield
    expect(page.locator("[data-row]")).to_have_count(before + 1, timeout=45_000)


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


def test_the_server_is_away_and_a_command_waits(
    instance: Instance, open_page: OpenPage, presses: Callable[[], None]
) -> None:
    """The line is said to be broken; what was pressed meanwhile is done when it is back, once."""
    desk = open_page("desk1", 1366, 768)
    watch(desk)
    with more_rows(desk):
        presses()
    row = desk.locator("li.row").filter(has=desk.locator("[data-claim]")).first
    with frozen(instance, "gateway"):
        row.locator("[data-claim]").click()
        expect(desk.get_by_text("连接").filter(has_text="中断").first).to_be_visible(timeout=45_000)
    expect(desk.get_by_text("我已接警").or_(desk.get_by_text("已接警")).first).to_be_visible(timeout=45_000)
    expect(connected(desk)).to_be_visible(timeout=45_000)


def test_a_slow_network(open_page: OpenPage) -> None:
    """It is said, and taken back."""
    desk = open_page("desk1", 1366, 768)
    line = desk.context.new_cdp_session(desk)
    slow = {"offline": False, "latency": 3000, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    expect(desk.get_by_text("网络很慢")).to_be_visible(timeout=30_000)
    assert axe_faults(desk) == []
    line.send("Network.emulateNetworkConditions", {**slow, "latency": 0})
    expect(desk.get_by_text("网络很慢")).to_have_count(0, timeout=30_000)


def test_a_clock_that_is_ten_minutes_wrong(prepared: Callable[[str], Page], presses: Callable[[], None]) -> None:
    """It is said; what counts on the page counts by the server's clock."""
    desk = prepared(CLOCK % 600_000)
    expect(desk.get_by_text("本机时间约差 10 分钟")).to_be_visible()
    with more_rows(desk):
        presses()
    assert all(int(timer.split(":")[0]) < 8 for timer in desk.locator("li.row .timer").all_inner_texts())


def test_a_session_that_ends_in_the_middle_of_a_job(instance: Instance, open_page: OpenPage) -> None:
    """To the login, which says why; after it the job is there, at the step where it was."""
    device = instance.demo["devices"][30]
    helper = nearest(instance.demo, device)
    field = open_page(helper["username"], 360, 640, "zh-CN", (helper["lat"], helper["lon"]))
    let_ring(instance, field)
    elder = Device(instance.demo, device)
    elder.press()
    elder.told("recorded")
    field.get_by_role("button", name="接单，我去", exact=True).click()
    expect(field.get_by_role("button", name="出发", exact=True)).to_be_visible()
    field.evaluate("fetch('/api/v1/sessions/current', {method: 'DELETE', headers: {'Idempotency-Key': 'x'}})")
    field.locator("input[autocomplete=current-password]").wait_for(timeout=30_000)
    expect(field.get_by_text("登录已").first).to_be_visible()
    field.locator("input[autocomplete=username]").fill(helper["username"])
    field.locator("input[autocomplete=current-password]").fill("yinling")
    field.keyboard.press("Enter")
    field.wait_for_url("**/field*")
    if field.get_by_role("button", name="出发", exact=True).count() == 0:
        field.locator(".jobs button").first.click()
    field.get_by_role("button", name="出发", exact=True).click()
    expect(field.get_by_role("button", name="我到门口了", exact=True)).to_be_visible()
    elder.client.disconnect()


def test_an_old_build_is_told_and_not_deaf(instance: Instance, browser: Browser, presses: Callable[[], None]) -> None:
    """The server wants a newer one: said in words, loaded anew once and not in a circle; alarms come by long poll."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    loads: list[str] = []

    def refuse(socket: WebSocketRoute) -> None:
        socket.close(code=4426, reason="client_too_old")

    context.route_web_socket("**/ws", refuse)
    desk = desk_of(instance, context)
    desk.on("load", lambda page: loads.append(page.url))
    expect(desk.get_by_text("需要更新")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("已连接（备用通道）").first).to_be_visible(timeout=30_000)
    before = rows(desk)
    presses()
    expect(desk.locator("[data-row]")).to_have_count(before + 1)
    assert len(loads) <= 1
    context.close()


def test_two_tabs_ring_once(instance: Instance, browser: Browser, presses: Callable[[], None]) -> None:
    """Both draw it; the one that does not ring says which does."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    one = desk_of(instance, context)
    watch(one)
    two = context.new_page()
    two.goto(f"{instance.demo['http']}/desk")
    watch(two)
    expect(two.get_by_text("另一个标签页正在负责响铃")).to_be_visible()
    with more_rows(one), more_rows(two):
        presses()
    expect(one.get_by_text("另一个标签页正在负责响铃")).to_have_count(0)
    context.close()


def test_a_second_place_takes_the_seat_and_gives_it_back(open_page: OpenPage) -> None:
    """The first says so and stays quiet until it is asked to take over; then the second says so."""
    home = open_page("desk1", 1366, 768)
    expect(connected(home)).to_be_visible()
    office = open_page("desk1", 1366, 768)
    expect(home.get_by_text("此席位已在别处打开")).to_be_visible()
    assert axe_faults(home) == []
    expect(connected(office)).to_be_visible()
    home.get_by_role("button", name="在这里接管").click()
    expect(office.get_by_text("此席位已在别处打开")).to_be_visible()
    expect(connected(home)).to_be_visible()


def test_a_page_that_was_hidden(prepared: Callable[[str], Page], presses: Callable[[], None]) -> None:
    """Whoever comes back is told for how long it may have been silent, and sees what came meanwhile."""
    desk = prepared(CLOCK % 0)
    with more_rows(desk):
        desk.evaluate(TURN, "hidden")
        presses()
        desk.evaluate("window.__ahead += 90_000")
        desk.evaluate(TURN, "visible")
    expect(desk.get_by_text("本页面刚才在后台 1:3")).to_be_visible()
    desk.locator(".notice", has_text="本页面刚才在后台").get_by_role("button", name="知道了").click()
    expect(desk.get_by_text("本页面刚才在后台")).to_have_count(0)


def test_storage_is_full(prepared: Callable[[str], Page], presses: Callable[[], None]) -> None:
    """Nothing can be kept: alarms are drawn and commands go through all the same."""
    desk = prepared(FULL)
    watch(desk)
    with more_rows(desk):
        presses()
    claim = desk.locator("[data-claim]")
    before = claim.count()
    claim.last.click()
    expect(claim).to_have_count(before - 1)


def test_sound_is_blocked(prepared: Callable[[str], Page]) -> None:
    """It stays on the screen as long as the browser keeps the page silent."""
    desk = prepared(MUTE)
    expect(desk.get_by_text("声音已被浏览器静音")).to_be_visible()
    watch(desk)
    expect(desk.get_by_text("声音已被浏览器静音")).to_be_visible()
    assert axe_faults(desk) == []


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


@dataclass(frozen=True)
class Heard:
    """What the desk says of an alarm that is in no incident yet."""

    lang: str
    watch: str
    connected: str
    hush: str
    alone: str
    numbers: str
    home: int


@pytest.mark.parametrize("words", [
    Heard("zh-CN", "开始值守", "已连接", "静音 20 秒", "请先给老人打电话", "档案电话", 40),
    Heard("en", "Start the watch", "Connected", "Silence for 20 s", "telephone her first", "Numbers", 42),
], ids=["zh", "en"])  # fmt: skip
def test_dispatch_is_away_and_the_desk_rings(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None], words: Heard
) -> None:
    """Who calls and where is drawn and rings; what a person can do is said; the incident takes its place."""
    desk = open_page("desk1", 1366, 768, words.lang)
    desk.get_by_role("button", name=words.watch, exact=True).click()
    expect(desk.get_by_role("status").filter(has_text=words.connected).first).to_be_visible(timeout=30_000)
    home = instance.demo["devices"][words.home]
    button, before = Button(instance.demo, home), rows(desk)
    with frozen(instance, "dispatch"):
        button.press()
        heard = desk.locator("[data-heard]")
        expect(heard).to_have_count(1)
        expect(heard.locator(".place")).not_to_be_empty()
        expect(desk.get_by_role("button", name=words.hush)).to_be_visible()
        expect(heard).to_contain_text(words.alone, timeout=10_000)
        numbers = heard.get_by_role("link", name=words.numbers)
        assert numbers.get_attribute("href") == f"/board#people/{home['elder']}"
        expect(desk.locator(".notices").filter(has_text=home["id"])).to_have_count(0)
        shoot(desk, f"desk-heard-{words.lang[:2]}")
        stands_at_a_desk(desk)
    expect(heard).to_have_count(0, timeout=45_000)
    expect(desk.locator("[data-row]")).to_have_count(before + 1, timeout=45_000)
    button.client.disconnect()
