"""What merging, splitting and reopening must know before they lock anything, and whose presses are moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.dispatch.domain.merging import Alarm
from shared.runtime.database import Connection

MATTERS = "SELECT id, division, subject, family, drill, also, merged_into FROM dispatch.incident WHERE id = ANY($1)"
BELOW = """
WITH RECURSIVE below AS (
    SELECT id FROM dispatch.incident WHERE id = $1
    UNION
    SELECT i.id FROM dispatch.incident i JOIN below b ON i.merged_into = b.id
)
SELECT a.id, a.device_id, a.eid FROM dispatch.alarm a JOIN below b ON b.id = a.incident_id
WHERE a.device_id <> '' ORDER BY a.at, a.id
"""
LIVE = """
SELECT i.id FROM dispatch.incident i
WHERE i.id <> ALL($1) AND i.drill = $3 AND NOT i.canary
  AND i.state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened')
  AND ((i.subject = $4 AND i.family = $5) OR (i.also <> '{}' AND i.also && $2))
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an incident is about; `subjects` are hers and those of incidents merged into it."""

    id: str
    division: str
    subject: str
    family: str
    drill: bool
    also: tuple[str, ...]
    merged_into: str | None

    @property
    def subjects(self) -> list[str]:
        """Subjects whose presses come here."""
        return [self.subject, *(name.split("/", 1)[1] for name in self.also)]


async def matters(connection: Connection, incidents: Iterable[str]) -> dict[str, Matter]:
    """What these incidents are about, by id; subjects never change."""
    rows = await connection.fetch(MATTERS, sorted(set(incidents)))
    return {
        row["id"]: Matter(
            row["id"], row["division"], row["subject"], row["family"], row["drill"], tuple(row["also"]),
            row["merged_into"],
        )
        for row in rows
    }  # fmt: skip


async def alarms_below(connection: Connection, incident: str) -> Sequence[Alarm]:
    """Presses placed with the incident and with those merged into it, oldest first; only those of devices."""
    rows = await connection.fetch(BELOW, incident)
    return [Alarm(UUID(str(row["id"])), row["device_id"], row["eid"]) for row in rows]


async def answered_by(connection: Connection, it: Matter, but: str | None = None) -> str | None:
    """Another live incident of the same matter, other than the one it is about to leave."""
    names = [f"{it.family}/{it.subject}", *it.also]
    found: str | None = await connection.fetchval(LIVE, [it.id, but or it.id], names, it.drill, it.subject, it.family)
    return found
