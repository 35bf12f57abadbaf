-- Figures that follow from the log. Every row here is a function of log.event: it can be thrown away and told again.
CREATE SCHEMA report;

-- One row for each incident that is in the figures: who called for help and when what happened first. What was merged
-- into it is part of it. Drills, canaries, booked orders, faults of things and events over an area have no row.
CREATE TABLE report.incident (
    id text PRIMARY KEY,
    division text NOT NULL,
    county text NOT NULL,
    -- The press as we recorded it. Every time below is counted from here.
    recorded_at timestamptz NOT NULL,
    day date NOT NULL,
    -- The press by the device's own clock, if that can be believed.
    claimed_at timestamptz,
    rung_at timestamptz,
    taken_at timestamptz,
    offered_at timestamptz,
    accepted_at timestamptz,
    departed_at timestamptz,
    arrived_at timestamptz,
    with_elder_at timestamptz,
    closed_at timestamptz,
    -- As it first rang; the gravest priority it ever had.
    kind text NOT NULL,
    priority smallint NOT NULL,
    class text NOT NULL,
    device text,
    -- Who was first at the door, else who said yes first.
    responder text,
    -- Not in the log: as the registry had them when the row was first told.
    model text,
    provider text,
    state text NOT NULL,
    outcome text,
    -- What it adds to the counts, two bytes each (services/gateway/domain/sketch.py).
    keys bytea NOT NULL
);
ALTER TABLE report.incident ALTER keys SET STORAGE PLAIN;
CREATE INDEX incident_county ON report.incident (county, recorded_at, id);
CREATE INDEX incident_division ON report.incident (division, recorded_at);
CREATE INDEX incident_recorded ON report.incident (recorded_at, id);

-- Days on which a county has incidents, and months; whether their cells stand.
CREATE TABLE report.day (
    county text NOT NULL,
    day date NOT NULL,
    settled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (county, day)
);
CREATE INDEX day_open ON report.day (county, day) WHERE NOT settled;
CREATE TABLE report.month (
    county text NOT NULL,
    since date NOT NULL,
    PRIMARY KEY (county, since)
);

-- Counts of a county over a day or a month, whole or of one value of one dimension, six bytes each. A cell that stands
-- is right: whoever changes a row of it takes it away in the same transaction.
CREATE TABLE report.cell (
    county text NOT NULL,
    span text NOT NULL CHECK (span IN ('day', 'month')),
    since date NOT NULL,
    dim text NOT NULL,
    value text NOT NULL,
    counts bytea NOT NULL,
    PRIMARY KEY (county, span, since, dim, value)
);
ALTER TABLE report.cell ALTER counts SET STORAGE EXTERNAL;

-- How far the log has been read.
CREATE TABLE report.reader (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    era integer NOT NULL,
    txid xid8 NOT NULL,
    position bigint NOT NULL,
    as_of timestamptz
);
INSERT INTO report.reader (era, txid, position) VALUES (1, '0', 0);

-- Days, hours and months are those of Asia/Shanghai, which has no summer time.
CREATE FUNCTION report.local(at timestamptz) RETURNS timestamp IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN at AT TIME ZONE interval '8 hours';
CREATE FUNCTION report.begins(day date) RETURNS timestamptz IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN day::timestamp AT TIME ZONE interval '8 hours';

-- What one incident adds: 1200 slots a stage by the logarithm of the seconds (base 1.02, so that no value is off by
-- more than 1 %), one slot that is always there, and one for each target that was met.
CREATE FUNCTION report.keys(seconds double precision[]) RETURNS bytea IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT string_agg(int2send(k::int2), '' ORDER BY k) FROM (
        SELECT 1200 * (n - 1) + least(1199, ceil(ln(greatest(s, 0.001)) / ln(1.02::double precision))::int + 350)
        FROM unnest(seconds) WITH ORDINALITY AS v(s, n) WHERE s IS NOT NULL
        UNION ALL SELECT 10800
        UNION ALL
        SELECT 10800 + t.slot FROM (VALUES
            (1, 2, 1), (2, 2, 10), (3, 3, 10), (4, 3, 30), (5, 3, 60), (6, 3, 180), (7, 7, 900), (8, 7, 1800),
            (9, 7, 2700), (10, 8, 900), (11, 8, 1800), (12, 8, 3600)) AS t(slot, stage, most)
        WHERE seconds[t.stage] <= t.most
    ) AS found(k)
