"""Without network: what was pressed is kept, shown and sent in order, and a refusal is told with its reason."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import OpenPage
from tests.browser.field import Job, at_work, button, stand_everybody_down
from tests.browser.probes import axe_faults, small_targets, wider_than_the_page
from tests.instances import Instance

SMALL_COUNTY = True
FULL = """
const put = IDBObjectStore.prototype.put
IDBObjectStore.prototype.put = function (value, key) {
  if (this.name === 'outbox') throw new DOMException('no room', 'QuotaExceededError')
  return put.call(this, value, key)
}
"""
LATER = "pressed => Date.now() - pressed > 5200"
"""What comes sooner after the press counts as sent at once, and bears the server's time alone."""
STEPS = ("en_route", "arrived", "in_service", "completed")
AT_HAND = """
async () => {
  await navigator.serviceWorker.ready
  while (!(await caches.match('/field'))) await new Promise(requestAnimationFrame)
}
"""


@pytest.fixture(autouse=True)
def _free(instance: Instance) -> Iterator[None]:
    yield
    stand_everybody_down(instance)


def steps_sent(job: Job) -> list[str]:
    """Steps of the visit as the platform recorded them; that the phone was lost for a while is no step."""
    told = [e["tag"].removeprefix("assignment.") for e in job.incident()["timeline"]]
    return [one for one in told if one in STEPS]


def recorded(job: Job, *steps: str) -> None:
    """Wait until these are recorded; then they are there once, and nothing waits any more."""
    job.until(f"assignment.{steps[-1]}")
    expect(job.page.locator(".waiting")).to_be_hidden()
    assert steps_sent(job) == list(steps)


@pytest.mark.timeout(180)
def test_a_whole_visit_without_network(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Departed, arrived, met, completed, reloaded meanwhile: everything comes in order once, with the phone's times."""
    job = at_work(instance, open_page, 1)
    page, context = job.page, job.page.context
    page.evaluate(AT_HAND)
    context.set_offline(True)
    # once a step was sent by the page as it was loaded anew, although its context was offline: the door is shut as well
    context.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    for step in ("出发", "我到门口了", "见到老人了"):
        button(page, step).click()
    pressed = page.evaluate("Date.now()")
    page.get_by_text("3 项等网络送出").click()
    expect(page.get_by_text("网络不通。已记在手机里，通了就自动送出。").first).to_be_visible()
    shoot(page, "field-offline-zh")
    assert axe_faults(page) == []
    assert small_targets(page, 48) == []
    assert wider_than_the_page(page) == []
    page.reload()
    expect(page.get_by_text("3 项等网络送出")).to_be_visible()
    expect(button(page, "完成任务")).to_be_enabled()
    assert steps_sent(job) == []
    job.complete()
    expect(page.get_by_text("已记下完成")).to_be_visible()
    page.wait_for_function(LATER, arg=pressed)
    context.unroute("**/api/**")
    context.set_offline(False)
    recorded(job, *STEPS)
    told = {e["tag"]: e["params"] for e in job.incident()["timeline"]}
    assert told["assignment.en_route"]["said_at"] < told["assignment.arrived"]["said_at"]
    job.device.told("arrived")


@pytest.mark.timeout(120)
def test_a_refused_step_is_told_with_its_reason(
    instance: Instance, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    """Meanwhile the desk took everybody off: the step that comes later is refused, said so, and put away by hand."""
    job = at_work(instance, open_page, 2)
    page, context = job.page, job.page.context
    context.set_offline(True)
    button(page, "出发").click()
    expect(page.get_by_text("1 项等网络送出")).to_be_visible()
    job.desk("stand-down", reason="老人自己接了电话")
    context.set_offline(False)
    expect(page.get_by_text("1 项没有被接受")).to_be_visible(timeout=45_000)
    shoot(page, "field-refused-zh")
    assert small_targets(page, 48) == []
    button(page, "再送一次").click()
    expect(page.get_by_text("1 项没有被接受")).to_be_visible()
    button(page, "不送了").click()
    page.get_by_role("group", name="不送“出发”了吗？").get_by_role("button", name="不送了").click()
    expect(page.locator(".waiting")).to_be_hidden()


@pytest.mark.timeout(120)
def test_pressed_by_mistake_is_taken_back_before_it_goes(instance: Instance, open_page: OpenPage) -> None:
    """What has not been sent can be unsaid."""
    job = at_work(instance, open_page, 3)
    page = job.page
    page.context.set_offline(True)
    button(page, "出发").click()
    page.get_by_text("1 项等网络送出").click()
    button(page, "按错了，撤回").click()
    page.get_by_role("group").get_by_role("button", name="不送了").click()
    expect(button(page, "出发")).to_be_visible()
    page.context.set_offline(False)
    assert steps_sent(job) == []


@pytest.mark.timeout(120)
def test_no_room_on_the_phone(instance: Instance, open_page: OpenPage) -> None:
    """It is said in words, the page holds on to it, and it goes all the same."""
    job = at_work(instance, open_page, 4, prepare=lambda context: context.add_init_script(FULL))
    page = job.page
    page.context.set_offline(True)
    button(page, "出发").click()
    page.get_by_text("1 项等网络送出").click()
    expect(page.get_by_text("手机存不下了")).to_be_visible()
    page.context.set_offline(False)
    recorded(job, "en_route")


@pytest.mark.timeout(120)
def test_two_tabs_send_a_step_once(instance: Instance, open_page: OpenPage) -> None:
    """One of them sends; both know when it is done."""
    job = at_work(instance, open_page, 5)
    page, context = job.page, job.page.context
    sent: list[str] = []
    listen_to(context, sent)
    other = context.new_page()
    other.goto(page.url)
    expect(button(other, "出发")).to_be_visible()
    context.set_offline(True)
    button(other, "出发").click()
    expect(page.get_by_text("1 项等网络送出")).to_be_visible()
    sent.clear()
    context.set_offline(False)
    recorded(job, "en_route")
    expect(other.locator(".waiting")).to_be_hidden()
    assert len(set(sent)) == 1


def listen_to(context: BrowserContext, keys: list[str]) -> None:
    """Idempotency keys of every step that is sent."""

    def heard(request: Request) -> None:
        if request.url.endswith("/depart"):
            keys.append(request.headers["idempotency-key"])

    context.on("request", heard)
