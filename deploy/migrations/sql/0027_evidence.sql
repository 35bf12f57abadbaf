-- Visits that are looked at twice, and figures over everybody of a division in one statement.

-- What a photo looks like, in 64 bits; null where nothing can be told of it. Two looks that differ in three bits at most
-- are equal in one of four bands at least.
ALTER TABLE gateway.evidence
    ADD look bigint,
    ADD bands integer[] GENERATED ALWAYS AS (CASE WHEN look IS NOT NULL THEN ARRAY[
        (look & 65535)::integer, 65536 + (look >> 16 & 65535)::integer, 131072 + (look >> 32 & 65535)::integer,
        196608 + (look >> 48 & 65535)::integer] END) STORED;
CREATE INDEX evidence_bands ON gateway.evidence USING gin (bands) WHERE kind = 'photo';
CREATE INDEX evidence_digest ON gateway.evidence (sha256) WHERE kind = 'photo';
CREATE INDEX order_incident ON dispatch.service_order (incident_id) WHERE incident_id IS NOT NULL;

-- Photos with these bytes or one of these bands. Row-level security would let the index over bands lie unused, so they
-- are found by the owner, within the caller's scope.
CREATE FUNCTION gateway.photos_alike(since timestamptz, digests bytea[], looks integer[], most integer)
RETURNS TABLE (incident_id text, sha256 bytea, look bigint, taken_at timestamptz)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH asked AS MATERIALIZED (SELECT log.scope() AS scope), photo AS (
        SELECT e.id, e.incident_id, e.sha256, e.look, e.taken_at, e.division, e.at
        FROM gateway.evidence e WHERE e.kind = 'photo' AND e.sha256 = ANY(digests)
        UNION
        SELECT e.id, e.incident_id, e.sha256, e.look, e.taken_at, e.division, e.at
        FROM gateway.evidence e WHERE e.kind = 'photo' AND e.bands && looks
    )
    SELECT p.incident_id, p.sha256, p.look, p.taken_at FROM photo p
    WHERE p.at > since AND starts_with(p.division, (SELECT scope FROM asked)) ORDER BY p.at LIMIT most
$$;

-- From which browser a session was opened: two people's visits at one time from one telephone are one person's.
ALTER TABLE gateway.session ADD browser_sha256 bytea;

-- How much a finished visit speaks against itself, and what somebody made of it. `at` is when she was left.
CREATE TABLE gateway.visit_check (
    order_id text PRIMARY KEY,
    division text NOT NULL,
    responders text[] NOT NULL,
    at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    score smallint NOT NULL CHECK (score BETWEEN 0 AND 100),
    reasons jsonb NOT NULL,
    decided_at timestamptz,
    decided_by text REFERENCES gateway.account,
    sound boolean,
    why bpchar,
    CHECK ((decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (sound IS NULL)
           AND (decided_at IS NULL) = (why IS NULL))
);
CREATE INDEX visit_check_at ON gateway.visit_check (at);
CREATE INDEX visit_check_doubtful ON gateway.visit_check (at DESC, order_id DESC) WHERE score >= 50;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.visit_check TO yl_gateway;
ALTER TABLE gateway.visit_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.visit_check FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.visit_check TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON gateway.visit_check TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));
CREATE INDEX order_visited ON dispatch.service_order (arrived_at) WHERE fulfilled_at IS NOT NULL;

-- How many elders somebody could have reached within fifteen minutes, of how many: a sample an hour for each street.
CREATE TABLE gateway.circle (
    division text NOT NULL,
    at timestamptz NOT NULL,
    elders integer NOT NULL,
    within integer NOT NULL CHECK (within BETWEEN 0 AND elders),
    PRIMARY KEY (division, at)
);
CREATE INDEX circle_at ON gateway.circle (at);
GRANT SELECT, INSERT, DELETE ON gateway.circle TO yl_gateway;
ALTER TABLE gateway.circle ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.circle FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.circle TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON gateway.circle TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));

-- Which seal an event lies under.
CREATE INDEX seal_upto ON log.seal (era, txid, position);

