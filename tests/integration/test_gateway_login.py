"""Who may come in, and how little a refusal tells."""

import openapi_spec_validator
import pytest
from websockets.exceptions import InvalidStatus

from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, PASSWORD, world

LOGIN = "/api/v1/sessions"


async def test_cookie_and_bearer_are_one_session(settings: Settings) -> None:
    """A browser keeps the cookie, everybody else the token; logging out ends both."""
    async with world(settings) as it:
        answer = await it.http.post(LOGIN, json={"username": "desk", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert all(part in cookie for part in ("yl_session=", "HttpOnly", "SameSite=strict"))
        account = (await it.http.get(f"{LOGIN}/current")).json()
        assert account == answer.json()["account"]
        assert account["inboxes"] == ["u:desk", f"d:{COUNTY}"]
        token = answer.json()["token"]
        it.http.cookies.clear()
        assert (await it.get("/sessions/current", token)).status_code == 200
        gone = await it.http.delete(f"{LOGIN}/current", headers={"Authorization": f"Bearer {token}"})
        assert gone.status_code == 204
        assert (await it.get("/sessions/current", token)).json()["code"] == "unauthenticated"


async def test_a_refusal_does_not_tell_what_was_wrong(settings: Settings) -> None:
    """Unknown user and wrong password look the same, and so does the lock after five failures."""
    async with world(settings) as it:
        wrong = [{"username": name, "password": "x"} for name in ("desk", "nobody")]
        first, second = [await it.http.post(LOGIN, json=given) for given in wrong]
        assert first.json() == second.json()
        assert (first.status_code, first.json()["code"]) == (401, "bad_credentials")
        for _ in range(4):
            assert [(await it.http.post(LOGIN, json=given)).status_code for given in wrong] == [401, 401]
        right = {"username": "desk", "password": PASSWORD}
        locked = [await it.http.post(LOGIN, json=given) for given in (right, wrong[1])]
        assert [one.json() for one in locked] == [locked[0].json()] * 2
        assert (locked[0].status_code, locked[0].headers["retry-after"]) == (429, "900")
        it.clock.advance(900)
        assert (await it.http.post(LOGIN, json=right)).status_code == 201


async def test_a_session_ends_after_twelve_hours(settings: Settings) -> None:
    """By our clock, whatever the browser believes."""
    async with world(settings) as it:
        token = await it.log_in("desk")
        it.clock.advance(12 * 3600 - 1)
        assert (await it.get("/sessions/current", token)).status_code == 200
        it.clock.advance(1)
        assert (await it.get("/sessions/current", token)).status_code == 401


async def test_a_ticket_opens_one_socket_within_thirty_seconds(settings: Settings) -> None:
    """Used once, or late, it opens nothing."""
    async with world(settings) as it:
        token = await it.log_in("wang")
        ticket = (await it.post("/ws-tickets", token)).json()["ticket"]
        async with it.console(ticket) as first:
            await first.hear("welcome")
        async with it.console(ticket) as again:
            assert await again.closed() == 4401
        late = (await it.post("/ws-tickets", token)).json()["ticket"]
        it.clock.advance(31)
        async with it.console(late) as console:
            assert await console.closed() == 4401


async def test_another_site_can_neither_write_nor_listen(settings: Settings) -> None:
    """A foreign Origin is refused where a cookie would speak, and at the socket."""
    async with world(settings) as it:
        given = {"username": "desk", "password": PASSWORD}
        foreign = await it.http.post(LOGIN, json=given, headers={"Origin": "https://evil.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
        own = await it.http.post(LOGIN, json=given, headers={"Origin": str(it.http.base_url)})
        assert own.status_code == 201
        with pytest.raises(InvalidStatus):
            async with it.console("x", origin="https://evil.example"):
                pass


async def test_problems_name_the_field(settings: Settings) -> None:
    """RFC 9457, a stable code, the field, and nothing of what was sent."""
    async with world(settings) as it:
        empty = await it.http.post(LOGIN, json={"username": "desk"})
        assert empty.headers["content-type"] == "application/problem+json"
        assert (empty.json()["code"], empty.json()["field"]) == ("missing_field", "password")
        assert (
            await it.http.post(LOGIN, content=b"{", headers={"content-type": "application/json"})
        ).status_code == 400
        token = await it.log_in("desk")
        keyless = await it.post("/incidents/I-1/note", token, {"text": "x"}, **{"Idempotency-Key": ""})
        assert (keyless.status_code, keyless.json()["field"]) == (422, "Idempotency-Key")
        blind = await it.post("/incidents/I-1/claim", token)
        assert (blind.status_code, blind.json()["field"]) == (428, "If-Match")
        empty_note = await it.post("/incidents/I-1/note", token, {"text": ""})
        assert (empty_note.status_code, empty_note.json()["field"]) == (422, "text")
        big = await it.post("/incidents/I-1/note", token, {"text": "x" * 70_000})
        assert (big.status_code, big.json()["code"]) == (413, "too_large")
        assert (await it.get("/nowhere", token)).json()["code"] == "not_found"
        assert it.commands == []


async def test_what_operators_and_browsers_ask(settings: Settings) -> None:
    """Health, figures, the API's description, and headers that keep browsers careful."""
    async with world(settings) as it:
        assert (await it.http.get("/healthz")).json() == {"ok": True}
        assert (await it.http.get("/readyz")).status_code == 200
        status = (await it.http.get("/api/v1/status")).json()
        assert set(status["parts"]) == {"database", "dispatch", "broker", "devices"}
        assert "yinling_gateway_sockets 0" in (await it.http.get("/metrics")).text
        description = (await it.http.get("/api/v1/openapi.json")).json()
        assert description["openapi"].startswith("3.1")
        assert {"/api/v1/offers/{offer}/accept", "/device/v1/alarms"} <= set(description["paths"])
        openapi_spec_validator.validate(description)
        for path in ("/desk", "/healthz", "/api/v1/openapi.json", "/api/v1/nowhere"):
            answer = await it.http.get(path)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
            assert (answer.headers["x-content-type-options"], answer.headers["referrer-policy"]) == (
                "nosniff",
                "no-referrer",
            )
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["content-type"]
        assert (await it.http.request("TRACE", "/healthz")).status_code == 405
        for path in ("/assets/..%2f..%2fpyproject.toml", "/assets/"):
            assert (await it.http.get(path)).status_code == 404, path
