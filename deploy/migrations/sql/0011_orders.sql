-- Orders: planned services on the same engine. Money in fen, shares in permille.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- What can be ordered. The line of the smallest division round the elder counts; the empty division is the whole cell.
CREATE TABLE dispatch.service (
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,31}$'),
    division text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    minutes smallint NOT NULL CHECK (minutes BETWEEN 1 AND 720),
    hands smallint NOT NULL CHECK (hands BETWEEN 1 AND 4),
    skills text[] NOT NULL,
    evidence_arrive text[] NOT NULL CHECK (evidence_arrive <@ ARRAY['position', 'home_code', 'button']),
    evidence_leave text[] NOT NULL CHECK (evidence_leave <@ ARRAY['position', 'home_code', 'button']),
    welfare boolean NOT NULL,
    offered boolean NOT NULL,
    PRIMARY KEY (code, division)
);
INSERT INTO dispatch.service VALUES
    ('meal', '', '助餐', 'Meal', 10, 1, '{}', '{position,home_code,button}', '{}', true, true),
    ('clinic', '', '助医', 'Going to the doctor', 180, 1, '{escort}', '{position,home_code,button}', '{position,home_code,button}', true, true),
    ('escort', '', '助行', 'Going out', 90, 1, '{escort}', '{position,home_code,button}', '{position,home_code,button}', true, true),
    ('bath', '', '助浴', 'Bath', 60, 2, '{bath}', '{home_code,button}', '{home_code,button}', true, true),
    ('cleaning', '', '助洁', 'Cleaning', 120, 1, '{}', '{position,home_code,button}', '{position,home_code,button}', false, true),
    ('urgent', '', '助急', 'Urgent help', 60, 1, '{}', '{position,home_code,button}', '{position,home_code,button}', true, true),
    ('errand', '', '代办', 'Errand', 60, 1, '{}', '{position,home_code,button}', '{}', false, true),
    ('visit', '', '探访', 'Visit', 30, 1, '{}', '{position,home_code,button}', '{position,home_code,button}', true, true);

-- A price is never changed: the next version begins where it ends, and of one day there is one.
CREATE TABLE dispatch.price (
    id uuid PRIMARY KEY,
    service text NOT NULL,
    division text NOT NULL,
    since date NOT NULL,
    until date CHECK (until > since),
    cents integer NOT NULL CHECK (cents >= 0),
    subsidy_permille smallint NOT NULL CHECK (subsidy_permille BETWEEN 0 AND 1000),
    absent_permille smallint NOT NULL CHECK (absent_permille BETWEEN 0 AND 1000),
    by_account text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT price_one_a_day EXCLUDE USING gist
        (service WITH =, division WITH =, daterange(since, until) WITH &&)
);

CREATE TABLE dispatch.series (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    elder_id text NOT NULL REFERENCES dispatch.elder,
    service text NOT NULL,
    rule text NOT NULL,
    first_day date NOT NULL,
    first_min smallint NOT NULL CHECK (first_min BETWEEN 0 AND 1439),
    last_min smallint NOT NULL CHECK (last_min BETWEEN first_min AND 1439),
    until date,
    provider_id text REFERENCES dispatch.provider,
    filled_until date,
    skipped date[] NOT NULL DEFAULT '{}',
    next_at timestamptz,
    by_account text NOT NULL,
    at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX series_next ON dispatch.series (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX series_elder ON dispatch.series (elder_id);

CREATE SEQUENCE dispatch.order_no;

CREATE TABLE dispatch.service_order (
    id text PRIMARY KEY,
    division text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'placed', 'scheduled', 'dispatched', 'fulfilled', 'closed',
                                         'rescheduled', 'cancelled', 'missed', 'returned', 'disputed')),
    ver integer NOT NULL,
    elder_id text NOT NULL REFERENCES dispatch.elder,
    home_id text,
    lat double precision,
    lon double precision,
    service text NOT NULL,
    window_from timestamptz NOT NULL,
    window_to timestamptz NOT NULL CHECK (window_to >= window_from),
    minutes smallint NOT NULL,
    hands smallint NOT NULL,
    skills text[] NOT NULL,
    evidence_arrive text[] NOT NULL,
    evidence_leave text[] NOT NULL,
    welfare boolean NOT NULL,
    created_at timestamptz NOT NULL,
    provider_id text,
    series_id uuid REFERENCES dispatch.series,
    day date,
    price_id uuid REFERENCES dispatch.price,
    price_cents integer,
    subsidy_cents integer,
    own_cents integer,
    absent_cents integer,
    charged_cents integer CHECK (charged_cents BETWEEN 0 AND price_cents),
    placed_at timestamptz,
    plan_at timestamptz,
    starts_at timestamptz,
    people text[] NOT NULL,
    attempt smallint NOT NULL,
    incident_id text,
    dispatched_at timestamptz,
    absent_at timestamptz,
    arrived_at timestamptz,
    begun_at timestamptz,
    fulfilled_at timestamptz,
    proofs_arrive text[] NOT NULL,
    proofs_leave text[] NOT NULL,
    verified boolean,
    ended_why text,
    missed_at timestamptz,
    returned_at timestamptz,
    disputed_at timestamptz,
    callback_at timestamptz,
    callback_tries smallint NOT NULL,
    callback_result text CHECK (callback_result IN ('reached', 'no_answer', 'not_wanted')),
    nudged_at timestamptz,
    rating smallint CHECK (rating BETWEEN 1 AND 5),
    closed_at timestamptz,
    CONSTRAINT order_one_a_day UNIQUE (series_id, day),
    CONSTRAINT order_priced CHECK (state IN ('draft', 'cancelled') OR price_id IS NOT NULL),
    CONSTRAINT order_adds_up CHECK (price_cents = subsidy_cents + own_cents)
);
CREATE INDEX order_listed ON dispatch.service_order (window_from, id);
CREATE INDEX order_elder ON dispatch.service_order (elder_id, window_from);
CREATE INDEX order_to_call ON dispatch.service_order (callback_at) WHERE state = 'fulfilled';
CREATE INDEX order_under_way ON dispatch.service_order (elder_id, home_id) WHERE state = 'dispatched';
CREATE INDEX order_missing_proof ON dispatch.service_order (window_from, id) WHERE verified = false;

