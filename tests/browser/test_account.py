"""The accounts of a county, as people set them up in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

PASSWORD = "yinling"
NEW = "Kranich-27-Ofenrohr"


def log_in(page: Page, username: str, password: str) -> None:
    """With a password."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_an_account_is_made_and_its_owner_comes_in(open_page: OpenPage) -> None:
    """The keeper sees a one-time password once; its owner sets her own and is at her desk."""
    keeper = open_page("security", 1366, 768)
    keeper.wait_for_url(re.compile("/account"))
    keeper.get_by_role("button", name="新建账号").click()
    keeper.get_by_label("用户名", exact=False).last.fill("zhou.min")
    keeper.get_by_label("姓名", exact=False).last.fill("周敏")
    keeper.get_by_label("区划代码").fill("360733")
    keeper.get_by_role("button", name="保存").click()
    password = (keeper.locator("p.password").text_content() or "").strip()
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    keeper.get_by_role("button", name="知道了").click()
    keeper.get_by_label("用户名或姓名").fill("zhou")
    expect(keeper.get_by_role("listitem").filter(has_text="周敏")).to_contain_text("待改密码")
    hers = open_page(None, 1366, 768)
    log_in(hers, "zhou.min", password)
    hers.wait_for_url(re.compile("/account"))
    expect(hers.get_by_text("您用的是一次性密码")).to_be_visible()
    hers.get_by_label("现在的密码").fill(password)
    hers.get_by_label("新密码").fill("password12")
    hers.get_by_role("button", name="保存").click()
    expect(hers.get_by_role("alert")).to_contain_text("太容易被猜到")
    hers.get_by_label("新密码").fill(NEW)
    hers.get_by_role("button", name="保存").click()
    hers.get_by_role("link", name="回到工作页面").first.click()
    hers.wait_for_url(re.compile("/desk"))
    expect(hers.locator("main")).to_be_visible()
