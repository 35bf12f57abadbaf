"""The circle of fifteen minutes by hour of the week: sampled once an hour, kept for a quarter, closed to neighbours."""

from datetime import timedelta

from services.gateway.flow.circle import KEPT, sample
from shared.contracts.indicators import CircleHours
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, START, STREET, World, world
from tests.integration.test_supervision import DUTY, STOPPED, sql
from tests.integration.test_supervision_figures import ELDER, HOME, as_owner

FAR = f"{OTHER_COUNTY}100"
SUNDAY, MONDAY, TEN, ELEVEN = 7, 1, 10, 11


async def told(it: World, token: str, **where: str) -> dict[tuple[int, int], tuple[int, float | None]]:
    """Samples and share by weekday and hour."""
    answer = await it.get("/supervision/circle", token, **{"from": "2026-11-01", "to": "2026-12-31", **where})
    assert answer.status_code == 200, answer.text
    found = CircleHours.model_validate(answer.json())
    assert found.target_s == 900
    return {(one.weekday, one.hour): (one.samples, one.within) for one in found.hours}


async def test_each_hour_is_sampled_once_and_a_week_is_told(settings: Settings) -> None:
    """Two Sundays at ten, one with somebody on duty; a county nobody serves beside it; a handful is not told."""
    async with world(settings) as it:
        await as_owner(
            settings, ("INSERT INTO dispatch.division VALUES ($1, '邻县', '3607')", OTHER_COUNTY),
            ("INSERT INTO dispatch.division VALUES ($1, '小密乡', $2)", FAR, OTHER_COUNTY),
            (HOME, "H9", FAR), (ELDER, "N1", "H9", FAR, 1950, "", False, None, "home"),
            *[(ELDER, f"C{n}", "H1", STREET, 1950, "", False, None, "home") for n in range(3)],
            *[(ELDER, f"N{n}", "H9", FAR, 1950, "", False, None, "home") for n in range(2, 6)],
        )  # fmt: skip
        await sql(it, STOPPED)
        await sql(it, DUTY, "R1", START)
        whole = Database(settings.gateway_database + "?options=-c%20yl.scope%3D/", name="test", size=1)
        await whole.open()
        try:
            await sample(whole, START + timedelta(minutes=5))
            await sql(it, STOPPED)
            for later in (timedelta(minutes=50), timedelta(hours=1), timedelta(days=7)):
                await sample(whole, START + later)
            desk, city, elsewhere = [await it.log_in(name) for name in ("desk", "city", "elsewhere")]
            ours = {(SUNDAY, TEN): (2, 0.5), (SUNDAY, ELEVEN): (1, 0.0)}
            assert await told(it, desk) == await told(it, desk, division=STREET) == ours
            assert await told(it, city) == {(SUNDAY, TEN): (2, 0.25), (SUNDAY, ELEVEN): (1, 0.0)}
            assert await told(it, elsewhere) == {(SUNDAY, TEN): (2, 0.0), (SUNDAY, ELEVEN): (1, 0.0)}
            assert await told(it, desk, to="2026-11-22") == {(SUNDAY, TEN): (1, 1.0), (SUNDAY, ELEVEN): (1, 0.0)}
            await sql(it, "UPDATE dispatch.elder SET status = 'dead' WHERE id = 'C0'")
            await sample(whole, START + timedelta(days=8))
            assert (await told(it, desk))[MONDAY, TEN] == (1, None)
            for division, status, code in ((COUNTY, 404, "not_found"), (f"{FAR}001", 422, "invalid_field")):
                refused = await it.get("/supervision/circle", elsewhere, division=division)
                assert (refused.status_code, refused.json()["code"]) == (status, code)
            await sample(whole, START + KEPT + timedelta(hours=1))
            assert (SUNDAY, TEN) in await told(it, desk)
            assert (await told(it, desk, to="2026-11-22")) == {(SUNDAY, ELEVEN): (1, 0.0)}
        finally:
            await whole.close()
