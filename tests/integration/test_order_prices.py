"""What a service costs, on a real database."""

from tests.integration.order_desk import OrderDesk
from tests.integration.test_orders import desk

__all__ = ["desk"]


async def test_a_price_is_put_right_on_the_day_it_begins(desk: OrderDesk) -> None:
    """The last one said counts; what was ordered under the first keeps it."""
    before = await desk.ok("place_order", "E-1", service="meal", **desk.window(3))
    await desk.ok("set_price", "meal", division="360733", since="2026-11-22", cents=1800, subsidy_permille=600)
    after = await desk.ok("place_order", "E-1", service="meal", **desk.window(3))
    price = "SELECT price_cents FROM dispatch.service_order WHERE id = $1"
    assert (await desk.one(price, before["order"]), await desk.one(price, after["order"])) == (1500, 1800)
    assert await desk.one("SELECT count(*) FROM dispatch.price WHERE service = 'meal'") == 2
