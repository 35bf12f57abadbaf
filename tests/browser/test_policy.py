"""The policy that keeps foreign scripts and styles out lets our own screens be as they should."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.instances import Instance

LISTEN = """
window.refused = []
const note = (e) => refused.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`)
addEventListener('securitypolicyviolation', note)
"""
FOREIGN = """
(style) => {
  const one = document.createElement('style')
  one.textContent = 'h1 { outline: 7px solid red !important }'
  if (style) one.nonce = 'guessed'
  document.head.append(one)
  return getComputedStyle(document.querySelector('h1')).outlineWidth
}
"""


def shown(page: Page, address: str) -> None:
    """The screen, as far as it has drawn itself with its own styles."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.parametrize(
    ("account", "paths"),
    [
        ("sup-county", ("supervise", "supervise#times", "supervise#now", "account", "board#events")),
        ("desk1", ("desk", "devices")),
        (None, ("look", "elder", "family", "public-status")),
    ],
)
def test_our_screens_need_nothing_that_is_refused(
    instance: Instance, open_page: OpenPage, account: str | None, paths: tuple[str, ...]
) -> None:
    """Components, charts and pages without a script are styled; a style without the fresh number is not taken."""
    page = open_page(account, 1366, 768)
    page.add_init_script(LISTEN)
    for path in paths:
        shown(page, f"{instance.demo['http']}/{path}")
        assert page.evaluate("refused") == [], path
    if account is not None:
        first = page.locator(".MuiButtonBase-root").first
        assert first.evaluate("(e) => getComputedStyle(e).display") in {"inline-flex", "flex"}
    for guessed in (False, True):
        assert page.evaluate(FOREIGN, guessed) != "7px"
    assert len(page.evaluate("refused")) == 2
