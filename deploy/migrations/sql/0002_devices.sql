-- Things: identity, raw events, receipts, quarantine.
CREATE SCHEMA devices;

CREATE TABLE devices.device (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
    county text NOT NULL,
    division text NOT NULL,
    model text NOT NULL,
    class text NOT NULL DEFAULT 'own' CHECK (class IN ('own', 'relayed', 'hub')),
    secret_sha256 bytea,
    foreign_prefix text,
    home_id text,
    elder_id text,
    added_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX device_home ON devices.device (home_id);

CREATE TABLE devices.binding (
    hub_id text NOT NULL REFERENCES devices.device,
    address text NOT NULL,
    device_id text NOT NULL REFERENCES devices.device,
    adapter text NOT NULL,
    meaning jsonb NOT NULL,
    PRIMARY KEY (hub_id, address)
);
CREATE INDEX binding_address ON devices.binding (address);

CREATE TABLE devices.raw_event (
    device_id text NOT NULL,
    boot bigint NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL UNIQUE,
    eid text NOT NULL,
    topic text NOT NULL,
    payload bytea NOT NULL,
    flags text[] NOT NULL,
    claimed_at timestamptz,
    copies integer NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, boot, seq)
);
-- What the device was last told; rev only rises.
CREATE TABLE devices.receipt (
    device_id text NOT NULL,
    boot bigint NOT NULL,
    seq bigint NOT NULL,
    eid text NOT NULL,
    county text NOT NULL,
    incident text,
    rev integer NOT NULL,
    stage smallint NOT NULL CHECK (stage BETWEEN 1 AND 5),
    rx timestamptz NOT NULL,
    who text,
    eta_s integer,
    say text,
    sent_rev integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, boot, seq)
);
CREATE INDEX receipt_incident ON devices.receipt (incident) WHERE incident IS NOT NULL;
CREATE INDEX receipt_unsent ON devices.receipt (changed_at) WHERE sent_rev < rev AND stage > 1;

-- What an incident's devices are to be told; an alarm that joins later is told the same.
CREATE TABLE devices.told (
    incident text PRIMARY KEY,
    stage smallint NOT NULL CHECK (stage BETWEEN 1 AND 5),
    who text,
    eta_s integer,
    say text
);

-- By when an incident must exist for a stored alarm.
CREATE TABLE devices.guard (
    alarm_id uuid PRIMARY KEY,
    division text NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX guard_due ON devices.guard (due_at);

CREATE TABLE devices.quarantine (
    digest bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    payload bytea NOT NULL,
    reason text NOT NULL,
    county text NOT NULL,
    copies integer NOT NULL DEFAULT 1,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    settled_at timestamptz
);

CREATE TABLE devices.lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL
);

-- An alarm on its way in. `number_*` is the device's own count, `spare_*` a key made from the content: its boot is
-- -1 minus the millisecond of arrival, and the same seq within `reach` milliseconds is the same alarm.
CREATE TYPE devices.arrival AS (
    device text,
    number_boot bigint,
    number_seq bigint,
    spare_boot bigint,
    spare_seq bigint,
    reach bigint,
    id uuid,
    event uuid,
    eid text,
    topic text,
    county text,
    payload bytea,
    flags text[],
    claimed_at timestamptz,
    happened_at timestamptz,
    relayed boolean,
    body text
);

CREATE TYPE devices.outcome AS (
    n integer,
    fresh boolean,
    device text,
    county text,
    eid text,
    rev integer,
    stage smallint,
    incident text,
    rx timestamptz,
    who text,
    eta_s integer,
    say text
);

-- Stores alarms in one round trip and says of each whether it is new and what its device was last told. An unknown
-- device on a topic without a county has no place: it is left out, and nothing is said of it.
-- The locks come first: the transaction gets its number, and every later statement its snapshot, behind them.
CREATE FUNCTION devices.ingest(arrivals devices.arrival[], at timestamptz, due timestamptz, by text)
-- planning these statements anew each time costs more than running them
RETURNS devices.outcome[] LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    events jsonb;
    outcomes devices.outcome[];
