-- People, places and jobs.
CREATE SCHEMA dispatch;

CREATE TABLE dispatch.division (
    code text PRIMARY KEY CHECK (code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    name text NOT NULL,
    parent text REFERENCES dispatch.division
);

CREATE TABLE dispatch.home (
    id text PRIMARY KEY,
    division text NOT NULL,
    address text NOT NULL,
    floor smallint,
    lift boolean,
    door_code text,
    key_place text,
    lat double precision NOT NULL,
    lon double precision NOT NULL
);

CREATE TABLE dispatch.elder (
    id text PRIMARY KEY,
    home_id text NOT NULL REFERENCES dispatch.home,
    division text NOT NULL,
    name text NOT NULL,
    sex text CHECK (sex IN ('f', 'm')),
    born integer,
    phone text,
    lives_alone boolean NOT NULL DEFAULT false,
    assessment smallint CHECK (assessment BETWEEN 0 AND 4),
    health text,
    dialect text
);
CREATE INDEX elder_home ON dispatch.elder (home_id);

CREATE TABLE dispatch.contact (
    elder_id text NOT NULL REFERENCES dispatch.elder,
    division text NOT NULL,
    ord smallint NOT NULL,
    name text NOT NULL,
    relation text NOT NULL,
    phone text NOT NULL,
    has_key boolean NOT NULL DEFAULT false,
    PRIMARY KEY (elder_id, ord)
);

CREATE TABLE dispatch.provider (
    id text PRIMARY KEY,
    division text NOT NULL,
    name text NOT NULL,
    phone text,
    lat double precision NOT NULL,
    lon double precision NOT NULL
);

CREATE TABLE dispatch.responder (
    id text PRIMARY KEY,
    division text NOT NULL,
    provider_id text REFERENCES dispatch.provider,
    kind text NOT NULL CHECK (kind IN ('caregiver', 'nurse', 'grid_worker', 'guard', 'station', 'volunteer')),
    name text NOT NULL,
    phone text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    speed_mps real NOT NULL DEFAULT 1.2,
    nights boolean NOT NULL DEFAULT false,
    accepts real NOT NULL DEFAULT 2,
    refusals real NOT NULL DEFAULT 2,
    on_duty boolean NOT NULL DEFAULT false,
    duty_since timestamptz,
    seen_lat double precision,
    seen_lon double precision,
    seen_at timestamptz,
    reachable boolean NOT NULL DEFAULT false
);
CREATE INDEX responder_on_duty ON dispatch.responder (division) WHERE on_duty;

CREATE SEQUENCE dispatch.incident_no;

CREATE TABLE dispatch.incident (
    id text PRIMARY KEY,
    division text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'taken', 'on_scene', 'with_elder', 'resolved',
                                         'closed', 'false_alarm')),
    ver integer NOT NULL,
    decided_ver integer NOT NULL,
    subject text NOT NULL,
    family text NOT NULL,
    kind text NOT NULL,
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),
    drill boolean NOT NULL,
    class text NOT NULL,
    flags text[] NOT NULL,
    presses integer NOT NULL,
    home_id text,
    elder_id text,
    device_id text,
    linked_to text,
    lat double precision,
    lon double precision,
    policy jsonb NOT NULL,
    rung smallint NOT NULL,
    rung_at timestamptz NOT NULL,
    nudged_at timestamptz,
    opened_at timestamptz NOT NULL,
    pressed_at timestamptz NOT NULL,
    taken_at timestamptz,
    taken_by text,
    taken_name text,
    arrived_at timestamptz,
    with_elder_at timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    outcome text,
    evidence text,
    evidence_by text,
    receipt_stage smallint NOT NULL,
    receipt_who text,
    receipt_eta_s integer,
    receipt_say text
);
-- One live event per subject and kind of help; a drill never swallows a real alarm.
CREATE UNIQUE INDEX incident_one_live ON dispatch.incident (subject, family, drill)
    WHERE state IN ('open', 'taken', 'on_scene', 'with_elder');
CREATE INDEX incident_live ON dispatch.incident (division, opened_at)
    WHERE state NOT IN ('closed', 'false_alarm');
CREATE INDEX incident_recent ON dispatch.incident (subject, opened_at);
CREATE INDEX incident_home ON dispatch.incident (home_id, opened_at);
CREATE INDEX incident_listed ON dispatch.incident (opened_at DESC, id DESC);

