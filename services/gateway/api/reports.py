"""Response times, the incidents behind them, and what they mean."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.gateway.api.door import NO_NUL, Cursor, Json, Limit, Overseer, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.response_times import Question, period
from services.gateway.domain.response_times import question as about
from services.gateway.domain.sketch import TARGETS
from services.gateway.flow.commands import MissingError
from services.gateway.reports import answers, behind
from services.gateway.reports.behind import Pick
from services.gateway.reports.definitions import definitions
from shared.contracts import reports
from shared.vocabulary.divisions import BadDivisionError, Division, covers, division

router = APIRouter(prefix="/reports", tags=["reports"])

When = Annotated[str, Query(max_length=40, pattern=NO_NUL)]
Text = Annotated[str | None, Query(max_length=100, pattern=NO_NUL)]


class Only:
    """Only incidents with these values."""

    def __init__(
        self, kind: Text = None, priority: Annotated[int | None, Query(ge=1, le=4)] = None,
        cls: Annotated[str | None, Query(pattern="^(own|relayed)$")] = None, model: Text = None,
        provider: Text = None, responder: Text = None, hour: Annotated[int | None, Query(ge=0, le=23)] = None,
        weekday: Annotated[int | None, Query(ge=1, le=7)] = None,
        month: Annotated[str | None, Query(pattern=r"^[0-9]{4}-[0-9]{2}$")] = None,
        day: Annotated[str | None, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = None,
        settlement: Annotated[str | None, Query(pattern="^(urban|town|rural|other)$")] = None,
    ) -> None:  # fmt: skip
        """What was given, as text."""
        given = {
            "kind": kind, "priority": priority, "cls": cls, "model": model, "provider": provider,
            "responder": responder, "hour": hour, "weekday": weekday, "month": month, "day": day,
            "settlement": settlement,
        }  # fmt: skip
        self.values = {name: str(value) for name, value in given.items() if value is not None}


async def question(
    who: Overseer, door: TheDoor, only: Annotated[Only, Depends()],
    place: Annotated[str | None, Query(alias="division", max_length=12, pattern=NO_NUL)] = None,
    since: Annotated[When, Query(alias="from")] = "", until: Annotated[When, Query(alias="to")] = "",
    by: reports.Grouping | None = None,
) -> Question:  # fmt: skip
    """What is asked, within the caller's own division. 403 `out_of_scope`, 404 for a division nobody knows."""
    over = period(since, until, door.clock.now())
    asked = about(_division(place, who.division), over, by, only.values)
    if asked.division != who.division and not await answers.known(door.database, who, asked.division):
        raise MissingError("division", field="division")
    return asked


def _division(given: str | None, own: Division) -> Division:
    if not given:
        return own
    try:
        code = division(given)
    except BadDivisionError:
        raise ProblemError(422, "invalid_field", field="division") from None
    if not covers(own, code):
        raise ProblemError(403, "out_of_scope", field="division", params={"own": own})
    return code


Asked = Annotated[Question, Depends(question)]


@router.get("/response-times", response_model=reports.ResponseTimes)
async def response_times(who: Overseer, door: TheDoor, asked: Asked) -> Response:
    """How long each stage took from the press on: percentiles, shares within target, by whatever is asked.

    `from` and `to` are dates (both included, Asia/Shanghai) or instants (`to` not included); the last thirty days
    without them. 422 `period_reversed`, `period_too_long` (over ten years), `too_wide` (above a county, a question that
    only the incidents themselves can answer, and more than 200,000 of them).
    """
    return Json(await answers.response_times(door.database, who, asked))


@router.get("/incidents", response_model=reports.CountedIncidents)
async def incidents(
    who: Overseer,
    door: TheDoor,
    asked: Asked,
    value: Annotated[list[Annotated[str, Query(max_length=100, pattern=NO_NUL)]] | None, Query(max_length=500)] = None,
    stage: reports.StageName | None = None,
    late: Annotated[int | None, Query(description="One of the stage's targets, in seconds.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """The incidents behind a figure: of the same question, of one line (`by` and `value`), at a stage, past a target.

    The newest first. An office that reads no elders gets them without names.
    """
    if late is not None and late not in {seconds for seconds, _ in TARGETS.get(stage or "", ())}:
        raise ProblemError(422, "invalid_field", field="late")
    pick = Pick(tuple(value or ()) if asked.by else (), stage, late)
    return Json(await behind.incidents(door.database, who, asked, pick, _after(cursor), limit))


def _after(cursor: str) -> behind.After | None:
    at, _, incident = cursor.partition("~")
    try:
        return (datetime.fromisoformat(at).astimezone(UTC), incident) if cursor else None
    except (ValueError, OverflowError):
        raise ProblemError(422, "invalid_field", field="cursor") from None


@router.get("/definitions", response_model=reports.Definitions)
async def meanings(_: Overseer) -> Response:
    """What each figure means, what is left out and how percentiles are reckoned."""
    return Json(definitions())
