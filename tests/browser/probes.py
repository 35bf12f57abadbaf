"""What every screen must stand: axe finds nothing, targets are large enough."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TARGETS = """
least => [...document.querySelectorAll(
    'button, a[href], input, select, textarea, [role=button], [role=tab], [role=menuitem], summary')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.disabled)
  .filter(e => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .filter(e => !e.classList.contains('skip'))
  .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
  .filter(([, r]) => r.width > 1 && r.height > 1 && (r.width < least - 0.5 || r.height < least - 0.5))
  .map(([e, r]) => `${e.tagName} ${(e.textContent || e.ariaLabel || e.type || '').trim().slice(0, 30)} ` +
                   `${Math.round(r.width)}x${Math.round(r.height)}`)
"""
WIDE = """
() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] : [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 8)
"""
TO_THE_TOP = "() => document.querySelectorAll('*').forEach(e => { if (e.scrollTop) e.scrollTop = 0 })"
DESK_PX = 44


def axe_faults(page: Page) -> list[str]:
    """Faults by WCAG 2.2 A and AA, in words."""
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=wanted).response["violations"]
    return [f"{v['id']}: {n['html'][:120]} {n.get('failureSummary', '')[:200]}" for v in found for n in v["nodes"]]


def small_targets(page: Page, least: int) -> list[str]:
    """Controls smaller than `least` CSS pixels either way."""
    small: list[str] = page.evaluate(TARGETS, least)
    return small


def stands_at_a_desk(page: Page) -> None:
    """Axe finds nothing, and every target is as large as a desk's must be.

    Whatever was scrolled halfway under a head that stays is no small target, so everything is scrolled back first.
    """
    page.evaluate(TO_THE_TOP)
    assert axe_faults(page) == []
    assert small_targets(page, DESK_PX) == []


def faint_words(page: Page) -> list[str]:
    """Words of less contrast than 7:1 (4.5:1 where they are large)."""
    wanted = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
    found = Axe().run(page, options=wanted).response["violations"]
    return [f"{n['html'][:120]} {n.get('failureSummary', '')[:200]}" for v in found for n in v["nodes"]]


def wider_than_the_page(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    wide: list[str] = page.evaluate(WIDE)
    return wide


def moving(page: Page) -> int:
    """How much is in motion."""
    count: int = page.evaluate("() => document.getAnimations().filter(a => a.playState === 'running').length")
    return count
