-- The log: every fact, in order. See docs/adr/0001-log-in-postgres.md.
CREATE SCHEMA log;

CREATE TABLE log.era (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    era integer NOT NULL
);
INSERT INTO log.era (era) VALUES (1);

CREATE TABLE log.stream (
    stream text NOT NULL,
    stream_id text NOT NULL,
    last_seq bigint NOT NULL,
    PRIMARY KEY (stream, stream_id)
);

CREATE TABLE log.event (
    position bigint GENERATED ALWAYS AS IDENTITY,
    era integer NOT NULL,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id uuid NOT NULL,
    stream text NOT NULL,
    stream_id text NOT NULL,
    stream_seq bigint NOT NULL,
    tag text NOT NULL,
    body jsonb NOT NULL,
    body_version smallint NOT NULL DEFAULT 1,
    division text NOT NULL,
    happened_at timestamptz,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    cause uuid
) PARTITION BY RANGE (recorded_at);

CREATE INDEX event_order ON log.event (era, txid, position);
CREATE INDEX event_stream ON log.event (stream, stream_id, stream_seq);
CREATE TABLE log.event_default PARTITION OF log.event DEFAULT;

CREATE FUNCTION log.make_partitions(at timestamptz, months integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    month date;
    part text;
BEGIN
    FOR step IN 0 .. months LOOP
        month := (date_trunc('month', at AT TIME ZONE 'UTC') + make_interval(months => step))::date;
        part := 'event_' || to_char(month, 'YYYY_MM');
        IF to_regclass('log.' || part) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE log.%I PARTITION OF log.event FOR VALUES FROM (%L) TO (%L)',
                part, month::text || ' 00:00:00+00',
                (month + interval '1 month')::date::text || ' 00:00:00+00');
        END IF;
    END LOOP;
END $$;

CREATE TABLE log.follower (
    name text PRIMARY KEY,
    era integer NOT NULL,
    txid xid8 NOT NULL,
    position bigint NOT NULL,
    tags text[] NOT NULL,
    moved_at timestamptz NOT NULL
);

CREATE TABLE log.dead_letter (
    follower text NOT NULL,
    event_id uuid NOT NULL,
    reason text NOT NULL,
    tag text NOT NULL,
    division text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (follower, event_id)
);

-- One batch for a follower, in one round trip. Holding its lock until commit makes it the only active one of
-- its name; the second statement's snapshot is younger than the lock, so a batch is never read twice. A single row
-- of nulls says that another one is active.
CREATE FUNCTION log.take(reader text, most integer) RETURNS SETOF log.event
LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('follower/' || reader, 0)) THEN
        RETURN NEXT NULL;
        RETURN;
    END IF;
    SELECT * INTO f FROM log.follower WHERE name = reader;
    RETURN QUERY
        SELECT e.* FROM log.event e
        WHERE (e.era, e.txid, e.position) > (f.era, f.txid, f.position)
          AND e.txid < pg_snapshot_xmin(pg_current_snapshot()) AND e.tag = ANY(f.tags)
        ORDER BY e.era, e.txid, e.position LIMIT most;
END $$;

-- The first event that a cursor has still to take. The order bounds the scan to the cursor's place in the index,
-- whatever the planner believes about how many events there are.
CREATE FUNCTION log.first_above(cursor log.follower) RETURNS log.event STABLE LANGUAGE plpgsql AS $$
DECLARE
    e log.event;
BEGIN
    SELECT * INTO e FROM log.event
    WHERE (era, txid, position) > (cursor.era, cursor.txid, cursor.position) AND tag = ANY(cursor.tags)
    ORDER BY era, txid, position LIMIT 1;
    RETURN e;
END $$;

-- Whether a follower has something to take: 0 nothing, 1 now, 2 in a moment (above the horizon).
CREATE FUNCTION log.pending(reader text) RETURNS integer STABLE LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
    e log.event;
BEGIN
    SELECT * INTO f FROM log.follower WHERE name = reader;
    e := log.first_above(f);
    RETURN CASE WHEN e.txid IS NULL THEN 0 WHEN e.txid < pg_snapshot_xmin(pg_current_snapshot()) THEN 1 ELSE 2 END;
END $$;

-- Followers with an event of their own left lying since `before`.
CREATE FUNCTION log.behind(before timestamptz) RETURNS SETOF text STABLE LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
    e log.event;
BEGIN
    FOR f IN SELECT * FROM log.follower LOOP
        e := log.first_above(f);
        IF e.recorded_at < before THEN
            RETURN NEXT f.name;
        END IF;
    END LOOP;
END $$;

-- Pass over what a follower does not follow, so that its next look does not read it all again. One snapshot
-- gives both the horizon and the proof that nothing of the follower's lies below it.
CREATE FUNCTION log.skip(reader text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('follower/' || reader, 0)) THEN
        RETURN;
    END IF;
    SELECT * INTO f FROM log.follower WHERE name = reader;
    UPDATE log.follower SET era = (SELECT era FROM log.era), txid = pg_snapshot_xmin(pg_current_snapshot()),
           position = 0, moved_at = at
    WHERE name = reader AND txid < pg_snapshot_xmin(pg_current_snapshot())
      AND (log.first_above(f)).txid IS NULL;
END $$;

-- Locks that keep a stream's events in commit order: taken, sorted, before a transaction's first write.
CREATE FUNCTION log.lock(keys text[]) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(h)
    FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest(keys) AS k ORDER BY h) AS sorted
$$;

-- Append events (JSON array of objects with the columns' names) in array order.
CREATE FUNCTION log.append(events jsonb, at timestamptz) RETURNS bigint
LANGUAGE sql AS $$
    WITH given AS (
        SELECT e.* FROM ROWS FROM (jsonb_to_recordset(events) AS (
            id uuid, stream text, stream_id text, tag text, body jsonb, body_version smallint,
            division text, happened_at timestamptz, actor text, cause uuid)) WITH ORDINALITY
            AS e(id, stream, stream_id, tag, body, body_version, division, happened_at, actor, cause, n)
    ), counted AS (
        SELECT stream, stream_id, count(*) AS many FROM given GROUP BY 1, 2
    ), bumped AS (
        INSERT INTO log.stream AS s (stream, stream_id, last_seq)
        SELECT stream, stream_id, many FROM counted ORDER BY 1, 2
        ON CONFLICT (stream, stream_id) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
        RETURNING s.stream, s.stream_id, s.last_seq
    ), written AS (
        INSERT INTO log.event (era, id, stream, stream_id, stream_seq, tag, body, body_version,
                               division, happened_at, recorded_at, actor, cause)
        SELECT (SELECT era FROM log.era), g.id, g.stream, g.stream_id,
               b.last_seq - c.many + row_number() OVER (PARTITION BY g.stream, g.stream_id ORDER BY g.n),
               g.tag, g.body, coalesce(g.body_version, 1), g.division, g.happened_at, at, g.actor, g.cause
        FROM given g JOIN counted c USING (stream, stream_id) JOIN bumped b USING (stream, stream_id)
        ORDER BY g.n
        RETURNING 1
    )
    SELECT count(*) FROM written
$$;
