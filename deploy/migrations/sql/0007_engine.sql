-- Lives of incidents in full.

-- What a follower is about to take, read without its lock: for whatever must be looked up before its transaction.
CREATE FUNCTION log.peek(reader text, most integer) RETURNS SETOF log.event STABLE LANGUAGE sql AS $$
    SELECT e.* FROM log.follower f CROSS JOIN LATERAL (
        SELECT * FROM log.event e
        WHERE (e.era, e.txid, e.position) > (f.era, f.txid, f.position)
          AND e.txid < pg_snapshot_xmin(pg_current_snapshot()) AND e.tag = ANY(f.tags)
        ORDER BY e.era, e.txid, e.position LIMIT most
    ) AS e
    WHERE f.name = reader
$$;

-- An order is worked as a case; what is known of the one who calls; what has been tried.
ALTER TABLE dispatch.incident
    ADD order_id text,
    ADD skills text[] NOT NULL DEFAULT '{}',
    ADD hands smallint NOT NULL DEFAULT 1,
    ADD starts_at timestamptz,
    ADD eager boolean NOT NULL DEFAULT false,
    ADD held_until timestamptz,
    ADD quiet boolean NOT NULL DEFAULT false,
    ADD away_m integer,
    ADD cleared_at timestamptz,
    ADD missed_at timestamptz,
    ADD confirmed_at timestamptz,
    ADD family_at timestamptz,
    ADD kin text[] NOT NULL DEFAULT '{}',
    ADD keys_tried smallint NOT NULL DEFAULT 0,
    ADD keys_at timestamptz,
    ADD handoffs jsonb NOT NULL DEFAULT '{}';
ALTER TABLE dispatch.offer ADD stepped text[] NOT NULL DEFAULT '{}';
ALTER TABLE dispatch.assignment ADD late_at timestamptz, ADD lost_at timestamptz;
ALTER TABLE dispatch.assignment DROP CONSTRAINT assignment_role_check;
ALTER TABLE dispatch.assignment ADD CONSTRAINT assignment_role_check CHECK (role IN ('first', 'second', 'backup'));
CREATE INDEX incident_held ON dispatch.incident (taken_by)
    WHERE state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened');
CREATE INDEX incident_order ON dispatch.incident (order_id) WHERE order_id IS NOT NULL;

-- How the elder is: where she lives now and until when, what was signed, who has a key and when they can be reached.
ALTER TABLE dispatch.elder
    ADD dementia boolean NOT NULL DEFAULT false,
    ADD gender_wish text CHECK (gender_wish IN ('f', 'm')),
    ADD break_in boolean NOT NULL DEFAULT false,
    ADD status text NOT NULL DEFAULT 'home'
        CHECK (status IN ('home', 'out', 'hospital', 'institution', 'moved', 'dead')),
    ADD status_from timestamptz,
    ADD status_until timestamptz,
    ADD status_source text,
    ADD temp_address text,
    ADD temp_lat double precision,
    ADD temp_lon double precision,
    ADD temp_until timestamptz,
    ADD plan_until timestamptz;
ALTER TABLE dispatch.contact
    ADD from_h smallint NOT NULL DEFAULT 0 CHECK (from_h BETWEEN 0 AND 24),
    ADD until_h smallint NOT NULL DEFAULT 24 CHECK (until_h BETWEEN 0 AND 24);

-- What a division has laid down; the longest code that begins the incident's own counts, in its newest version.
CREATE TABLE dispatch.policy (
    division text NOT NULL,
    version integer NOT NULL,
    body jsonb NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (division, version)
);
GRANT SELECT, INSERT ON dispatch.policy TO yl_dispatch;
GRANT SELECT ON dispatch.policy TO yl_gateway;

-- She is called within a day after help has been with her; never asked for a rating after a rescue.
CREATE TABLE dispatch.call_back (
    incident_id text PRIMARY KEY REFERENCES dispatch.incident,
    division text NOT NULL,
    elder_id text,
    due_at timestamptz NOT NULL,
    rung_at timestamptz,
    made_at timestamptz,
    result text CHECK (result IN ('well', 'needs_help', 'no_answer', 'not_wanted')),
    by_account text,
    by_name text,
    note text
);
CREATE INDEX call_back_due ON dispatch.call_back (due_at) WHERE made_at IS NULL AND rung_at IS NULL;
CREATE INDEX call_back_open ON dispatch.call_back (division, due_at) WHERE made_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON dispatch.call_back TO yl_dispatch;
GRANT SELECT ON dispatch.call_back TO yl_gateway, yl_report;
DO $$
BEGIN
    ALTER TABLE dispatch.call_back ENABLE ROW LEVEL SECURITY;
    ALTER TABLE dispatch.call_back FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner_all ON dispatch.call_back TO yl_owner USING (true) WITH CHECK (true);
    CREATE POLICY keeper ON dispatch.call_back TO yl_dispatch USING (true) WITH CHECK (true);
    CREATE POLICY in_scope ON dispatch.call_back FOR SELECT TO yl_gateway, yl_report
        USING (starts_with(division, (SELECT log.scope())));
END $$;
