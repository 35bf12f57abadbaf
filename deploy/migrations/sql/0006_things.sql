-- Things, second part: whose they are and since when, how they are, what nobody has bound yet.

ALTER TABLE devices.device
    ADD kind text NOT NULL DEFAULT 'button'
        CHECK (kind IN ('button', 'wearable', 'hub', 'sensor', 'sms', 'canary')),
    ADD beat_s integer CHECK (beat_s BETWEEN 10 AND 86400),
    -- symmetric, so that an alarm can be signed where no broker vouches for it; sealed with the service's own key
    ADD mac_key bytea,
    ADD claim_sha256 bytea,
    ADD withdrawn_at timestamptz,
    -- its secret was changed then, and a connection under the older one may still stand
    ADD cut_at timestamptz,
    ADD revoked_why text,
    ADD datum text NOT NULL DEFAULT 'wgs84' CHECK (datum IN ('wgs84', 'gcj02', 'bd09'));
CREATE INDEX device_withdraw ON devices.device (id) WHERE revoked_at IS NOT NULL AND withdrawn_at IS NULL;
CREATE INDEX device_cut ON devices.device (id) WHERE cut_at IS NOT NULL;

-- Where a device is and who wears it, from when until when: a device that moves leaves its history with the elder.
CREATE TABLE devices.placement (
    device_id text NOT NULL REFERENCES devices.device,
    division text NOT NULL,
    home_id text,
    elder_id text,
    from_at timestamptz NOT NULL,
    until_at timestamptz CHECK (until_at > from_at),
    placed_by text NOT NULL,
    confirmed_at timestamptz,
    confirmed_by text,
    confirmed_how text CHECK (confirmed_how IN ('voice', 'tick', 'import')),
    PRIMARY KEY (device_id, from_at)
);
CREATE UNIQUE INDEX placement_now ON devices.placement (device_id) WHERE until_at IS NULL;
CREATE INDEX placement_elder ON devices.placement (elder_id);
INSERT INTO devices.placement (device_id, division, home_id, elder_id, from_at, placed_by, confirmed_at, confirmed_by,
                               confirmed_how)
SELECT id, division, home_id, elder_id, added_at, 'import', added_at, 'import', 'import'
FROM devices.device WHERE home_id IS NOT NULL OR elder_id IS NOT NULL;

-- One try to take a device over: code, login and a press within a minute.
CREATE TABLE devices.claim (
    id uuid PRIMARY KEY,
    device_id text NOT NULL REFERENCES devices.device,
    opened_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    right_code boolean NOT NULL,
    pressed_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX claim_tries ON devices.claim (device_id, opened_at);

-- While one is open, presses of this device are tests; the third is real.
CREATE TABLE devices.test_window (
    device_id text NOT NULL REFERENCES devices.device,
    opened_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > opened_at),
    opened_by text NOT NULL,
    presses integer NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, opened_at)
);

-- When it was last pressed, in earnest or as a test, and last tested itself.
CREATE TABLE devices.pressed (
    device_id text PRIMARY KEY,
    pressed_at timestamptz,
    tested_at timestamptz,
    self_tested_at timestamptz
) WITH (fillfactor = 70);

-- What its own reports say; written once a second by the presence road alone.
CREATE TABLE devices.health (
    device_id text PRIMARY KEY,
    seen_at timestamptz,
    online boolean,
    changed_at timestamptz,
    will_at timestamptz,
    batt real,
    rssi real,
    mains boolean,
    fw text
) WITH (fillfactor = 50);

-- When we ourselves heard nothing.
CREATE TABLE devices.deaf (
    from_at timestamptz PRIMARY KEY,
    until_at timestamptz
);