$$;

CREATE TYPE report.ending AS (state text, at timestamptz, outcome text);

-- Rows of these incidents, told anew from the log; none for what is in no figure. OFFSET 0 keeps each stream's reading
-- by its own index: a planner without fresh statistics would read the whole log for a handful of streams.
CREATE FUNCTION report.told(ids text[]) RETURNS SETOF report.incident STABLE LANGUAGE sql AS $$
    WITH RECURSIVE whole AS (
        SELECT id AS root, id AS member FROM unnest(ids) AS id
        UNION
        SELECT w.root, e.other FROM whole w CROSS JOIN LATERAL (
            SELECT a.body->>'other' AS other FROM log.event a
            WHERE a.stream = 'incident' AND a.stream_id = w.member AND a.tag = 'incident.absorbed' AND NOT EXISTS (
                SELECT FROM log.event s WHERE s.stream = 'incident' AND s.stream_id = w.member
                  AND s.tag = 'incident.split_off' AND s.body->>'other' = a.body->>'other'
                  AND s.stream_seq > a.stream_seq) OFFSET 0) AS e
    ), fact AS MATERIALIZED (
        SELECT w.root, w.member, e.* FROM whole w CROSS JOIN LATERAL (
            SELECT a.tag, a.stream_seq AS seq, a.recorded_at AS at, a.body FROM log.event a
            WHERE a.stream = 'incident' AND a.stream_id = w.member OFFSET 0) AS e
    ), opening AS MATERIALIZED (
        SELECT f.root, f.member, x.* FROM fact f CROSS JOIN LATERAL jsonb_to_record(f.body) AS x (
            division text, family text, kind text, priority smallint, drill boolean, canary boolean, cls text,
            device text, alarm text, pressed_at timestamptz, flags jsonb)
        WHERE f.tag = 'incident.opened'
    ), pressed AS (
        SELECT DISTINCT ON (o.root) o.root, o.pressed_at AS at, p.happened_at AS claimed_at
        FROM opening o LEFT JOIN LATERAL (
            SELECT e.happened_at FROM log.event e
            WHERE e.stream = 'device' AND e.stream_id = o.device AND e.tag = 'alarm.raised'
              AND e.recorded_at = o.pressed_at AND e.body->>'alarm' = o.alarm
              AND NOT o.flags ?| ARRAY['clock_ahead', 'clock_behind'] LIMIT 1) AS p ON true
        ORDER BY o.root, o.pressed_at, o.member
    ), times AS (
        SELECT root,
            min(at) FILTER (WHERE tag = 'offer.rang'
                            OR (tag = 'receipt.changed' AND body->>'stage' = 'seen')) AS rung_at,
            min(at) FILTER (WHERE tag IN ('incident.taken', 'incident.claimed')) AS taken_at,
            min(at) FILTER (WHERE tag = 'offer.sent') AS offered_at,
            min(at) FILTER (WHERE tag = 'assignment.made') AS accepted_at,
            min(at) FILTER (WHERE tag = 'assignment.en_route') AS departed_at,
            min(at) FILTER (WHERE tag IN ('incident.on_scene', 'assignment.arrived')) AS arrived_at,
            min(at) FILTER (WHERE tag IN ('incident.with_elder', 'assignment.in_service')) AS with_elder_at,
            min((body->>'priority')::smallint) FILTER (WHERE tag IN (
                'alarm.joined', 'incident.reclassified', 'incident.confirmed', 'incident.absorbed')) AS priority,
            (array_agg(body->>'responder' ORDER BY tag, at, seq)
                FILTER (WHERE tag IN ('assignment.arrived', 'assignment.made')))[1] AS responder,
            (array_agg(ROW(substr(tag, 10), at, body->>'outcome')::report.ending ORDER BY seq DESC)
                FILTER (WHERE member = root AND tag IN (
                    'incident.closed', 'incident.false_alarm', 'incident.merged', 'incident.reopened')))[1] AS ending
        FROM fact GROUP BY root
    )
    SELECT o.root, o.division, left(o.division, 6), p.at, report.local(p.at)::date, p.claimed_at, t.rung_at,
           t.taken_at, t.offered_at, t.accepted_at, t.departed_at, t.arrived_at, t.with_elder_at,
           e.closed_at, o.kind, least(o.priority, t.priority), o.cls, o.device, t.responder,
           d.model, r.provider_id,
           CASE WHEN e.closed_at IS NULL THEN 'open' ELSE (t.ending).state END,
           CASE WHEN e.closed_at IS NOT NULL THEN (t.ending).outcome END,
           report.keys(ARRAY[
               extract(epoch FROM p.at - p.claimed_at), extract(epoch FROM t.rung_at - p.at),
               extract(epoch FROM t.taken_at - p.at), extract(epoch FROM t.offered_at - p.at),
               extract(epoch FROM t.accepted_at - p.at), extract(epoch FROM t.departed_at - p.at),
               extract(epoch FROM t.arrived_at - p.at), extract(epoch FROM t.with_elder_at - p.at),
               extract(epoch FROM e.closed_at - p.at)]::double precision[])
    FROM opening o JOIN pressed p USING (root) JOIN times t USING (root)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN (t.ending).state IN ('closed', 'false_alarm') THEN (t.ending).at END AS closed_at) AS e
    LEFT JOIN devices.device d ON d.id = o.device
    LEFT JOIN dispatch.responder r ON r.id = t.responder
    WHERE o.member = o.root AND NOT o.drill AND NOT o.canary
      AND o.family IN ('person', 'fire', 'wandering', 'house')
      AND (t.ending).state IS DISTINCT FROM 'merged'
