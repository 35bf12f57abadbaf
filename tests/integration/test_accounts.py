"""Second factors, one's own sessions, and who is never thrown out."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import httpx
import pytest

from services.gateway.accounts import totp
from services.gateway.domain.streams import Limits
from shared.runtime.settings import Settings
from tests.integration.authenticator import Telephone
from tests.integration.gateway_world import PASSWORD, World, world

LOGIN = "/api/v1/sessions"
NEW = "Kranich-27-Ofenrohr"


@asynccontextmanager
async def earnest(settings: Settings, limits: Limits | None = None) -> AsyncIterator[World]:
    """The county as it is run for real: no demo."""
    async with world(settings.model_copy(update={"demo": False}), limits) as it:
        yield it


async def came(it: World, username: str, password: str = PASSWORD, **cookies: str) -> httpx.Response:
    """What a login is answered with."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    answer = await it.http.post(LOGIN, json={"username": username, "password": password}, headers=headers)
    it.http.cookies.clear()
    return answer


async def with_app(it: World, token: str) -> tuple[bytes, list[str]]:
    """Add an authenticator: its key, and the recovery codes."""
    made = (await it.post("/me/authenticators", token, {"name": "我的手机"})).json()
    key = base64.b32decode(made["key"])
    done = await it.post(f"/me/authenticators/{made['factor']}/confirm", token, {"code": now_of(it, key)})
    assert done.status_code == 200, done.text
    return key, done.json()["codes"]


