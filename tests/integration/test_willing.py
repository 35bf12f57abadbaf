"""Answers on a real database teach the county's custom, once an hour, to every worker."""

from datetime import UTC, datetime, timedelta

from services.dispatch.domain.willing import ALONE
from services.dispatch.registry.willing import WillingMap
from shared.runtime.database import Database
from tests.conftest import TestDatabase

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
FILL = (
    "INSERT INTO dispatch.division VALUES ('360733', '会昌县', NULL), ('360734', '寻乌县', NULL)",
    """INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill,
        class, flags, presses, policy, rung, rung_at, opened_at, pressed_at, receipt_stage)
    SELECT 'P-' || n, '360733100', 'closed', 1, 1, 'elder:' || n, 'person', 'sos', 1, n % 10 = 9, 'own', '{}', 1, '{}',
        0, $1, $1, $1, 5 FROM generate_series(1, 1200) AS n""",
    """INSERT INTO dispatch.job SELECT md5('j' || n)::uuid, 'P-' || n, '360733100', 'closed', 1, 1, $1, $1, $1
    FROM generate_series(1, 1200) AS n""",
    """INSERT INTO dispatch.offer (id, job_id, incident_id, division, responder_id, responder_name, responder_kind,
        state, wave, dist_m, eta_s, score, sent_at, respond_by)
    SELECT md5('o' || n)::uuid, md5('j' || n)::uuid, 'P-' || n, '360733100', 'R1', '甲', 'caregiver',
        CASE WHEN n % 2 = 0 OR n % 10 = 9 THEN 'accepted' ELSE 'declined' END, 1, 1, 1,
        '{"arrival": 120, "accept": 31.2, "pending": 0}',
        $1::timestamptz - CASE WHEN n % 2 = 0 THEN interval '0' ELSE interval '14 hours' END, $1
    FROM generate_series(1, 1200) AS n""",
)


async def test_answers_teach_and_drills_do_not(database: TestDatabase) -> None:
    """By day all say yes, by night nobody who is really asked; the neighbour county has no answers."""
    owner, own = (Database(database.url(role), name="test", size=2) for role in ("owner", "dispatch"))
    for pool in (owner, own):
        await pool.open()
    for statement in FILL:
        await owner.pool.execute(statement, *([NOW] if "$1" in statement else []))
    first, second = WillingMap(), WillingMap()
    await first.refresh(own, NOW)
    assert first.of("360734100") == ALONE
    _, _, _, night, *_ = first.of("360733100").weights
    assert night < -2
    await own.pool.execute("UPDATE dispatch.willing SET weights = '{0,1,0,-3,0,0}' WHERE county = '360733'")
    await second.refresh(own, NOW + timedelta(minutes=59))
    assert second.of("360733").weights == (0, 1, 0, -3, 0, 0)
    await second.refresh(own, NOW + timedelta(minutes=60))
    assert second.of("360733") == first.of("360733")
    assert await own.pool.fetchval("SELECT answers FROM dispatch.willing WHERE county = '360733'") == 1080
    for pool in (owner, own):
        await pool.close()
