"""A division as supervision looks at it: its name, what lies directly below, and the way down to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import child_of
from services.gateway.flow.commands import MissingError
from services.gateway.store import maps
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division, covers, ladder


@dataclass(frozen=True, slots=True)
class Area:
    """A division that the caller may see whole."""

    code: Division
    name: str
    children: tuple[tuple[str, str], ...]
    above: tuple[dict[str, str], ...]

    def told(self) -> dict[str, Any]:
        """As every answer begins."""
        return {"division": self.code, "name": self.name, "above": self.above}

    def divisions(self) -> list[dict[str, str]]:
        """The division itself and those directly below, by `code` and `name`."""
        return [{"code": code, "name": name} for code, name in ((self.code, self.name), *self.children)]

    def parts(self) -> dict[str, str]:
        """Names of the divisions directly below by code; last, the division itself for what belongs to none."""
        return {**dict(self.children), self.code: self.name}

    def part_of(self, code: str) -> str:
        """Which of `parts` a code belongs to."""
        return child_of([child for child, _ in self.children], self.code)(code)


async def of(database: Database, who: Identity, code: Division) -> Area:
    """A division in the caller's scope; MissingError beyond it. The own one may be on no list, as the whole cell is."""
    if not covers(who.scope, code):
        raise MissingError("division", field="division")
    found = await known(database, code)
    if found is None and code != who.division:
        raise MissingError("division", field="division")
    async with database.reading(code) as connection:
        lines = await maps.lines(connection, [one for one in ladder(code)[1:] if covers(who.scope, one)])
    above = tuple({"division": line["code"], "name": line["name"]} for line in lines)
    return replace(found or Area(code, code, (), ()), above=above)


async def known(database: Database, code: Division) -> Area | None:
    """A division and what lies directly below, whoever asks; None for one that is on no list."""
    async with database.reading(code) as connection:
        own = await maps.division(connection, code)
        children = tuple((child["code"], child["name"]) for child in await maps.children(connection, code))
    return None if own is None and not children else Area(code, own["name"] if own else code, children, ())


USUAL_S = 4


@asynccontextmanager
async def looking(database: Database, code: Division, patience_s: int = USUAL_S) -> AsyncIterator[Connection]:
    """Read figures of a division: four seconds a statement, since whoever only reads holds nobody up."""
    async with database.reading(code) as connection:
        await connection.execute(f"SET LOCAL transaction_timeout = 0; SET LOCAL statement_timeout = '{patience_s}s'")
        yield connection
