"""The doors: foreign pages, cookies, headers, floods, and secrets that anybody could guess."""

from typing import Any

import pytest

from services.gateway.domain.rates import BURST, OFFICE, PER_S, Rates
from shared.runtime.secrets import WeakSecretError
from shared.runtime.settings import Settings
from tests.integration.gateway_world import PASSWORD, world

LOGIN = "/api/v1/sessions"
GIVEN = {"username": "desk", "password": PASSWORD}


async def test_over_tls_cookies_and_headers_are_of_the_strict_kind(settings: Settings) -> None:
    """`__Host-` and Secure, HSTS, and sockets to our own host alone."""
    async with world(settings.model_copy(update={"secure_cookies": True})) as it:
        answer = await it.http.post(LOGIN, json=GIVEN)
        session, browser = answer.headers.get_list("set-cookie")
        for part in ("__Host-yl_session=", "HttpOnly", "Secure", "SameSite=strict", "Path=/;"):
            assert part in session, part
        assert "Domain" not in session
        for part in ("__Secure-yl_browser=", "HttpOnly", "Secure", "SameSite=strict", f"Path={LOGIN}"):
            assert part in browser, part
        token = answer.json()["token"]
        for cookie, status in ((f"__Host-yl_session={token}", 200), (f"yl_session={token}", 401)):
            it.http.cookies.clear()
            assert (await it.http.get(f"{LOGIN}/current", headers={"Cookie": cookie})).status_code == status
        own = str(it.http.base_url).split("//")[1]
        policy = answer.headers["content-security-policy"]
        assert f"connect-src 'self' ws://{own} wss://{own};" in policy
        assert "'unsafe" not in policy
        assert "script-src" not in policy, "scripts come from ourselves alone, as default-src says"
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert answer.headers["cache-control"] == "no-store"
        odd = await it.http.get("/healthz", headers={"Host": "evil.example; script-src *"})
        assert "evil" not in odd.headers["content-security-policy"]


async def test_another_page_can_do_nothing_with_a_cookie(settings: Settings) -> None:
    """By its origin, or, where a browser sends none, by what it says of where the request was made."""
    async with world(settings) as it:
        await it.http.post(LOGIN, json=GIVEN)
        for headers in (
            {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        ):  # fmt: skip
            for method, path in (("POST", "/api/v1/ws-tickets"), ("DELETE", f"{LOGIN}/current")):
                refused = await it.http.request(method, path, headers=headers)
                assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin"), headers
        assert (
            "access-control-allow-origin"
            not in (await it.http.get(f"{LOGIN}/current", headers={"Origin": "https://evil.example"})).headers
        )
        assert (await it.http.post("/api/v1/ws-tickets")).status_code == 201


async def test_a_flood_is_slowed_and_alarms_are_not(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One caller's allowance is hers alone; the second path of a button has none to use up."""
    monkeypatch.setattr("services.gateway.domain.rates.BURST", 20)
    monkeypatch.setattr("services.gateway.domain.rates.PER_S", 0.001)
    async with world(settings) as it:
        token, other = await it.log_in("desk"), await it.log_in("wang")
        assert (await it.get("/sessions/current", token)).status_code == 200, "from here on it is known for a session"
        codes = [(await it.get("/sessions/current", token)).status_code for _ in range(25)]
        assert codes == [200] * 20 + [429] * 5
        slowed = await it.get("/sessions/current", token)
        assert (slowed.json()["code"], slowed.headers["retry-after"]) == ("too_many_requests", "1")
        assert (await it.get("/sessions/current", other)).status_code == 200
        pressed = [(await it.http.post("/device/v1/alarms", content=b"{}")).status_code for _ in range(30)]
        assert 429 not in pressed


async def test_a_flood_gets_no_further_by_saying_other_names(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cookies and tokens that are no session count for the address, whatever they say; a seat there goes on."""
    monkeypatch.setattr("services.gateway.domain.rates.BURST", 20)
    monkeypatch.setattr("services.gateway.domain.rates.PER_S", 0.001)
    async with world(settings) as it:
        token = await it.log_in("desk")
        assert (await it.get("/sessions/current", token)).status_code == 200
        it.http.cookies.clear()
        named: list[dict[str, str]] = [
            *({"Cookie": f"yl_session=x{n}"} for n in range(60)),
            *({"Cookie": f"other={n}"} for n in range(60)),
            *({"Authorization": f"Bearer x{n}"} for n in range(60)),
        ]
        codes = [(await it.http.get(f"{LOGIN}/current", headers=headers)).status_code for headers in named]
        assert codes == [401] * (20 * OFFICE - 2) + [429] * (len(named) - 20 * OFFICE + 2)
        assert (await it.get("/sessions/current", token)).status_code == 200


def test_an_allowance_comes_back_and_is_bounded() -> None:
    """A burst, then so many a second; those who ask least are forgotten first."""
    rates = Rates()
    assert sum(rates.allow(1, 0.0) for _ in range(int(BURST) + 50)) == BURST
    assert sum(rates.allow(1, 1.0) for _ in range(1000)) == PER_S
    assert rates.allow(2, 1.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service_secret", "changeme-changeme-changeme"),
        ("gateway_database", "postgresql://yl_gateway:yinling@127.0.0.1/yinling"),
        ("mqtt_password", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("device_key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ],
)
def test_nothing_starts_with_a_secret_that_can_be_guessed(name: str, value: str) -> None:
    """Outside the demo; the refusal names the variable and not the secret."""
    given: dict[str, Any] = {name: value}
    with pytest.raises(WeakSecretError, match=f"YINLING_{name.upper()}") as refused:
        Settings(**given).guard()
    assert value not in str(refused.value)
    Settings(**given, demo=True).guard()
    Settings(service_secret="q7W-zX2m9LrTf4Kp0uYbN8sE").guard()
