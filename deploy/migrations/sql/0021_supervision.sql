-- Supervision: who was asked to move something on, wallboards without a login.

-- Words of people, which stay out of the log. `to_account` is null where a whole desk was rung.
CREATE TABLE gateway.nudge (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL,
    division text NOT NULL,
    stage text NOT NULL,
    to_kind text NOT NULL CHECK (to_kind IN ('seat', 'responder', 'desk')),
    to_account text REFERENCES gateway.account,
    to_name text,
    text text NOT NULL,
    by_account text NOT NULL REFERENCES gateway.account,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX nudge_incident ON gateway.nudge (incident_id, at DESC);
GRANT SELECT, INSERT ON gateway.nudge TO yl_gateway;
ALTER TABLE gateway.nudge ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.nudge FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.nudge TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON gateway.nudge TO yl_gateway USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));

-- A screen on a wall: one division's figures, read-only, nobody's name. The token is told once.
CREATE TABLE gateway.wall_ticket (
    id uuid PRIMARY KEY,
    token_sha256 bytea NOT NULL UNIQUE,
    division text NOT NULL,
    label text NOT NULL,
    made_by text NOT NULL REFERENCES gateway.account,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text REFERENCES gateway.account
);
CREATE INDEX wall_ticket_listed ON gateway.wall_ticket (division, made_at DESC) WHERE revoked_at IS NULL;
GRANT SELECT, INSERT ON gateway.wall_ticket TO yl_gateway;
GRANT UPDATE (used_at, revoked_at, revoked_by) ON gateway.wall_ticket TO yl_gateway;
ALTER TABLE gateway.wall_ticket ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.wall_ticket FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.wall_ticket TO yl_owner USING (true) WITH CHECK (true);
-- what a token opens is known before any scope is
CREATE POLICY keeper ON gateway.wall_ticket TO yl_gateway USING (true) WITH CHECK (true);

-- What is looked through by period.
CREATE INDEX offer_sent ON dispatch.offer USING brin (sent_at);
CREATE INDEX assignment_accepted ON dispatch.assignment USING brin (accepted_at);
CREATE INDEX order_fulfilled ON dispatch.service_order (fulfilled_at) WHERE fulfilled_at IS NOT NULL;
CREATE INDEX complaint_about ON gateway.complaint (about) WHERE about IS NOT NULL;
CREATE INDEX incident_canary ON dispatch.incident (opened_at) WHERE canary;

-- Figures over everybody of a division. Row-level security would ask for each row of a device's health whose device it
-- is, so these are counted by the owner, within the caller's scope; EXECUTE plans them for the scope at hand, which may
-- be a village or a city.
CREATE FUNCTION devices.counted(at timestamptz)
RETURNS TABLE (division text, model text, kind text, devices bigint, online bigint, low_batt bigint, faults bigint,
               silent_24h bigint, tested_30d bigint)
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '32MB' AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
        WITH broken AS (
            SELECT f.device_id, bool_or(f.kind = 'low_batt') AS low
            FROM devices.fault f WHERE f.ended_at IS NULL GROUP BY 1
        )
        SELECT d.division, d.model, d.kind, count(*), count(*) FILTER (WHERE s.online), count(*) FILTER (WHERE f.low),
               count(f.device_id),
               count(*) FILTER (WHERE coalesce(greatest(s.seen_at, p.pressed_at, p.tested_at, p.self_tested_at), d.added_at)
                                      < $1 - interval '24 hours'),
               count(*) FILTER (WHERE greatest(p.pressed_at, p.tested_at, p.self_tested_at) >= $1 - interval '30 days')
        FROM devices.device d
        LEFT JOIN devices.health s ON s.device_id = d.id
        LEFT JOIN devices.pressed p ON p.device_id = d.id
        LEFT JOIN broken f ON f.device_id = d.id
        WHERE d.division >= $2 AND d.division < $2 || ':'
          AND d.revoked_at IS NULL AND d.kind NOT IN ('canary', 'sms', 'page')
        GROUP BY 1, 2, 3
    $sql$ USING at, log.scope();
END $$;

-- Elders who live at home now; not in hospital, an institution, moved or dead.
CREATE FUNCTION dispatch.at_home(status text, until timestamptz, at timestamptz) RETURNS boolean
IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT status IN ('home', 'out') OR (status NOT IN ('moved', 'dead') AND coalesce(until <= at, false))
$$;

