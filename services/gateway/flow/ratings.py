"""Ratings and call-backs of a division over a period: what was thought of it, by whom it was done or when."""

from datetime import datetime
from typing import Any

from services.gateway.domain import ratings as it
from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.store import ratings as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

DEFINITION = {
    "zh": "评价：家属对求助和上门服务、老人对上门服务打的星，按最后一次打星的时间；回访时老人打的星，按结案时间。"
    "满意为4星和5星。回访：求助后的按应回访时间，上门服务后的按服务完成时间，已做的按结果计；一切都好或已回访为好。"
    "求助之后不请老人打星，只问平安。一次求助归第一个到门口的人所在的服务商，没有服务商的另列一行。"
    "不足5件的行并入“其余”，不足5件的合计不示。占比附95%置信区间（Wilson）。",
    "en": "Ratings: stars given by families to calls for help and visits, and by elders to visits, by when they last "
    "gave them; by elders when called back, by when that closed the visit. Content are 4 and 5 stars. Call-backs that "
    "were made, by how they ended: after calls for help by when they fell due, after visits by when those were done; "
    "good is who was well or was reached. After a call for help nobody is asked for stars, only how she is. A call "
    "belongs to the provider of whoever was at the door first; what has none is a line of its own. Lines of fewer than "
    "five are merged into the rest, a whole of fewer than five is not told. Shares have an interval of 95 % (Wilson).",
}


async def ratings(
    database: Database, who: Identity, code: Division, by: str, since: datetime, until: datetime, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """Both tables, by `provider`, `month` or `source`. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    # a county's people go to every street of it, so whose they are is seen from the caller's own scope
    async with areas.looking(database, who.scope) as connection:
        rated = await store.rated(connection, by, (since, until), code)
        called = await store.called(connection, by, (since, until), code)
        names = await store.names(connection, [*rated, *called]) if by == "provider" else {}
    return {
        **area.told(), "since": since, "until": until, "as_of": now, "by": by,
        "ratings": it.table(rated, names, it.STARS, it.CONTENT),
        "call_backs": it.table(called, names, it.RESULTS, it.WELL), "definition": DEFINITION,
    }  # fmt: skip
