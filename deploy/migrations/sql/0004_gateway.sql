-- The public door: accounts, sessions, inboxes.
CREATE SCHEMA gateway;

CREATE TABLE gateway.account (
    id text PRIMARY KEY,
    username text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('responder', 'desk', 'supervisor', 'admin')),
    kind text,
    division text NOT NULL,
    responder_id text UNIQUE,
    disabled_at timestamptz
);
CREATE INDEX account_seats ON gateway.account (division) WHERE role IN ('desk', 'supervisor');

CREATE TABLE gateway.session (
    token_sha256 bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES gateway.account,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX session_account ON gateway.session (account_id);

CREATE TABLE gateway.ticket (
    token_sha256 bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES gateway.account,
    session_sha256 bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- One ordered stream per person (u:<account>) or per duty desk (d:<division>).
CREATE TABLE gateway.inbox (
    id text PRIMARY KEY,
    division text NOT NULL,
    epoch text NOT NULL,
    last_seq bigint NOT NULL DEFAULT 0
);

CREATE TABLE gateway.inbox_event (
    inbox text NOT NULL REFERENCES gateway.inbox,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    exp timestamptz,
    d jsonb NOT NULL,
    division text NOT NULL,
    PRIMARY KEY (inbox, seq)
);
CREATE INDEX inbox_event_age ON gateway.inbox_event (at);
