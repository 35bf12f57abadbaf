"""Who makes accounts, and what they can never see."""

import asyncpg

from deploy.local.keeper import first, let_in_again
from services.gateway.domain.streams import Limits
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, PASSWORD, START, STREET, World, world
from tests.integration.test_accounts import NEW, came, earnest, with_app


async def keeper(it: World, settings: Settings) -> str:
    """The token of the county's security administrator."""
    owner = await asyncpg.connect(settings.owner_database)
    await owner.execute("UPDATE gateway.account SET role = 'security', division = $1 WHERE id = 'elsewhere'", COUNTY)
    await owner.close()
    return await it.log_in("elsewhere")


def card(**more: object) -> dict[str, object]:
    """A new desk of the street."""
    return {"username": "zhou.min", "name": "周敏", "role": "desk", "division": STREET, **more}


async def test_an_account_is_made_and_enters(settings: Settings) -> None:
    """A one-time password opens nothing but its own change, once and for three days."""
    async with world(settings) as it:
        token = await keeper(it, settings)
        made = await it.post("/accounts", token, card())
        assert made.status_code == 201, made.text
        account, password = made.json()["account"], made.json()["password"]
        assert (account["one_time"], account["on_a_case"], account["locked"]) == (True, False, False)
        first = (await came(it, "zhou.min", password)).json()
        assert first["account"]["must"] == "password"
        for path in ("/incidents", "/elders"):
            refused = await it.get(path, first["token"])
            assert (refused.status_code, refused.json()["code"]) == (403, "password_first")
        assert (await it.post("/me/authenticators", first["token"], {"name": "x"})).json()["code"] == "password_first"
        assert (await it.post("/me/password", first["token"], {"old": password, "new": NEW})).status_code == 204
        seat = await it.get("/sessions/current", first["token"])
        assert seat.json()["inboxes"] == [f"u:{account['id']}", f"d:{STREET}"]
        assert (await it.get("/incidents", first["token"])).status_code == 200
        assert (await came(it, "zhou.min", password)).status_code == 401
        again = (await it.post(f"/accounts/{account['id']}/password", token)).json()["password"]
        assert (await it.get("/sessions/current", first["token"])).status_code == 401
        it.clock.advance(72 * 3600)
        assert (await came(it, "zhou.min", again)).status_code == 401


async def test_what_is_wrong_with_an_account_is_named(settings: Settings) -> None:
    """Field by field, and never outside one's own division."""
    async with world(settings) as it:
        token = await keeper(it, settings)
        for given, status, code, field in (
            (card(username="two words"), 422, "invalid_field", "username"),
            (card(role="elder"), 422, "invalid_field", "role"),
            (card(division="1"), 422, "invalid_field", "division"),
            (card(division=OTHER_COUNTY), 409, "outside_division", "division"),
            (card(division="360733999"), 409, "unknown_division", "division"),
            (card(username="desk"), 409, "account_taken", "username"),
            (card(role="responder"), 409, "responder_and_role", "responder"),
            (card(role="responder", responder="R9"), 409, "unknown_responder", "responder"),
            (card(role="responder", responder="R1"), 409, "account_taken", "responder"),
        ):
            answer = await it.post("/accounts", token, given)
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
        assert (await it.post("/accounts/elsewhere/close", token, {})).json()["code"] == "own_account"
        assert (await it.post("/accounts/city/close", token, {})).status_code == 404, "the level above"
        it.clock.advance(16 * 60)
        assert (await it.post("/accounts", token, card())).json()["code"] == "prove_again"


async def test_three_ways_apart(settings: Settings) -> None:
    """Who keeps accounts reads no elder, who audits changes nothing, and neither makes herself anything else."""
    async with world(settings) as it:
        token = await keeper(it, settings)
        await it.city.open("I-1")
        for role in ("auditor", "office"):
            made = (await it.post("/accounts", token, card(username=role, role=role, division=COUNTY))).json()
            entered = (await came(it, role, made["password"])).json()["token"]
            await it.post("/me/password", entered, {"old": made["password"], "new": NEW})
        tokens = [token, *[(await came(it, role, NEW)).json()["token"] for role in ("auditor", "office")]]
        description = (await it.http.get("/api/v1/openapi.json")).json()
        ways = [path.removeprefix("/api/v1") for path, verbs in description["paths"].items() if "get" in verbs]
        reads = [path for path in ways if any(part in path for part in ("elder", "incident", "job", "home", "order"))]
        assert len(reads) > 15
        ids = {"{elder}": "E1", "{incident}": "I-1", "{job}": str(it.city.jobs["I-1"]), "{home}": "H1"}
        for path in reads:
            asked = path
            for name, value in ids.items():
                asked = asked.replace(name, value)
            for one in tokens:
                answer = await it.get(asked, one)
                assert "李" not in answer.text, (asked, answer.text)
                assert "13900000001" not in answer.text, asked
                assert "红旗路" not in answer.text, asked
        for one in tokens[1:]:
            assert (await it.get("/accounts", one)).status_code == 403
            assert (await it.post("/accounts", one, card())).status_code == 403
            claimed = await it.post("/incidents/I-1/claim", one, **{"If-Match": "1"})
            assert claimed.status_code == 403
        assert it.commands == []
        names = [one["username"] for one in (await it.get("/accounts", token)).json()["items"]]
        assert names == ["auditor", "desk", "elsewhere", "fitter", "fitter2", "li", "office", "wang"]
        assert (await it.get("/accounts", token, role="desk", q="DES")).json()["items"][0]["id"] == "desk"