BEGIN
    PERFORM log.lock(ARRAY(SELECT 'device/' || a.device FROM unnest(arrivals) AS a));
    WITH given AS (
        SELECT a.*, d.id IS NOT NULL AS known, coalesce(d.division, a.county) AS division, d.home_id, d.elder_id,
               d.revoked_at, a.relayed OR coalesce(d.class, 'own') = 'relayed' AS through_hub,
               a.number_boot IS NOT NULL AND r.device_id IS NOT NULL
                   AND abs(extract(epoch FROM a.claimed_at - r.claimed_at)) > 600 AS reused
        FROM ROWS FROM (unnest(arrivals)) WITH ORDINALITY AS a(
            device, number_boot, number_seq, spare_boot, spare_seq, reach, id, event, eid, topic, county, payload,
            flags, claimed_at, happened_at, relayed, body, n)
        LEFT JOIN devices.raw_event r
            ON (r.device_id, r.boot, r.seq) = (a.device, a.number_boot, a.number_seq)
        LEFT JOIN devices.device d ON d.id = a.device
        WHERE d.id IS NOT NULL OR a.county ~ '^[0-9]{6}$'
    ), keyed AS (
        -- a number used twice for different times is two alarms: some devices lose their boot count with the battery
        SELECT g.*,
               CASE WHEN g.number_boot IS NOT NULL AND NOT coalesce(g.reused, false) THEN g.number_boot
                    ELSE coalesce(
                        (SELECT r.boot FROM devices.raw_event r
                         WHERE r.device_id = g.device AND r.seq = g.spare_seq
                           AND r.boot BETWEEN g.spare_boot - g.reach AND least(g.spare_boot + g.reach, -1)
                         ORDER BY abs(r.boot - g.spare_boot) LIMIT 1),
                        max(g.spare_boot) OVER (PARTITION BY g.device, g.spare_seq)) END AS boot,
               CASE WHEN g.number_boot IS NOT NULL AND NOT coalesce(g.reused, false) THEN g.number_seq
                    ELSE g.spare_seq END AS seq
        FROM given g
    ), first AS (
        SELECT DISTINCT ON (k.device, k.boot, k.seq) k.*,
               count(*) OVER (PARTITION BY k.device, k.boot, k.seq) AS many
        FROM keyed k ORDER BY k.device, k.boot, k.seq, k.n
    ), placed AS (
        SELECT f.*,
               f.flags || CASE WHEN NOT f.known THEN ARRAY['unknown_device'] ELSE '{}' END
                       || CASE WHEN f.revoked_at <= at THEN ARRAY['revoked'] ELSE '{}' END
                       || CASE WHEN f.reused THEN ARRAY['reused_sequence'] ELSE '{}' END AS all_flags
        FROM first f
    ), stored AS (
        INSERT INTO devices.raw_event AS r
            (device_id, boot, seq, id, eid, topic, payload, flags, claimed_at, copies, received_at)
        SELECT p.device, p.boot, p.seq, p.id, p.eid, p.topic, p.payload, p.all_flags, p.claimed_at, p.many, at
        FROM placed p
        ON CONFLICT (device_id, boot, seq) DO UPDATE SET copies = r.copies + excluded.copies
        RETURNING r.device_id, r.boot, r.seq, r.id
    ), fresh AS (
        SELECT p.* FROM placed p JOIN stored s USING (id)
    ), receipted AS (
        INSERT INTO devices.receipt (device_id, boot, seq, eid, county, rev, stage, rx, changed_at)
        SELECT f.device, f.boot, f.seq, f.eid, f.county, 1, 1, at, at FROM fresh f
    ), guarded AS (
        INSERT INTO devices.guard (alarm_id, division, due_at) SELECT f.id, f.division, due FROM fresh f
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object(
                'id', f.event, 'stream', 'device', 'stream_id', f.device, 'tag', 'alarm.raised',
                'division', f.division, 'happened_at', f.happened_at, 'actor', by,
                'body', f.body::jsonb || jsonb_build_object(
                    'subject', CASE WHEN f.elder_id IS NOT NULL THEN 'elder:' || f.elder_id
                                    WHEN f.home_id IS NOT NULL THEN 'home:' || f.home_id
                                    ELSE 'device:' || f.device END,
                    'home', f.home_id, 'elder', f.elder_id, 'flags', f.all_flags,
                    'cls', CASE WHEN f.through_hub THEN 'relayed' ELSE 'own' END)) ORDER BY f.n)
            FROM fresh f),
           (SELECT array_agg(ROW(
                k.n::integer, f.id IS NOT NULL, k.device, coalesce(r.county, k.county), coalesce(r.eid, f.eid),
                coalesce(r.rev, 1), coalesce(r.stage, 1), r.incident, coalesce(r.rx, at), r.who, r.eta_s, r.say
                )::devices.outcome ORDER BY k.n)
            FROM keyed k
            LEFT JOIN fresh f ON (f.device, f.boot, f.seq) = (k.device, k.boot, k.seq)
            LEFT JOIN devices.receipt r ON (r.device_id, r.boot, r.seq) = (k.device, k.boot, k.seq))
    INTO events, outcomes;
    IF events IS NULL THEN
        -- only copies of what is safe on disk already
        PERFORM set_config('synchronous_commit', 'off', true);
    ELSE
        PERFORM log.append(events, at);
    END IF;
    RETURN outcomes;