-- Elders of a division who lack the same things, by id alone: whoever lists them reads names within the own scope. It
-- takes the place of dispatch.exposed, which the version before still asks while both serve.
CREATE FUNCTION dispatch.lacking(at timestamptz, divisions text[], lats float8[], lons float8[], seats text[])
RETURNS TABLE (division text, mask integer, elders text[])
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '64MB' AS $$
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
        ), manned AS MATERIALIZED (
            SELECT v.division FROM (SELECT DISTINCT e.division FROM dispatch.elder e
                                    WHERE e.division >= $6 AND e.division < $6 || ':') AS v
            WHERE EXISTS (SELECT FROM unnest($5) AS s WHERE starts_with(v.division, s))
        ), lacking AS (
            SELECT e.id, e.division,
                CASE WHEN o.elder_id IS NULL AND w.home_id IS NULL THEN 1 ELSE
                    CASE WHEN o.alive OR w.alive THEN CASE WHEN o.full_batt OR w.full_batt THEN 0 ELSE 4 END ELSE 2 END
                    + CASE WHEN o.tested OR w.tested THEN 0 ELSE 8 END
                    + CASE WHEN o.confirmed OR w.confirmed THEN 0 ELSE 16 END END
                + CASE WHEN k.elder_id IS NULL THEN 32 ELSE 0 END
                + CASE WHEN coalesce(k.has_key, false) OR h.key_place IS NOT NULL OR e.break_in THEN 0 ELSE 64 END
                + CASE WHEN b.division IS NULL THEN 0 ELSE 128 END
                + CASE WHEN m.division IS NULL THEN 256 ELSE 0 END
                + CASE WHEN coalesce(e.phone, '') <> '' THEN 0 ELSE 512 END AS mask
            FROM dispatch.elder e
            JOIN dispatch.home h ON h.id = e.home_id
            LEFT JOIN manned m ON m.division = e.division
            LEFT JOIN hers o ON o.elder_id = e.id
            LEFT JOIN shared w ON w.home_id = e.home_id
            LEFT JOIN kin k ON k.elder_id = e.id
            LEFT JOIN unnest($2, $3, $4) AS b(division, lat, lon) ON b.division = h.division
                AND b.lat = round(h.lat * 500) / 500 AND b.lon = round(h.lon * 500) / 500
            WHERE e.division >= $6 AND e.division < $6 || ':'
              AND dispatch.at_home(e.status, e.status_until, $1)
        )
        SELECT l.division, l.mask, array_agg(l.id) FROM lacking l GROUP BY 1, 2
    $sql$ USING at, divisions, lats, lons, seats, log.scope();
END $$;

-- What was done for each of them in a time, and what the register says of them; in the place of dispatch.cared_for.
CREATE FUNCTION dispatch.in_care(at timestamptz, since timestamptz, until timestamptz)
RETURNS TABLE (id text, division text, special boolean, seen boolean, served boolean, eighty boolean,
               assessed boolean, two boolean, way_in boolean, helped boolean)
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET work_mem = '32MB' AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
        WITH done AS (
            SELECT s.elder_id, bool_or(s.service = 'visit') AS seen,
                   bool_or(s.service <> 'visit') AS helped
            FROM dispatch.service_order s
            WHERE s.fulfilled_at >= $2 AND s.fulfilled_at < $3 AND s.verified GROUP BY 1
        ), kin AS (
            SELECT c.elder_id, count(*) AS many, bool_or(c.has_key) AS has_key
            FROM dispatch.contact c
            WHERE c.phone <> '' AND c.division >= $4 AND c.division < $4 || ':' GROUP BY 1
        )
        SELECT e.id, e.division, e.lives_alone OR e.dementia OR coalesce(e.assessment, 0) > 0,
               coalesce(s.seen, false), s.elder_id IS NOT NULL,
               coalesce(e.born <= extract(year FROM $1)::integer - 80, false), e.assessment IS NOT NULL,
               coalesce(k.many, 0) >= 2, coalesce(k.has_key, false) OR h.key_place IS NOT NULL OR e.break_in,
               coalesce(s.helped, false)
        FROM dispatch.elder e
        JOIN dispatch.home h ON h.id = e.home_id
        LEFT JOIN done s ON s.elder_id = e.id
        LEFT JOIN kin k ON k.elder_id = e.id
        WHERE e.division >= $4 AND e.division < $4 || ':'
          AND dispatch.at_home(e.status, e.status_until, $1)
    $sql$ USING at, since, until, log.scope();
END $$;

REVOKE EXECUTE ON FUNCTION dispatch.lacking, dispatch.in_care, gateway.photos_alike FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.lacking, dispatch.in_care, gateway.photos_alike TO yl_gateway;
