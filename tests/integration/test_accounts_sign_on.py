"""An office's own sign-on, with a real provider that can do things wrong."""

import asyncpg
import httpx
import pytest

from shared.runtime.clock import FakeClock
from shared.runtime.settings import Settings
from tests.integration.gateway_world import START, World, world
from tests.integration.sign_on import CLIENT, SECRET, Office, office
from tests.integration.test_accounts import now_of, second, with_app

SSO = "/api/v1/sessions/sso"


async def known_there(settings: Settings, account: str, subject: str) -> None:
    """The security administrator has written down who this is at the office."""
    owner = await asyncpg.connect(settings.owner_database)
    await owner.execute("UPDATE gateway.account SET sso_subject = $2 WHERE id = $1", account, subject)
    await owner.close()


async def through(it: World, there: Office, *, cookies: bool = True) -> httpx.Response:
    """A browser's way there and back; the last answer is ours."""
    start = await it.http.get(SSO)
    assert start.status_code == 303, start.text
    assert start.headers["location"].startswith(there.issuer)
    if not cookies:
        it.http.cookies.clear()
    back = await it.http.get(start.headers["location"])
    return await it.http.get(back.headers["location"])


def signing_on(settings: Settings, there: Office) -> Settings:
    """The gateway's settings."""
    named = {"sso_issuer": there.issuer, "sso_client": CLIENT, "sso_secret": SECRET, "demo": False}
    return Settings(**{**settings.model_dump(), **named})


@pytest.fixture
def clocked() -> FakeClock:
    """A clock for the office before the world has one."""
    return FakeClock(START)


async def test_an_officer_comes_in_by_the_offices_sign_on(settings: Settings, clocked: FakeClock) -> None:
    """Two factors seen there are two factors; one is one, and ours is still asked for."""
    async with office(clocked) as there, world(signing_on(settings, there)) as it:
        assert (await it.http.get("/api/v1/sessions/doors")).json() == {"sso": "统一认证"}
        await known_there(settings, "city", "officer-7")
        entered = await through(it, there)
        assert (entered.status_code, entered.headers["location"]) == (303, "/?via=sso")
        assert (await it.http.get("/api/v1/sessions/current")).json()["username"] == "city"
        token = it.http.cookies["yl_session"]
        it.http.cookies.clear()
        key, _ = await with_app(it, token)
        there.methods = ("pwd",)
        half = await through(it, there)
        place, _, step = half.headers["location"].partition("#step=")
        assert (place, "yl_session" in it.http.cookies) == ("/?via=sso", False)
        it.clock.advance(30)
        assert (await second(it, step, now_of(it, key))).status_code == 201


async def test_without_a_second_factor_anywhere_one_is_set_up_first(settings: Settings, clocked: FakeClock) -> None:
    """As after a password."""
    async with office(clocked) as there, world(signing_on(settings, there)) as it:
        await known_there(settings, "city", "officer-7")
        there.methods = ("pwd",)
        assert (await through(it, there)).headers["location"] == "/?via=sso"
        assert (await it.http.get("/api/v1/incidents")).json()["code"] == "factor_first"


async def test_what_the_office_gets_wrong_opens_nothing(settings: Settings, clocked: FakeClock) -> None:
    """A stranger, another's audience, an old identity, a foreign nonce or name, a stolen answer, a code twice."""
    async with office(clocked) as there, world(signing_on(settings, there)) as it:
        assert (await through(it, there)).headers["location"] == "/?why=sso", "nobody here is called so"
        await known_there(settings, "city", "officer-7")
        lies = {"aud": "another", "iss": "https://evil.example", "nonce": "x", "exp": 1, "at_hash": "x"}
        for name, value in lies.items():
            there.wrong = {name: value}
            assert (await through(it, there)).headers["location"] == "/?why=sso", name
        led = await it.http.get(SSO, headers={"Sec-Fetch-Site": "cross-site"})
        assert led.headers["location"] == "/", "another page's link opens the login, where there is a button for it"
        there.wrong, there.says_it_is = {}, "https://evil.example"
        assert (await it.http.get(SSO)).status_code == 503, "it describes itself as somebody else"
        there.says_it_is = ""
        assert (await through(it, there, cookies=False)).headers["location"] == "/?why=sso", "another browser"
        start = await it.http.get(SSO)
        assert start.headers["location"].startswith(f"{there.issuer}/authorize?")
        back = (await it.http.get(start.headers["location"])).headers["location"]
        assert (await it.http.get(back)).headers["location"] == "/?via=sso"
        assert (await it.http.get(back)).headers["location"] == "/?why=sso", "the same answer twice"
        owner = await asyncpg.connect(settings.owner_database)
        assert await owner.fetchval("SELECT count(*) FROM gateway.session") == 1
        await owner.close()


async def test_a_silent_office_is_said(settings: Settings) -> None:
    """503; and where there is none, there is no such page."""
    async with world(settings.model_copy(update={"sso_issuer": "http://127.0.0.1:9"})) as it:
        assert (await it.http.get(SSO)).status_code == 503