END $$;

-- Stores what could not be placed; the event is written once, and again when it comes back after being settled.
CREATE FUNCTION devices.set_aside(
    new_id uuid, event uuid, digest bytea, topic text, payload bytea, reason text, county text,
    at timestamptz, by text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    shown uuid;
BEGIN
    PERFORM log.lock(ARRAY['quarantine/' || county]);
    INSERT INTO devices.quarantine AS q (digest, id, topic, payload, reason, county, first_at, last_at)
    VALUES (digest, new_id, topic, payload, reason, county, at, at)
    ON CONFLICT ON CONSTRAINT quarantine_pkey DO UPDATE SET copies = q.copies + 1, last_at = at,
        id = CASE WHEN q.settled_at IS NOT NULL OR at - q.last_at > interval '60 s' THEN new_id ELSE q.id END,
        settled_at = NULL
    RETURNING q.id INTO shown;
    IF shown = new_id THEN
        PERFORM log.append(jsonb_build_array(jsonb_build_object(
            'id', event, 'stream', 'quarantine', 'stream_id', county, 'tag', 'alarm.quarantined',
            'division', county, 'actor', by,
            'body', jsonb_build_object('quarantine', shown, 'topic', topic, 'reason', reason))), at);
    END IF;
END $$;

-- Advances the receipts of these incidents; returns those whose device has something new to hear.
CREATE FUNCTION devices.tell(alarms uuid[], incidents text[], news jsonb, at timestamptz)
RETURNS SETOF devices.receipt LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO devices.told AS t (incident, stage, who, eta_s, say)
    SELECT incident, stage, who, eta_s, say FROM jsonb_to_recordset(news)
        AS n(incident text, stage smallint, who text, eta_s integer, say text) ORDER BY incident
    ON CONFLICT (incident) DO UPDATE
        SET stage = excluded.stage, who = excluded.who, eta_s = excluded.eta_s, say = excluded.say
        WHERE excluded.stage >= t.stage;
    UPDATE devices.receipt r SET incident = p.incident
    FROM unnest(alarms, incidents) AS p(alarm, incident) JOIN devices.raw_event e ON e.id = p.alarm
    WHERE (r.device_id, r.boot, r.seq) = (e.device_id, e.boot, e.seq);
    RETURN QUERY
    UPDATE devices.receipt r
    SET rev = r.rev + 1, stage = t.stage, who = t.who, eta_s = t.eta_s, say = t.say, changed_at = at
    FROM devices.told t
    WHERE r.incident = t.incident AND t.stage >= r.stage
      AND r.incident IN (SELECT n->>'incident' FROM jsonb_array_elements(news) AS n
                         UNION ALL SELECT i FROM unnest(incidents) AS i)
      AND (r.stage, r.who, r.eta_s, r.say) IS DISTINCT FROM (t.stage, t.who, t.eta_s, t.say)
    RETURNING r.*;
END $$;
