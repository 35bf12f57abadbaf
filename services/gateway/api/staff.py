"""Accounts of those who work here: kept by security administrators, and by nobody else."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from services.gateway.api.door import Cursor, Json, Limit, Search, Security, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain import doors
from services.gateway.flow import staff as flow
from services.gateway.flow.staff import Keeper
from shared.contracts import accounts as contract
from shared.contracts.http import Page

router = APIRouter(prefix="/accounts", tags=["accounts"])

Id = Annotated[str, Path(max_length=64)]


def keeper(who: Security, door: TheDoor) -> Keeper:
    """A security administrator at work."""
    return Keeper(door.database, door.accounts.passwords, who, door.clock.now())


def sure(it: Annotated[Keeper, Depends(keeper)]) -> Keeper:
    """One who showed her password a short while ago."""
    if not doors.proved(it.who.proved_at, it.now):
        raise ProblemError(403, "prove_again")
    return it


Reads = Annotated[Keeper, Depends(keeper)]
Keeps = Annotated[Keeper, Depends(sure)]
Role = Annotated[str, Query(pattern=r"^[a-z]{0,20}$")]


@router.get("", response_model=Page[contract.AccountLine])
async def accounts(it: Reads, q: Search = "", role: Role = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Accounts of one's division and of what lies below."""
    return Json(await flow.page(it, q, role, cursor, limit))


@router.post("", response_model=contract.OneTimePassword, status_code=201)
async def make(given: contract.NewAccount, it: Keeps) -> Response:
    """Make an account; its one-time password is shown once."""
    return Json(await flow.make(it, given), 201)


@router.put("/{account}", response_model=contract.AccountLine)
async def change(account: Id, given: contract.AccountChange, it: Keeps) -> Response:
    """Write name, role, division and sign-on. 409 `on_a_case` where rights would change under somebody's feet."""
    return Json(await flow.change(it, account, given))


@router.post("/{account}/close", response_model=contract.AccountLine)
async def close(account: Id, given: contract.Ending, it: Keeps) -> Response:
    """It opens nothing any more. 409 `on_a_case` unless `at_once`."""
    return Json(await flow.close(it, account, at_once=given.at_once))


@router.post("/{account}/reopen", response_model=contract.AccountLine)
async def reopen(account: Id, it: Keeps) -> Response:
    """Open it again."""
    return Json(await flow.reopen(it, account))


@router.post("/{account}/password", response_model=contract.OneTimePassword)
async def reset_password(account: Id, it: Keeps) -> Response:
    """A fresh one-time password, shown once."""
    return Json(await flow.reset_password(it, account))


@router.delete("/{account}/factors", response_model=contract.AccountLine)
async def reset_factors(account: Id, it: Keeps) -> Response:
    """Take every second factor away."""
    return Json(await flow.reset_factors(it, account))


@router.post("/{account}/sessions/end", response_model=contract.AccountLine)
async def end_sessions(account: Id, given: contract.Ending, it: Keeps) -> Response:
    """End every session within 5 s. 409 `on_a_case` unless `at_once`."""
    return Json(await flow.end_sessions(it, account, at_once=given.at_once))


@router.delete("/{account}/lock", response_model=contract.AccountLine)
async def unlock(account: Id, it: Keeps) -> Response:
    """Let it try again at once."""
    return Json(await flow.unlock(it, account))
