-- Things: identity, raw events, receipts, quarantine.
CREATE SCHEMA devices;

CREATE TABLE devices.device (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_.-]{1,64}$'),
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

CREATE TABLE devices.raw_event (
    device_id text NOT NULL,
    boot bigint NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL UNIQUE,
    eid text NOT NULL,
    topic text NOT NULL,
    payload bytea NOT NULL,
    flags text[] NOT NULL,
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
    PRIMARY KEY (device_id, boot, seq)
);
CREATE INDEX receipt_incident ON devices.receipt (incident) WHERE incident IS NOT NULL;
CREATE INDEX receipt_unsent ON devices.receipt (device_id) WHERE sent_rev < rev AND stage > 1;

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
