"""The accounts of a county and one's own second factors, as people set them up in a browser."""

import base64
import re
from typing import Any

from playwright.sync_api import Page, expect

from services.gateway.accounts import totp
from shared.runtime.clock import SystemClock
from tests.browser.conftest import OpenPage
from tests.instances import Instance

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


def with_a_key(page: Page) -> None:
    """A telephone that makes passkeys and asks its owner."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    kind: dict[str, Any] = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": kind})


def log_out(page: Page) -> None:
    """From the page of one's account."""
    page.get_by_role("button", name="设置").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()


def digits(key: str) -> str:
    """What an authenticator with this key shows now."""
    return totp.digits(base64.b32decode(key), int(SystemClock().now().timestamp()) // totp.PERIOD_S)


def test_an_authenticator_and_a_passkey(instance: Instance, open_page: OpenPage) -> None:
    """Set up on one's own page, they let her in; recovery codes are shown once."""
    home = instance.demo["http"].replace("127.0.0.1", "localhost")
    page = open_page(None, 1366, 768, url=home)
    with_a_key(page)
    log_in(page, "sup-street", PASSWORD)
    page.wait_for_url(re.compile("/desk"))
    page.goto(f"{home}/account")
    page.get_by_role("button", name="添加验证器").click()
    page.get_by_role("button", name="下一步").click()
    key = (page.locator("code.key").text_content() or "").replace(" ", "")
    expect(page.get_by_alt_text("验证器的二维码")).to_be_visible()
    page.get_by_label("验证器显示的 6 位数字").fill(digits(key))
    page.get_by_role("button", name="确认").click()
    codes = page.locator("ol.codes li")
    expect(codes).to_have_count(10)
    code = (codes.first.text_content() or "").strip()
    page.get_by_role("button", name="知道了").click()
    page.get_by_role("button", name="添加通行密钥").click()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("section", has_text="第二重验证").get_by_role("listitem")).to_have_count(2)
    log_out(page)
    log_in(page, "sup-street", PASSWORD)
    page.get_by_label("动态验证码或恢复码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    page.get_by_label("动态验证码或恢复码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile("/desk"))
    page.goto(f"{home}/account")
    expect(page.get_by_text("还有 9 个恢复码")).to_be_visible()
    log_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile("/desk"))