-- Something is wrong with a device and not mended yet.
CREATE TABLE devices.fault (
    id uuid PRIMARY KEY,
    device_id text NOT NULL REFERENCES devices.device,
    kind text NOT NULL CHECK (kind IN ('offline', 'low_batt', 'mains_lost', 'tamper')),
    division text NOT NULL,
    home_id text,
    elder_id text,
    outage_id uuid,
    -- she cannot call any more
    protects boolean NOT NULL DEFAULT false,
    opened_at timestamptz NOT NULL,
    -- its outage is over and it is still silent: work of its own since then
    alone_at timestamptz,
    ended_at timestamptz
);
CREATE UNIQUE INDEX fault_open ON devices.fault (device_id, kind) WHERE ended_at IS NULL;
CREATE INDEX fault_outage ON devices.fault (outage_id) WHERE outage_id IS NOT NULL;

-- Many devices silent at once are one thing: a power cut, a network down.
CREATE TABLE devices.outage (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    devices integer NOT NULL,
    opened_at timestamptz NOT NULL,
    grew_at timestamptz NOT NULL,
    ended_at timestamptz
);

-- Foreign things that have told of themselves and are bound to nothing yet.
CREATE TABLE devices.discovered (
    address text PRIMARY KEY,
    adapter text NOT NULL,
    hub_id text,
    county text NOT NULL,
    name text,
    maker text,
    model text,
    words text[] NOT NULL DEFAULT '{}',
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);

-- Who was refused by a broker, and why; counted, not listed.
CREATE TABLE devices.denial (
    device text NOT NULL,
    why text NOT NULL,
    county text NOT NULL,
    count integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (device, why)
);