-- What would fail for each of them now, as a sum of bits (services/gateway/domain/protection.py): of her devices, her
-- contacts, her door; the places given are out of reach, the divisions given have somebody at a desk.
CREATE FUNCTION dispatch.exposed(at timestamptz, divisions text[], lats float8[], lons float8[], seats text[])
RETURNS TABLE (id text, division text, name text, address text, mask integer)
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '32MB' AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
        WITH broken AS (SELECT DISTINCT f.device_id FROM devices.fault f WHERE f.ended_at IS NULL AND f.kind = 'low_batt'),
        guessed AS (
            SELECT DISTINCT l.device_id FROM devices.placement l WHERE l.until_at IS NULL AND l.confirmed_at IS NULL
        ), thing AS MATERIALIZED (
            SELECT d.elder_id, d.home_id, f.device_id IS NULL AS full_batt, l.device_id IS NULL AS confirmed,
                   d.kind = 'page' OR coalesce(s.online,
                       greatest(s.seen_at, p.pressed_at, p.tested_at, p.self_tested_at) > $1 - interval '30 days',
                       false) AS alive,
                   d.kind = 'page' OR coalesce(
                       greatest(p.pressed_at, p.tested_at, p.self_tested_at) >= $1 - interval '30 days', false) AS tested
            FROM devices.device d
            LEFT JOIN devices.health s ON s.device_id = d.id
            LEFT JOIN devices.pressed p ON p.device_id = d.id
            LEFT JOIN broken f ON f.device_id = d.id
            LEFT JOIN guessed l ON l.device_id = d.id
            WHERE d.revoked_at IS NULL AND d.kind IN ('button', 'wearable', 'page')
              AND d.division >= $6 AND d.division < $6 || ':'
        ), hers AS (
            SELECT elder_id, bool_or(alive) AS alive, bool_or(alive AND full_batt) AS full_batt,
                   bool_or(tested) AS tested, bool_or(confirmed) AS confirmed
            FROM thing WHERE elder_id IS NOT NULL GROUP BY 1
        ), shared AS (
            SELECT home_id, bool_or(alive) AS alive, bool_or(alive AND full_batt) AS full_batt,
                   bool_or(tested) AS tested, bool_or(confirmed) AS confirmed
            FROM thing WHERE elder_id IS NULL AND home_id IS NOT NULL GROUP BY 1
        ), kin AS (
            SELECT c.elder_id, bool_or(c.has_key) AS has_key FROM dispatch.contact c
            WHERE c.phone <> '' AND c.division >= $6 AND c.division < $6 || ':' GROUP BY 1
        )
        SELECT e.id, e.division, e.name, h.address,
            CASE WHEN o.elder_id IS NULL AND w.home_id IS NULL THEN 1 ELSE
                CASE WHEN o.alive OR w.alive THEN CASE WHEN o.full_batt OR w.full_batt THEN 0 ELSE 4 END ELSE 2 END
                + CASE WHEN o.tested OR w.tested THEN 0 ELSE 8 END
                + CASE WHEN o.confirmed OR w.confirmed THEN 0 ELSE 16 END END
            + CASE WHEN k.elder_id IS NULL THEN 32 ELSE 0 END
            + CASE WHEN coalesce(k.has_key, false) OR h.key_place IS NOT NULL OR e.break_in THEN 0 ELSE 64 END
            + CASE WHEN b.division IS NULL THEN 0 ELSE 128 END
            + CASE WHEN EXISTS (SELECT FROM unnest($5) AS s WHERE starts_with(e.division, s)) THEN 0 ELSE 256 END
            + CASE WHEN coalesce(e.phone, '') <> '' THEN 0 ELSE 512 END
        FROM dispatch.elder e
        JOIN dispatch.home h ON h.id = e.home_id
        LEFT JOIN hers o ON o.elder_id = e.id
        LEFT JOIN shared w ON w.home_id = e.home_id
        LEFT JOIN kin k ON k.elder_id = e.id
        LEFT JOIN unnest($2, $3, $4) AS b(division, lat, lon) ON b.division = h.division
            AND b.lat = round(h.lat * 500) / 500 AND b.lon = round(h.lon * 500) / 500
        WHERE e.division >= $6 AND e.division < $6 || ':'
          AND dispatch.at_home(e.status, e.status_until, $1)
    $sql$ USING at, divisions, lats, lons, seats, log.scope();
END $$;

-- What was done for each of them in a time, and what the register says of them.
CREATE FUNCTION dispatch.cared_for(at timestamptz, since timestamptz, until timestamptz)
RETURNS TABLE (id text, division text, name text, address text, special boolean, seen boolean, served boolean,
               eighty boolean, assessed boolean, two boolean, way_in boolean)
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '32MB' AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
        WITH done AS (
            SELECT s.elder_id, bool_or(s.service = 'visit') AS seen FROM dispatch.service_order s
            WHERE s.fulfilled_at >= $2 AND s.fulfilled_at < $3 AND s.verified GROUP BY 1
        ), kin AS (
            SELECT c.elder_id, count(*) AS many, bool_or(c.has_key) AS has_key
            FROM dispatch.contact c
            WHERE c.phone <> '' AND c.division >= $4 AND c.division < $4 || ':' GROUP BY 1
        )
        SELECT e.id, e.division, e.name, h.address, e.lives_alone OR e.dementia OR coalesce(e.assessment, 0) > 0,
               coalesce(s.seen, false), s.elder_id IS NOT NULL,
               coalesce(e.born <= extract(year FROM $1)::integer - 80, false), e.assessment IS NOT NULL,
               coalesce(k.many, 0) >= 2, coalesce(k.has_key, false) OR h.key_place IS NOT NULL OR e.break_in
        FROM dispatch.elder e
        JOIN dispatch.home h ON h.id = e.home_id
        LEFT JOIN done s ON s.elder_id = e.id
        LEFT JOIN kin k ON k.elder_id = e.id
        WHERE e.division >= $4 AND e.division < $4 || ':'
          AND dispatch.at_home(e.status, e.status_until, $1)
    $sql$ USING at, since, until, log.scope();
END $$;

REVOKE EXECUTE ON FUNCTION devices.counted, dispatch.exposed, dispatch.cared_for FROM PUBLIC;
GRANT EXECUTE ON FUNCTION devices.counted, dispatch.exposed, dispatch.cared_for TO yl_gateway;
