"""A failure that nobody can put right alone bears a number, and the log has that number and no word of the person's."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.api import problems
from services.gateway.api.guard import Guard
from services.gateway.api.problems import ProblemError


async def ask(method: str, path: str, **headers: str) -> dict[str, Any]:
    """The problem from an application whose one endpoint fails in a chosen way."""
    app = FastAPI()
    problems.install(app)

    @app.get("/elders/{elder}/{status}")
    def fail(elder: str, status: int) -> None:
        if status == 500:
            raise RuntimeError(elder)
        raise ProblemError(status, "some_code", field="elder")

    app.add_middleware(Guard, origins=())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        problem: dict[str, Any] = (await client.request(method, path, headers=headers)).json()
    return problem


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
async def test_a_failure_has_a_number_that_the_log_knows(caplog: pytest.LogCaptureFixture, status: int) -> None:
    """Two failures have two numbers; the line in the log names the route as declared and nothing that was typed."""
    first, second = [(await ask("GET", f"/elders/13800000000/{status}"))["instance"] for _ in range(2)]
    assert first != second
    assert first.startswith("urn:uuid:")
    lines = [vars(record) for record in caplog.records if record.getMessage() == "request.failed"]
    assert [line["instance"] for line in lines] == [first, second]
    assert {(line["status"], line["method"], line["route"]) for line in lines} == {
        (status, "GET", "/elders/{elder}/{status}")
    }
    assert "13800000000" not in "".join(map(str, lines))


async def test_what_the_guard_refuses_has_one_too(caplog: pytest.LogCaptureFixture) -> None:
    """A foreign origin never reaches a route."""
    problem = await ask("POST", "/elders/a/409", Origin="https://elsewhere.example")
    assert (problem["status"], problem["code"]) == (403, "foreign_origin")
    assert problem["instance"] == vars(caplog.records[-1])["instance"]


@pytest.mark.parametrize("status", [401, 409, 412, 422, 429])
async def test_an_answer_to_act_on_is_no_failure(caplog: pytest.LogCaptureFixture, status: int) -> None:
    """Who was quicker, which field was wrong: said in words, without a number, and not in the log."""
    assert (await ask("GET", f"/elders/a/{status}"))["instance"] is None
    assert not [record for record in caplog.records if record.getMessage() == "request.failed"]