CREATE TABLE dispatch.alarm (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    division text NOT NULL,
    device_id text NOT NULL,
    eid text NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX alarm_incident ON dispatch.alarm (incident_id);

CREATE TABLE dispatch.job (
    id uuid PRIMARY KEY,
    incident_id text REFERENCES dispatch.incident,
    division text NOT NULL,
    state text NOT NULL CHECK (state IN ('created', 'offering', 'accepted', 'en_route', 'arrived', 'in_service',
        'completed', 'closed', 're_offering', 'escalated', 'no_access', 'not_found', 'stood_down')),
    ver integer NOT NULL,
    wave smallint NOT NULL,
    wave_at timestamptz NOT NULL,
    state_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX job_incident ON dispatch.job (incident_id);

CREATE TABLE dispatch.offer (
    id uuid PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES dispatch.job,
    incident_id text NOT NULL,
    division text NOT NULL,
    responder_id text NOT NULL,
    responder_name text NOT NULL,
    responder_kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('sent', 'shown', 'rang', 'accepted', 'declined', 'expired', 'withdrawn')),
    wave smallint NOT NULL,
    dist_m integer NOT NULL,
    eta_s integer NOT NULL,
    score jsonb NOT NULL,
    sent_at timestamptz NOT NULL,
    respond_by timestamptz NOT NULL,
    shown_at timestamptz,
    rang_at timestamptz,
    answered_at timestamptz,
    reason text
);
CREATE INDEX offer_job ON dispatch.offer (job_id);
CREATE INDEX offer_incident ON dispatch.offer (incident_id);
CREATE INDEX offer_responder ON dispatch.offer (responder_id, sent_at DESC);
CREATE INDEX offer_pending ON dispatch.offer (responder_id) WHERE state IN ('sent', 'shown', 'rang');
CREATE UNIQUE INDEX offer_one_live ON dispatch.offer (job_id, responder_id)
    WHERE state IN ('sent', 'shown', 'rang', 'accepted');

CREATE TABLE dispatch.assignment (
    id uuid PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES dispatch.job,
    incident_id text NOT NULL,
    division text NOT NULL,
    offer_id uuid NOT NULL,
    responder_id text NOT NULL,
    responder_name text NOT NULL,
    responder_kind text NOT NULL,
    role text NOT NULL CHECK (role IN ('first', 'backup')),
    slot smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('accepted', 'en_route', 'arrived', 'in_service', 'completed',
                                         'released', 'stood_down')),
    eta_s integer NOT NULL,
    accepted_at timestamptz NOT NULL,
    departed_at timestamptz,
    arrived_at timestamptz,
    with_elder_at timestamptz,
    stalled_at timestamptz,
    ended_at timestamptz,
    end_reason text
);
-- Exactly one winner per role slot; nobody is under way to two jobs at once.
CREATE UNIQUE INDEX assignment_one_winner ON dispatch.assignment (job_id, role, slot)
    WHERE state IN ('accepted', 'en_route', 'arrived', 'in_service', 'completed');
CREATE UNIQUE INDEX assignment_one_place ON dispatch.assignment (responder_id)
    WHERE state IN ('en_route', 'arrived', 'in_service') AND role <> 'backup';
CREATE INDEX assignment_incident ON dispatch.assignment (incident_id);
CREATE INDEX assignment_busy ON dispatch.assignment (responder_id)
    WHERE state IN ('accepted', 'en_route', 'arrived', 'in_service');

CREATE TABLE dispatch.call_attempt (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    division text NOT NULL,
    callee text NOT NULL,
    result text NOT NULL CHECK (result IN ('answered', 'no_answer', 'busy', 'off')),
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX call_attempt_incident ON dispatch.call_attempt (incident_id);

CREATE TABLE dispatch.note (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    division text NOT NULL,
    text text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX note_incident ON dispatch.note (incident_id);

-- Every wait, a pure function of the rows above; gone in the same transaction that writes its successor.
CREATE TABLE dispatch.deadline (
    incident_id text NOT NULL REFERENCES dispatch.incident,
    kind text NOT NULL,
    target text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (incident_id, kind, target)
);
CREATE INDEX deadline_due ON dispatch.deadline (due_at);

-- Answers to commands already carried out, committed with their effect.
CREATE TABLE dispatch.idempotency (
    account text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    status smallint NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_age ON dispatch.idempotency (at);
