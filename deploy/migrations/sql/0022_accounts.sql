-- Accounts and doors: second factors, sessions one can see and end, locks, the sign-on of an office.
ALTER TABLE gateway.account
    -- A one-time password is good until then and has to be changed at once; null is a password of one's own.
    ADD password_until timestamptz,
    ADD sso_subject text UNIQUE,
    ADD made_at timestamptz,
    ADD made_by text REFERENCES gateway.account;
ALTER TABLE gateway.account DROP CONSTRAINT account_role_check, DROP CONSTRAINT account_password;
ALTER TABLE gateway.account
    ADD CONSTRAINT account_role_check
        CHECK (role IN ('responder', 'desk', 'supervisor', 'admin', 'installer', 'office', 'auditor', 'security',
                        'elder', 'family')),
    ADD CONSTRAINT account_password
        CHECK (role IN ('elder', 'family') OR password_hash IS NOT NULL OR sso_subject IS NOT NULL);
CREATE INDEX account_listed ON gateway.account (division, username) WHERE role NOT IN ('elder', 'family');

ALTER TABLE gateway.session
    ADD must text CHECK (must IN ('password', 'factor')),
    ADD proved_at timestamptz,
    ADD used_at timestamptz,
    ADD agent text,
    ADD address text;

-- A sealed key of an authenticator, or the public key of a passkey.
CREATE TABLE gateway.factor (
    id uuid PRIMARY KEY,
    account_id text NOT NULL REFERENCES gateway.account,
    kind text NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name text NOT NULL,
    secret bytea NOT NULL,
    credential bytea UNIQUE,
    -- The last time step of an authenticator, the counter of a passkey: neither is used twice.
    counter bigint NOT NULL DEFAULT 0,
    added_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    used_at timestamptz,
    CONSTRAINT factor_passkey CHECK ((kind = 'passkey') = (credential IS NOT NULL))
);
CREATE INDEX factor_account ON gateway.factor (account_id);

CREATE TABLE gateway.recovery_code (
    code_sha256 bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES gateway.account,
    made_at timestamptz NOT NULL
);
CREATE INDEX recovery_code_account ON gateway.recovery_code (account_id);

-- Half of something: a password that was right and waits for the second factor, a challenge, a sign-on elsewhere.
CREATE TABLE gateway.half (
    token_sha256 bytea PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('login', 'passkey', 'registration', 'sso')),
    account_id text REFERENCES gateway.account,
    challenge bytea,
    tries smallint NOT NULL DEFAULT 0,
    until_at timestamptz NOT NULL
);
CREATE INDEX half_over ON gateway.half (until_at);

-- Failures by the hash of what was typed as a name, known or not, so that a lock tells nothing.
CREATE TABLE gateway.login_failure (
    name_sha256 bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX login_failure_name ON gateway.login_failure (name_sha256, at);
CREATE INDEX login_failure_over ON gateway.login_failure (at);

-- A browser somebody has come in with before: strangers who guess do not lock its owner out.
CREATE TABLE gateway.known_browser (
    token_sha256 bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES gateway.account,
    at timestamptz NOT NULL
);
CREATE INDEX known_browser_account ON gateway.known_browser (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.factor, gateway.recovery_code, gateway.half, gateway.login_failure,
    gateway.known_browser TO yl_gateway;