async def test_nobody_is_closed_off_in_the_middle_of_a_case(settings: Settings) -> None:
    """Unless at once; then sessions and sockets end within seconds and the log says by whom."""
    async with world(settings, Limits(session_s=0.05)) as it:
        token, going = await keeper(it, settings), await it.log_in("wang")
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        change = {"name": "王护士", "role": "responder", "division": COUNTY}
        for path in ("close", "sessions/end"):
            held = await it.post(f"/accounts/wang/{path}", token, {})
            assert (held.status_code, held.json()["code"]) == (409, "on_a_case")
        bearer = {"Authorization": f"Bearer {token}"}
        held = await it.http.put("/api/v1/accounts/wang", json=change, headers=bearer)
        assert held.json()["code"] == "on_a_case"
        assert (await it.post("/accounts/wang/password", token)).json()["account"]["sessions"] == 1
        async with it.console(going) as console:
            await console.hear("welcome")
            closed = await it.post("/accounts/wang/close", token, {"at_once": True})
            assert closed.json()["disabled_at"] is not None
            assert await console.closed() == 4410
        assert (await it.get("/sessions/current", going)).status_code == 401
        assert (await came(it, "wang")).json()["code"] == "bad_credentials"
        assert (await it.post("/accounts/wang/reopen", token)).json()["disabled_at"] is None
        owner = await asyncpg.connect(settings.owner_database)
        told = await owner.fetch(
            "SELECT tag, actor FROM log.event WHERE stream = 'account' AND stream_id = 'wang' ORDER BY stream_seq"
        )
        await owner.close()
        tags = ["session.opened", "account.password_reset", "account.closed", "session.refused", "account.reopened"]
        assert [row["tag"] for row in told if row["tag"] != "session.refused"] == [
            tag for tag in tags if tag != "session.refused"
        ]
        assert {row["actor"] for row in told if row["tag"].startswith("account.")} == {"account:elsewhere"}


async def test_a_lock_and_lost_factors_are_undone(settings: Settings) -> None:
    """By the keeper: tries count anew, and a supervisor without her telephone sets up another."""
    async with earnest(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute("UPDATE gateway.account SET role = 'security', division = '' WHERE id = 'elsewhere'")
        await owner.close()
        token = (await came(it, "elsewhere")).json()["token"]
        await with_app(it, token)
        city = (await came(it, "city")).json()["token"]
        await with_app(it, city)
        for _ in range(5):
            await came(it, "city", "guess")
        [line] = (await it.get("/accounts", token, q="city")).json()["items"]
        assert (line["locked"], line["factors"]) == (True, 1)
        bearer = {"Authorization": f"Bearer {token}"}
        unlocked = await it.http.delete("/api/v1/accounts/city/lock", headers=bearer)
        assert unlocked.json()["locked"] is False
        assert (await came(it, "city")).status_code == 202
        reset = await it.http.delete("/api/v1/accounts/city/factors", headers=bearer)
        assert (reset.json()["factors"], reset.json()["sessions"]) == (0, 0)
        assert (await came(it, "city")).json()["account"]["must"] == "factor"


async def test_an_empty_house_has_one_key(settings: Settings) -> None:
    """The first start makes a security administrator, the second none; who lost everything is let in again."""
    async with earnest(settings) as it:
        made = await first(settings.owner_database, START)
        assert made is not None
        assert await first(settings.owner_database, START) is None
        entered = (await came(it, made.username, made.password)).json()
        assert (entered["account"]["must"], entered["account"]["role"]) == ("password", "security")
        given = {"old": made.password, "new": NEW}
        assert (await it.post("/me/password", entered["token"], given)).status_code == 204
        assert (await it.get("/accounts", entered["token"])).json()["code"] == "factor_first"
        await with_app(it, entered["token"])
        assert (await it.post("/accounts", entered["token"], card())).status_code == 201
        again = await let_in_again(settings.owner_database, START)
        assert again is not None
        assert (await it.get("/accounts", entered["token"])).status_code == 401
        assert (await came(it, again.username, again.password)).json()["account"]["must"] == "password"
        assert (await came(it, "desk", PASSWORD)).json()["account"]["must"] is None
