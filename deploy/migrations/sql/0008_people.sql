-- People who go: what they can, when, where, and whom they may not meet.
ALTER TABLE dispatch.responder
    ADD mode text NOT NULL DEFAULT 'walk' CHECK (mode IN ('walk', 'bike', 'ebike', 'car')),
    ADD sex text CHECK (sex IN ('f', 'm')),
    ADD dialects text[] NOT NULL DEFAULT '{}',
    -- Division served; null is the person's own county.
    ADD area text CHECK (area ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    ADD phone_only boolean NOT NULL DEFAULT false,
    -- Learned: how many times the expected time is kept on eight ways of ten; seconds within which eight of ten answer.
    ADD slow real NOT NULL DEFAULT 1 CHECK (slow BETWEEN 0.5 AND 4),
    ADD answer_s real NOT NULL DEFAULT 60 CHECK (answer_s BETWEEN 5 AND 600),
    -- Since when there has been no pause long enough to rest.
    ADD fresh_since timestamptz,
    ADD blocked_at timestamptz,
    ADD blocked_by text,
    ADD blocked_why text,
    ADD retired_at timestamptz,
    -- H3 cells of resolution 8: where last seen, and the person's station. Not known yet: looked at in every search.
    ADD cell bigint,
    ADD base_cell bigint;
ALTER TABLE dispatch.responder DROP CONSTRAINT responder_kind_check;
ALTER TABLE dispatch.responder ADD CONSTRAINT responder_kind_check CHECK (
    kind IN ('caregiver', 'nurse', 'grid_worker', 'guard', 'station', 'fire_post', 'volunteer', 'provider', 'canary'));
ALTER TABLE dispatch.provider ADD retired_at timestamptz;

CREATE INDEX responder_cell ON dispatch.responder (cell) WHERE retired_at IS NULL;
CREATE INDEX responder_base_cell ON dispatch.responder (base_cell) WHERE retired_at IS NULL;
CREATE INDEX responder_spot ON dispatch.responder USING gist (point(lon, lat)) WHERE retired_at IS NULL;
CREATE INDEX responder_there ON dispatch.responder (division) WHERE retired_at IS NULL;
CREATE INDEX responder_provider ON dispatch.responder (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX responder_canary ON dispatch.responder (division) WHERE kind = 'canary';
CREATE INDEX assignment_lately ON dispatch.assignment (responder_id, accepted_at);

CREATE TABLE dispatch.skill (
    responder_id text NOT NULL REFERENCES dispatch.responder,
    division text NOT NULL,
    skill text NOT NULL,
    valid_until date,
    PRIMARY KEY (responder_id, skill)
);

CREATE TABLE dispatch.shift (
    id uuid PRIMARY KEY,
    responder_id text NOT NULL REFERENCES dispatch.responder,
    division text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > from_at)
);
CREATE INDEX shift_responder ON dispatch.shift (responder_id, until_at);

-- What a responder is to an elder; who is excluded by the family is never sent to her.
CREATE TABLE dispatch.relation (
    elder_id text NOT NULL REFERENCES dispatch.elder,
    responder_id text NOT NULL REFERENCES dispatch.responder,
    division text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('excluded', 'regular', 'keyholder', 'neighbour', 'family')),
    why text,
    by_account text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (elder_id, responder_id)
);
CREATE INDEX relation_responder ON dispatch.relation (responder_id);

-- Who was sent by an organisation that names the person (机构派员).
ALTER TABLE dispatch.assignment ADD named_by text;

-- Roads of an area, a stretch a row; nobody's data. An import writes a new edition piece by piece, then points at it.
CREATE TABLE dispatch.road (
    area text NOT NULL,
    edition timestamptz NOT NULL,
    n integer NOT NULL,
    from_lat double precision NOT NULL,
    from_lon double precision NOT NULL,
    to_lat double precision NOT NULL,
    to_lon double precision NOT NULL,
    metres real NOT NULL CHECK (metres > 0),
    one_way boolean NOT NULL DEFAULT false,
    PRIMARY KEY (area, edition, n)
);
CREATE TABLE dispatch.road_graph (
    area text PRIMARY KEY,
    ways integer NOT NULL,
    edition timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.skill, dispatch.shift, dispatch.relation TO yl_dispatch;
GRANT SELECT ON dispatch.road, dispatch.road_graph TO yl_dispatch;
GRANT SELECT ON dispatch.skill, dispatch.shift, dispatch.relation TO yl_gateway;
DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['dispatch.skill', 'dispatch.shift', 'dispatch.relation'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_dispatch USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(division, (SELECT log.scope())))', people);
    END LOOP;
END $$;