-- What was agreed is agreed: once placed, neither price nor what must be shown can be changed by anybody.
CREATE FUNCTION dispatch.order_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.elder_id, OLD.service, OLD.minutes, OLD.hands, OLD.skills, OLD.evidence_arrive, OLD.evidence_leave,
        OLD.created_at) IS DISTINCT FROM
       (NEW.elder_id, NEW.service, NEW.minutes, NEW.hands, NEW.skills, NEW.evidence_arrive, NEW.evidence_leave,
        NEW.created_at)
       OR (OLD.price_id IS NOT NULL AND (OLD.price_id, OLD.price_cents, OLD.subsidy_cents, OLD.own_cents, OLD.placed_at)
           IS DISTINCT FROM (NEW.price_id, NEW.price_cents, NEW.subsidy_cents, NEW.own_cents, NEW.placed_at)) THEN
        RAISE EXCEPTION 'an order keeps what was agreed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_frozen BEFORE UPDATE ON dispatch.service_order
    FOR EACH ROW EXECUTE FUNCTION dispatch.order_frozen();

-- Whose time is taken when; nobody is booked twice.
CREATE TABLE dispatch.booking (
    order_id text NOT NULL REFERENCES dispatch.service_order,
    responder_id text NOT NULL REFERENCES dispatch.responder,
    division text NOT NULL,
    during tstzrange NOT NULL CHECK (NOT isempty(during)),
    PRIMARY KEY (order_id, responder_id),
    CONSTRAINT booking_one_place EXCLUDE USING gist (responder_id WITH =, during WITH &&)
);

-- Every wait of an order, a pure function of its row.
CREATE TABLE dispatch.order_wait (
    order_id text NOT NULL REFERENCES dispatch.service_order,
    kind text NOT NULL,
    county text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (order_id, kind)
);
CREATE INDEX order_wait_due ON dispatch.order_wait (due_at);
CREATE INDEX order_wait_batch ON dispatch.order_wait (county, due_at) WHERE kind = 'plan';

-- What was shown on coming and leaving, when it was shown. Written once: nobody may change or remove it.
CREATE TABLE dispatch.order_proof (
    id uuid PRIMARY KEY,
    order_id text NOT NULL REFERENCES dispatch.service_order,
    incident_id text,
    division text NOT NULL,
    phase text NOT NULL CHECK (phase IN ('arrive', 'leave')),
    kind text NOT NULL CHECK (kind IN ('position', 'home_code', 'button')),
    holds boolean NOT NULL,
    responder_id text NOT NULL,
    device_id text,
    lat double precision,
    lon double precision,
    accuracy_m integer,
    dist_m integer,
    at timestamptz NOT NULL
);
CREATE INDEX order_proof_order ON dispatch.order_proof (order_id);

CREATE TABLE dispatch.order_note (
    id uuid PRIMARY KEY,
    order_id text NOT NULL REFERENCES dispatch.service_order,
    division text NOT NULL,
    about text NOT NULL,
    text text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX order_note_order ON dispatch.order_note (order_id);

-- The code at a home (二维码 NFC): only its hash is kept.
CREATE TABLE dispatch.home_code (
    home_id text PRIMARY KEY REFERENCES dispatch.home,
    division text NOT NULL,
    code_sha256 bytea NOT NULL,
    by_account text NOT NULL,
    at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON dispatch.service, dispatch.series, dispatch.service_order, dispatch.home_code
    TO yl_dispatch;
GRANT SELECT, INSERT ON dispatch.price, dispatch.order_proof, dispatch.order_note TO yl_dispatch;
GRANT UPDATE (until) ON dispatch.price TO yl_dispatch;
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.booking, dispatch.order_wait TO yl_dispatch;
GRANT USAGE ON SEQUENCE dispatch.order_no TO yl_dispatch;
GRANT SELECT ON dispatch.service, dispatch.price, dispatch.series, dispatch.service_order, dispatch.booking,
    dispatch.order_proof, dispatch.order_note, dispatch.order_wait TO yl_gateway;
GRANT SELECT (home_id, division, at) ON dispatch.home_code TO yl_gateway;
GRANT SELECT ON dispatch.service, dispatch.price, dispatch.service_order TO yl_report;
DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['dispatch.series', 'dispatch.service_order', 'dispatch.booking',
                                  'dispatch.order_proof', 'dispatch.order_note', 'dispatch.home_code'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_dispatch USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(division, (SELECT log.scope())))', people);
    END LOOP;
END $$;
