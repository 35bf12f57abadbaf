"""Words somebody has typed and not sent: a reload takes none of them."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.instances import Instance

DRAFTS = "() => Object.keys(sessionStorage).filter(key => key.startsWith('yinling.draft '))"


@dataclass(frozen=True)
class Form:
    """Where a form is, what opens it, and a field of it that is written in."""

    account: str
    path: str
    opens: str
    field: str


FORMS = (
    Form("sup-county", "supervise#complaints", "登记投诉", "投诉内容"),
    Form("sup-county", "supervise#hazards", "登记隐患", "整改措施"),
    Form("desk1", "board#events", "新建点名", "名称"),
    Form("sup-county", "devices", "登记设备", "型号"),
)


def field_of(page: Page, form: Form) -> Locator:
    """The field, in the dialog that is opened for it."""
    page.get_by_role("button", name=form.opens, exact=True).first.click()
    return page.get_by_role("dialog").get_by_role("textbox", name=form.field)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path.replace("#", "-"))
def test_what_was_typed_is_there_after_a_reload(instance: Instance, open_page: OpenPage, form: Form) -> None:
    """It is kept in this tab alone, so that nothing else holds it."""
    page = open_page(form.account, 1366, 768)
    page.goto(f"{instance.demo['http']}/{form.path}")
    field_of(page, form).fill("电话里说的一段话")
    page.reload()
    expect(field_of(page, form)).to_have_value("电话里说的一段话")
    assert len(page.evaluate(DRAFTS)) == 1