$$;

-- What the registry said when the row was told before stands, as long as it is about the same device and person.
CREATE FUNCTION report.as_known(fresh report.incident, known report.incident) RETURNS report.incident
IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    IF known.device = fresh.device THEN
        fresh.model := coalesce(known.model, fresh.model);
    END IF;
    IF known.responder = fresh.responder THEN
        fresh.provider := coalesce(known.provider, fresh.provider);
    END IF;
    RETURN fresh;
END $$;

-- Tell these incidents again, and whatever they were merged into; answers how many rows are different now. All that is
-- read is read before the first write, so that the log's horizon is held back for a moment only.
CREATE FUNCTION report.tell(touched text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids text[];
    fresh report.incident[];
    gone text[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('report', 0));
    WITH RECURSIVE up AS (
        SELECT id FROM unnest(touched) AS id
        UNION
        SELECT e.survivor FROM up CROSS JOIN LATERAL (
            SELECT a.body->>'into' AS survivor FROM log.event a
            WHERE a.stream = 'incident' AND a.stream_id = up.id AND a.tag = 'incident.merged' OFFSET 0) AS e
    ) SELECT array_agg(id) INTO ids FROM up;
    SELECT array_agg(t) INTO fresh FROM report.told(ids) AS t;
    fresh := ARRAY(SELECT report.as_known(f, i) FROM unnest(fresh) AS f LEFT JOIN report.incident i ON i.id = f.id);
    SELECT array_agg(i.id) INTO gone FROM report.incident i
    WHERE i.id = ANY(ids) AND NOT EXISTS (SELECT FROM unnest(fresh) AS f WHERE f.id = i.id);
    SELECT array_agg(f) INTO fresh FROM unnest(fresh) AS f LEFT JOIN report.incident i ON i.id = f.id
    WHERE i IS DISTINCT FROM f;
    IF fresh IS NULL AND gone IS NULL THEN
        RETURN 0;
    END IF;
    WITH stale AS (
        SELECT county, day FROM unnest(fresh)
        UNION SELECT i.county, i.day FROM report.incident i
              WHERE i.id = ANY(gone) OR i.id IN (SELECT id FROM unnest(fresh))
    ), months AS (
        DELETE FROM report.month m USING stale s
        WHERE m.county = s.county AND m.since = date_trunc('month', s.day)::date RETURNING 1
    ), cells AS (
        DELETE FROM report.cell c USING stale s
        WHERE c.county = s.county AND ((c.span = 'day' AND c.since = s.day)
           OR (c.span = 'month' AND c.since = date_trunc('month', s.day)::date)) RETURNING 1
    )
    INSERT INTO report.day AS d (county, day) SELECT county, day FROM stale
    ON CONFLICT (county, day) DO UPDATE SET settled = false WHERE d.settled;
    DELETE FROM report.incident WHERE id = ANY(gone) OR id IN (SELECT id FROM unnest(fresh));
    INSERT INTO report.incident SELECT * FROM unnest(fresh);
    RETURN coalesce(cardinality(fresh), 0) + coalesce(cardinality(gone), 0);
END $$;

-- Read on in the log, at most so many events; answers how many there were. One reader at a time.
CREATE FUNCTION report.follow(most integer, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader report.reader;
    last report.reader;
    touched text[];
    one text;
    many integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('report', 0)) THEN
        RETURN 0;
    END IF;
    SELECT * INTO reader FROM report.reader;
    WITH next AS MATERIALIZED (
        SELECT e.era, e.txid, e.position, e.stream, e.stream_id, e.recorded_at FROM log.event e
        WHERE (e.era, e.txid, e.position) > (reader.era, reader.txid, reader.position)
          AND e.txid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY e.era, e.txid, e.position LIMIT most
    )
    SELECT count(*), array_agg(DISTINCT stream_id) FILTER (WHERE stream = 'incident'),
           (array_agg(era ORDER BY era DESC, txid DESC, position DESC))[1],
           (array_agg(txid ORDER BY era DESC, txid DESC, position DESC))[1],
           (array_agg(position ORDER BY era DESC, txid DESC, position DESC))[1],
           (array_agg(recorded_at ORDER BY era DESC, txid DESC, position DESC))[1]
    INTO many, touched, last.era, last.txid, last.position, last.as_of FROM next;
    BEGIN
        PERFORM report.tell(touched);
    EXCEPTION WHEN data_exception THEN
        -- One that nobody can read holds up nobody else.
        FOREACH one IN ARRAY touched LOOP
            BEGIN
                PERFORM report.tell(ARRAY[one]);
            EXCEPTION WHEN data_exception THEN
                RAISE WARNING 'incident % cannot be told', one;
            END;
        END LOOP;
    END;
    -- Nothing that was recorded two seconds ago is still under way: no transaction lives longer.
    UPDATE report.reader SET era = coalesce(last.era, era), txid = coalesce(last.txid, txid),
           position = coalesce(last.position, position),
           as_of = CASE WHEN many < most THEN at - interval '2 seconds' ELSE last.as_of END;
    RETURN many;
END $$;

GRANT USAGE ON SCHEMA report TO yl_gateway, yl_report;
GRANT SELECT ON ALL TABLES IN SCHEMA report TO yl_gateway, yl_report;
GRANT INSERT ON report.cell, report.month TO yl_gateway;
GRANT UPDATE (settled) ON report.day TO yl_gateway;
REVOKE EXECUTE ON FUNCTION report.told, report.tell, report.follow FROM PUBLIC;
GRANT EXECUTE ON FUNCTION report.follow TO yl_gateway;

DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['incident', 'day', 'month', 'cell'] LOOP
        EXECUTE format('ALTER TABLE report.%I ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE report.%I FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON report.%I TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON report.%I FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(%I, (SELECT log.scope())))', people,
                       CASE WHEN people = 'incident' THEN 'division' ELSE 'county' END);
    END LOOP;
END $$;
CREATE POLICY summed ON report.cell FOR INSERT TO yl_gateway WITH CHECK (starts_with(county, (SELECT log.scope())));
CREATE POLICY summed ON report.month FOR INSERT TO yl_gateway WITH CHECK (starts_with(county, (SELECT log.scope())));
CREATE POLICY settled ON report.day FOR UPDATE TO yl_gateway USING (starts_with(county, (SELECT log.scope())));