CREATE TABLE devices.idempotency (
    account text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    status smallint NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_age ON devices.idempotency (at);

ALTER TABLE devices.raw_event ADD last_at timestamptz;
CREATE INDEX raw_event_lately ON devices.raw_event (device_id, received_at);
ALTER TABLE devices.receipt ADD signed boolean NOT NULL DEFAULT false;

DROP FUNCTION devices.ingest(devices.arrival[], timestamptz, timestamptz, text);
ALTER TYPE devices.arrival ADD ATTRIBUTE kind text, ADD ATTRIBUTE signed boolean, ADD ATTRIBUTE folds integer,
    ADD ATTRIBUTE quiet boolean;
ALTER TYPE devices.outcome ADD ATTRIBUTE signed boolean;

-- Stores alarms in one round trip and says of each whether it is new and what its device was last told. An unknown
-- device on a topic without a county has no place: it is left out, and nothing is said of it.
-- The locks come first: the transaction gets its number, and every later statement its snapshot, behind them.
-- In an open test window the first two presses are tests; a device's own test never rings.
CREATE FUNCTION devices.ingest(
    arrivals devices.arrival[], at timestamptz, due timestamptz, by text, test_says text)
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
               coalesce(d.kind = 'canary', false) AS canary,
               a.number_boot IS NOT NULL AND r.device_id IS NOT NULL
                   AND abs(extract(epoch FROM a.claimed_at - r.claimed_at)) > 600 AS reused,
               r.device_id IS NOT NULL AND at - coalesce(r.last_at, r.received_at) > interval '10 minutes' AS stale,
               EXISTS (SELECT FROM devices.placement p
                       WHERE p.device_id = a.device AND p.until_at IS NULL AND p.confirmed_at IS NULL) AS unconfirmed,
               (SELECT max(e.seq) FROM devices.raw_event e
                WHERE e.device_id = a.device AND e.boot = a.number_boot AND e.seq < a.number_seq) AS before
        FROM ROWS FROM (unnest(arrivals)) WITH ORDINALITY AS a(
            device, number_boot, number_seq, spare_boot, spare_seq, reach, id, event, eid, topic, county, payload,
            flags, claimed_at, happened_at, relayed, body, kind, signed, folds, quiet, n)
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
    ), counted AS (
        SELECT f.*, f.number_seq - 1 - greatest(f.before, CASE WHEN f.number_seq IS NOT NULL THEN
                   lag(f.number_seq) OVER (PARTITION BY f.device, f.number_boot ORDER BY f.number_seq) END) AS missing
        FROM first f
    ), placed AS (
        SELECT f.*,
               f.flags || CASE WHEN NOT f.known THEN ARRAY['unknown_device'] ELSE '{}' END
                       || CASE WHEN f.revoked_at <= at THEN ARRAY['revoked'] ELSE '{}' END
                       || CASE WHEN f.reused THEN ARRAY['reused_sequence'] ELSE '{}' END
                       || CASE WHEN f.missing > 0 THEN ARRAY['sequence_gap'] ELSE '{}' END
                       || CASE WHEN f.unconfirmed THEN ARRAY['unconfirmed'] ELSE '{}' END AS all_flags
        FROM counted f
    ), stored AS (
        INSERT INTO devices.raw_event AS r
            (device_id, boot, seq, id, eid, topic, payload, flags, claimed_at, copies, received_at)
        SELECT p.device, p.boot, p.seq, p.id, p.eid, p.topic, p.payload, p.all_flags, p.claimed_at,
               p.many + coalesce(p.folds, 0), at
        FROM placed p
        ON CONFLICT (device_id, boot, seq) DO UPDATE SET copies = r.copies + excluded.copies, last_at = at
        RETURNING r.device_id, r.boot, r.seq, r.id
    ), fresh AS (
        SELECT p.*,
               p.kind = 'test' AND NOT p.through_hub AS self_test,
               w.opened_at AS window_at,
               w.presses + row_number() OVER (PARTITION BY p.device, w.opened_at ORDER BY p.n) AS press
        FROM placed p JOIN stored s USING (id)
        LEFT JOIN devices.test_window w
            ON w.device_id = p.device AND w.opened_at <= at AND at < w.until_at
               AND p.kind IN ('sos', 'sos_unknown', 'test', 'smoke', 'gas', 'water')
    ), ringing AS (
        SELECT f.*, f.self_test OR (f.window_at IS NOT NULL AND f.press <= 2) AS test FROM fresh f
    ), windowed AS (
        UPDATE devices.test_window w SET presses = w.presses + c.many
        FROM (SELECT device, window_at, count(*) AS many FROM ringing GROUP BY 1, 2) c
        WHERE (w.device_id, w.opened_at) = (c.device, c.window_at)
    ), claimed AS (
        UPDATE devices.claim c SET pressed_at = at
        FROM (SELECT DISTINCT device FROM ringing) f
        WHERE c.device_id = f.device AND c.right_code AND c.pressed_at IS NULL AND at < c.until_at
    ), noted AS (
        INSERT INTO devices.pressed AS p (device_id, pressed_at, tested_at, self_tested_at)
        SELECT device, CASE WHEN NOT bool_and(self_test) THEN at END,
               CASE WHEN bool_or(test AND NOT self_test) THEN at END, CASE WHEN bool_or(self_test) THEN at END
        FROM ringing WHERE known GROUP BY device ORDER BY device
        ON CONFLICT (device_id) DO UPDATE
        SET pressed_at = coalesce(excluded.pressed_at, p.pressed_at),
            tested_at = coalesce(excluded.tested_at, p.tested_at),
            self_tested_at = coalesce(excluded.self_tested_at, p.self_tested_at)
    ), receipted AS (
        INSERT INTO devices.receipt (device_id, boot, seq, eid, county, rev, stage, rx, changed_at, say, signed)
        SELECT f.device, f.boot, f.seq, f.eid, f.county, 1, 1, at, at, CASE WHEN f.test THEN test_says END,
               coalesce(f.signed, false)
        FROM ringing f
    ), guarded AS (
        INSERT INTO devices.guard (alarm_id, division, due_at)
        SELECT f.id, f.division, due FROM ringing f WHERE NOT f.test AND NOT f.quiet
    )
    SELECT (SELECT jsonb_agg(e.event ORDER BY e.n) FROM (
                SELECT f.n, jsonb_build_object(
                    'id', f.event, 'stream', 'device', 'stream_id', f.device,
                    'tag', CASE WHEN f.test THEN 'device.tested' WHEN f.quiet THEN 'alarm.folded' ELSE 'alarm.raised' END,
                    'division', f.division, 'happened_at', f.happened_at, 'actor', by,
                    'body', f.body::jsonb || jsonb_build_object(
                        'subject', CASE WHEN f.elder_id IS NOT NULL THEN 'elder:' || f.elder_id
                                        WHEN f.home_id IS NOT NULL THEN 'home:' || f.home_id
                                        ELSE 'device:' || f.device END,
                        'home', f.home_id, 'elder', f.elder_id, 'flags', f.all_flags,
                        'cls', CASE WHEN f.through_hub THEN 'relayed' ELSE 'own' END)
                    || CASE WHEN f.canary THEN '{"canary": true}' ELSE '{}' END::jsonb
                    || CASE WHEN f.missing > 0 THEN jsonb_build_object('missing', f.missing) ELSE '{}' END
                    || CASE WHEN f.folds > 0 THEN jsonb_build_object('folded', f.folds) ELSE '{}' END
                    || CASE WHEN f.self_test THEN '{"how": "self"}' WHEN f.test THEN '{"how": "press"}'
                            ELSE '{}' END::jsonb) AS event
                FROM ringing f
                UNION ALL
                SELECT k.n, jsonb_build_object(
                    'id', k.event, 'stream', 'device', 'stream_id', k.device, 'tag', 'alarm.replayed',
                    'division', k.division, 'actor', by,
                    'body', jsonb_build_object('device', k.device, 'eid', k.eid)) AS event
                FROM placed k LEFT JOIN ringing f USING (id) WHERE k.stale AND f.id IS NULL) AS e),
           (SELECT array_agg(ROW(
                k.n::integer, f.id IS NOT NULL, k.device, coalesce(r.county, k.county), coalesce(r.eid, f.eid),
                coalesce(r.rev, 1), coalesce(r.stage, 1), r.incident, coalesce(r.rx, at), r.who, r.eta_s,
                coalesce(r.say, CASE WHEN f.test THEN test_says END), coalesce(r.signed, f.signed, false)
                )::devices.outcome ORDER BY k.n)
            FROM keyed k
            LEFT JOIN ringing f ON (f.device, f.boot, f.seq) = (k.device, k.boot, k.seq)
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

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA devices TO yl_devices;
GRANT DELETE ON devices.binding, devices.discovered, devices.denial, devices.deaf, devices.idempotency TO yl_devices;
GRANT SELECT ON devices.placement, devices.claim, devices.test_window, devices.pressed, devices.health, devices.fault,
    devices.outage, devices.discovered, devices.denial, devices.binding TO yl_gateway;
GRANT SELECT (kind, beat_s, datum, class, foreign_prefix, revoked_why) ON devices.device TO yl_gateway;
GRANT SELECT ON devices.raw_event TO yl_gateway;
GRANT SELECT ON devices.health, devices.pressed TO yl_report, yl_watch;
GRANT USAGE ON SCHEMA devices TO yl_report;
GRANT SELECT (id, division) ON devices.device TO yl_report;

DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['devices.placement', 'devices.fault', 'devices.outage', 'devices.discovered',
                                  'devices.denial'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_devices USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(%I, (SELECT log.scope())))', people,
                       CASE WHEN people IN ('devices.discovered', 'devices.denial') THEN 'county' ELSE 'division' END);
    END LOOP;
    -- What has no division of its own is seen through its device.
    FOREACH people IN ARRAY ARRAY['devices.claim', 'devices.test_window', 'devices.pressed', 'devices.health',
                                  'devices.raw_event', 'devices.binding'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_devices USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (EXISTS (SELECT FROM devices.device d WHERE d.id = device_id))', people);
    END LOOP;
    CREATE POLICY checks ON devices.raw_event FOR SELECT TO yl_watch USING (true);
END $$;

-- What is told of a county is seen by whoever tends a device of it; an outage by whoever has a device in it.
CREATE POLICY through_hub ON devices.discovered FOR SELECT TO yl_gateway
    USING (EXISTS (SELECT FROM devices.device d WHERE d.id = hub_id));
CREATE POLICY through_hub ON devices.quarantine FOR SELECT TO yl_gateway
    USING (reason = 'unbound' AND EXISTS (
        SELECT FROM devices.device d
        WHERE d.foreign_prefix IS NOT NULL AND starts_with(topic, rtrim(d.foreign_prefix, '#/') || '/')));
CREATE INDEX device_hub ON devices.device (id) WHERE foreign_prefix IS NOT NULL;
CREATE POLICY through_device ON devices.denial FOR SELECT TO yl_gateway
    USING (EXISTS (SELECT FROM devices.device d WHERE d.id = device));
CREATE POLICY through_fault ON devices.outage FOR SELECT TO yl_gateway
    USING (EXISTS (SELECT FROM devices.fault f WHERE f.outage_id = outage.id));

-- Lists are read by division, searched by the beginning of what they show.
CREATE INDEX device_listed ON devices.device (division, id);
CREATE INDEX device_model ON devices.device (model);
CREATE INDEX device_elder ON devices.device (elder_id) WHERE elder_id IS NOT NULL;
CREATE INDEX device_unplaced ON devices.device (division, id) WHERE home_id IS NULL AND elder_id IS NULL;
CREATE INDEX device_revoked ON devices.device (division, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX placement_unconfirmed ON devices.placement (device_id) WHERE until_at IS NULL AND confirmed_at IS NULL;
CREATE INDEX quarantine_open ON devices.quarantine (last_at DESC, id DESC) WHERE settled_at IS NULL;
CREATE INDEX outage_listed ON devices.outage (opened_at DESC, id DESC);
CREATE INDEX elder_name ON dispatch.elder (name);
CREATE INDEX elder_phone ON dispatch.elder (phone);

-- Faults of devices become work in dispatch; a canary and its incident are in no figure.
ALTER TABLE dispatch.incident ADD canary boolean NOT NULL DEFAULT false, ADD outage_id uuid;
-- What is wrong with her things, by device and kind; whether that leaves her without protection; until when the night
-- lets people sleep; since when people stand in for the device; how far an outage reaches.
ALTER TABLE dispatch.incident
    ADD faults jsonb NOT NULL DEFAULT '{}',
    ADD protects boolean NOT NULL DEFAULT false,
    ADD asks_at timestamptz,
    ADD covered_at timestamptz,
    ADD outage_devices integer,
    ADD outage_elders integer;
-- A canary's case never joins another, so that every round of it is its own.
DROP INDEX dispatch.incident_one_live;
CREATE UNIQUE INDEX incident_one_live ON dispatch.incident (subject, family, drill)
    WHERE state IN ('open', 'taken', 'on_scene', 'with_elder') AND NOT canary;
CREATE INDEX incident_outage ON dispatch.incident (outage_id) WHERE outage_id IS NOT NULL;
-- what is believed of somebody nobody has asked yet: 36 in 100 offers are accepted (docs/replay.md)
ALTER TABLE dispatch.responder ALTER refusals SET DEFAULT 3.5;
ALTER TABLE dispatch.responder DROP CONSTRAINT responder_kind_check;
ALTER TABLE dispatch.responder ADD CONSTRAINT responder_kind_check
    CHECK (kind IN ('caregiver', 'nurse', 'grid_worker', 'guard', 'station', 'volunteer', 'canary'));
ALTER TABLE gateway.account DROP CONSTRAINT account_role_check;
ALTER TABLE gateway.account ADD CONSTRAINT account_role_check
    CHECK (role IN ('responder', 'desk', 'supervisor', 'admin', 'installer'));