def now_of(it: World, key: bytes) -> str:
    """What the app shows."""
    return totp.digits(key, int(it.clock.now().timestamp()) // totp.PERIOD_S)


async def second(it: World, step: str, code: str) -> httpx.Response:
    """The other half of a login."""
    answer = await it.http.post(f"{LOGIN}/second", json={"step": step, "code": code})
    it.http.cookies.clear()
    return answer


async def test_a_supervisor_needs_two_factors(settings: Settings) -> None:
    """Without a second one a login opens nothing but the way to one; with it, digits count once and codes too."""
    async with earnest(settings) as it:
        first = await came(it, "city")
        assert (first.status_code, first.json()["account"]["must"]) == (201, "factor")
        token = first.json()["token"]
        refused = await it.get("/incidents", token)
        assert (refused.status_code, refused.json()["code"]) == (403, "factor_first")
        async with it.console(token) as console:
            assert await console.closed() == 4401
        key, codes = await with_app(it, token)
        assert (await it.get("/incidents", token)).status_code == 200
        half = await came(it, "city")
        assert (half.status_code, half.json()["methods"]) == (202, ["totp", "recovery"])
        assert "set-cookie" not in half.headers
        step = half.json()["step"]
        used = await second(it, step, now_of(it, key))
        assert (used.status_code, used.json()["code"]) == (401, "bad_credentials"), "the digits of the setting-up"
        it.clock.advance(30)
        opened = await second(it, step, now_of(it, key))
        assert (opened.status_code, opened.json()["account"]["must"]) == (201, None)
        assert (await second(it, step, now_of(it, key))).status_code == 401
        for expected in (201, 401):
            half = (await came(it, "city")).json()
            assert (await second(it, half["step"], codes[0].upper())).status_code == expected


async def test_five_wrong_digits_end_a_login(settings: Settings) -> None:
    """And count as failures of the account, whoever knows its password."""
    async with earnest(settings) as it:
        token = (await came(it, "city")).json()["token"]
        key, _ = await with_app(it, token)
        it.clock.advance(30)
        step = (await came(it, "city")).json()["step"]
        for _ in range(5):
            assert (await second(it, step, "000000")).status_code == 401
        assert (await second(it, step, now_of(it, key))).status_code == 401
        assert (await came(it, "city")).status_code == 429


async def test_a_passkey_is_both_factors(settings: Settings) -> None:
    """It opens a session by itself; another page, another challenge, an unasked owner or an old counter do not."""
    async with earnest(settings) as it:
        token = (await came(it, "city")).json()["token"]
        origin = str(it.http.base_url)
        phone = Telephone(origin, "127.0.0.1")
        asked = (await it.post("/me/passkey-options", token)).json()
        given = {"step": asked["step"], "credential": phone.make(asked["options"]), "name": "手机"}
        assert (await it.post("/me/passkeys", token, {**given, "name": "\n"})).json()["field"] == "name"
        made = await it.post("/me/passkeys", token, given)
        assert (made.status_code, len(made.json()["codes"])) == (201, 10)
        assert (await it.post("/me/passkeys", token, given)).status_code == 401

        async def shown(by: Telephone, challenge: str | None = None) -> httpx.Response:
            asked = (await it.http.post(f"{LOGIN}/passkey-options")).json()
            options = asked["options"] | ({"challenge": challenge} if challenge else {})
            answer = {"step": asked["step"], "credential": by.show(options)}
            return await it.http.post(f"{LOGIN}/passkey", json=answer)

        for wrong in (
            replace(phone, origin="https://evil.example", counter=5),
            replace(phone, host="evil.example", counter=5),
            replace(phone, asks_owner=False, counter=5),
            Telephone(origin, "127.0.0.1", counter=5),
        ):
            assert (await shown(wrong)).status_code == 401
        assert (await shown(phone, "AAAA")).status_code == 401
        copy = replace(phone)
        opened = await shown(phone)
        assert (opened.status_code, opened.json()["account"]["username"]) == (201, "city")
        assert (await shown(copy)).status_code == 401, "a copy counts from the start"
        assert (await came(it, "city")).json()["methods"] == ["passkey", "recovery"]


async def test_ones_own_page(settings: Settings) -> None:
    """Factors come and go after a fresh password only; the last one stays where the role needs one."""
    async with earnest(settings) as it:
        token = (await came(it, "city")).json()["token"]
        await with_app(it, token)
        it.clock.advance(16 * 60)
        stale = await it.post("/me/authenticators", token, {"name": "x"})
        assert (stale.status_code, stale.json()["code"]) == (403, "prove_again")
        assert (await it.post("/sessions/current/proof", token, {"password": "wrong"})).status_code == 401
        assert (await it.post("/sessions/current/proof", token, {"password": PASSWORD})).status_code == 204
        own = (await it.get("/me/security", token)).json()
        assert (own["proved"], own["needs_factor"], own["recovery_left"]) == (True, True, 10)
        factor = own["factors"][0]["id"]
        bearer = {"Authorization": f"Bearer {token}"}
        last = await it.http.delete(f"/api/v1/me/factors/{factor}", headers=bearer)
        assert (last.status_code, last.json()["code"]) == (409, "last_factor")
        await with_app(it, token)
        assert (await it.http.delete(f"/api/v1/me/factors/{factor}", headers=bearer)).status_code == 204
        again = (await it.post("/me/recovery-codes", token)).json()["codes"]
        assert {len(code.replace("-", "")) for code in again} == {24}, "118 bits"
        assert len(set(again)) == 10
        assert [one["kind"] for one in (await it.get("/me/security", token)).json()["factors"]] == ["totp"]


async def test_a_password_of_ones_own(settings: Settings) -> None:
    """Short, common and one's own name are refused by name; a change ends every other session within seconds."""
    async with earnest(settings, Limits(session_s=0.05)) as it:
        here, there = (await came(it, "desk")).json()["token"], (await came(it, "desk")).json()["token"]
        for new, why in (("short", "short"), ("password1234", "common"), ("yinlingdesk", "common")):
            weak = await it.post("/me/password", here, {"old": PASSWORD, "new": new})
            assert (weak.status_code, weak.json()["field"], weak.json()["params"]["why"]) == (422, "new", why)
        assert (await it.post("/me/password", here, {"old": "wrong", "new": NEW})).status_code == 401
        async with it.console(there) as console:
            await console.hear("welcome")
            assert (await it.post("/me/password", here, {"old": PASSWORD, "new": NEW})).status_code == 204
            assert await console.closed() == 4410
        assert [(await it.get("/sessions/current", one)).status_code for one in (here, there)] == [200, 401]
        assert (await came(it, "desk")).status_code == 401
        assert (await came(it, "desk", NEW)).status_code == 201


async def test_sessions_are_seen_and_ended(settings: Settings) -> None:
    """One, or all others; a long poll that waits is not answered any more."""
    async with world(settings) as it:
        here, there, third = [await it.log_in("wang") for _ in range(3)]
        lines = (await it.get("/sessions", here)).json()["items"]
        assert [one["current"] for one in lines].count(True) == 1
        assert len(lines) == 3
        assert not any(here in str(one) for one in lines)
        await it.city.open("I-1")
        at = (await it.get("/inbox/u:wang/events", there)).json()
        position = {"after": at["head"], "epoch": at["epoch"]}
        waiting = asyncio.create_task(it.get("/inbox/u:wang/events", there, wait=5, **position))
        ids = {one["id"] for one in (await it.get("/sessions", there)).json()["items"] if one["current"]}
        mine = {"Authorization": f"Bearer {here}"}
        assert (await it.http.delete(f"{LOGIN}/{ids.pop()}", headers=mine)).status_code == 204
        await it.city.offer("I-1", "R1")
        assert (await waiting).status_code == 401
        assert (await it.http.delete(f"{LOGIN}/{'0' * 24}", headers=mine)).status_code == 404
        assert (await it.http.delete(f"{LOGIN}/others", headers=mine)).status_code == 204
        assert [(await it.get("/sessions/current", one)).status_code for one in (here, third)] == [200, 401]


async def test_nobody_is_thrown_out_while_on_a_case(settings: Settings) -> None:
    """A session that is over goes on for who goes to an elder and for the seat that has taken her; then it ends."""
    async with world(settings, Limits(session_s=0.05)) as it:
        going, idle, desk = [await it.log_in(name) for name in ("wang", "li", "desk")]
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        taken = ("UPDATE dispatch.incident SET taken_by = 'desk' WHERE id = 'I-1'",)
        await it.city.write(it.city.event("I-1", "incident.taken"), sql=(taken,))
        async with it.console(going) as console:
            await console.hear("welcome")
            it.clock.advance(12 * 3600 + 1)
            codes = [(await it.get("/sessions/current", one)).status_code for one in (going, idle, desk)]
            assert codes == [200, 401, 200]
            await it.city.write(
                it.city.event("I-1", "assignment.completed"),
                sql=(
                    ("UPDATE dispatch.assignment SET state = 'completed'",),
                    ("UPDATE dispatch.incident SET state = 'closed'",),
                ),
            )
            it.clock.advance(3601)
            assert await console.closed() == 4401
        assert [(await it.get("/sessions/current", one)).status_code for one in (going, desk)] == [401, 401]


async def test_strangers_who_guess_lock_nobody_out(settings: Settings) -> None:
    """Her own browser has a count of its own; on a case no lock holds, only the slow wall of an address."""
    async with world(settings) as it:
        browser = (await came(it, "wang")).cookies["yl_browser"]
        for _ in range(5):
            assert (await came(it, "wang", "guess")).status_code == 401
        assert (await came(it, "wang")).status_code == 429
        assert (await came(it, "wang", yl_browser=browser)).status_code == 201
        assert (await came(it, "wang", yl_browser="made-up")).status_code == 429
        for _ in range(5):
            assert (await came(it, "li", "guess")).status_code == 401
        assert (await came(it, "li")).status_code == 429
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R2")
        await it.city.accept("I-1", "R2", offer)
        assert (await came(it, "li")).status_code == 201


async def test_a_thousand_guesses_open_nothing(settings: Settings) -> None:
    """Many names, many passwords: no session, and the log counts every try at a real account."""
    async with world(settings) as it:
        answers: list[httpx.Response] = []
        for number in range(100):
            names = ("desk", "city", "wang", "li", "elsewhere", "fitter", "fitter2", "root", "admin", "postgres")
            answers += await asyncio.gather(*(came(it, name, f"Guess-{number}") for name in names))
        assert {one.status_code for one in answers} == {401, 429}
        owner = await asyncpg.connect(settings.owner_database)
        try:
            assert await owner.fetchval("SELECT count(*) FROM gateway.session") == 0
            assert await owner.fetchval("SELECT count(*) FROM log.event WHERE tag = 'session.refused'") == 7 * 5
            bodies = await owner.fetch("SELECT body::text AS body FROM log.event WHERE stream = 'account'")
            assert not any("Guess" in row["body"] or "127.0.0.1" in row["body"] for row in bodies)
        finally:
            await owner.close()


@pytest.mark.parametrize("path", ["/me/security", "/sessions"])
async def test_an_idle_book_keeper_is_logged_out(settings: Settings, path: str) -> None:
    """Half an hour: nobody waits for an alarm there. A desk may lie still a whole night."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute("UPDATE gateway.account SET role = 'auditor' WHERE id = 'elsewhere'")
        await owner.close()
        auditor, desk = await it.log_in("elsewhere"), await it.log_in("desk")
        it.clock.advance(29 * 60)
        assert (await it.get(path, auditor)).status_code == 200
        it.clock.advance(31 * 60)
        assert [(await it.get(path, one)).status_code for one in (auditor, desk)] == [401, 200]
