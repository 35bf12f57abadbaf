-- Elders and families at their own page.

-- Part one: who they are. Neither has a password: she comes by a telephone that was paired once, they by a code.
ALTER TABLE gateway.account ALTER password_hash DROP NOT NULL, ADD elder_id text UNIQUE;
ALTER TABLE gateway.account DROP CONSTRAINT account_role_check;
ALTER TABLE gateway.account
    ADD CONSTRAINT account_role_check
        CHECK (role IN ('responder', 'desk', 'supervisor', 'admin', 'installer', 'elder', 'family')),
    ADD CONSTRAINT account_elder CHECK ((role = 'elder') = (elder_id IS NOT NULL)),
    ADD CONSTRAINT account_password CHECK (role IN ('elder', 'family') OR password_hash IS NOT NULL);

-- A code that makes a telephone an elder's own button: shown once, good for some minutes, used once.
CREATE TABLE gateway.pairing (
    code_sha256 bytea PRIMARY KEY,
    elder_id text NOT NULL,
    division text NOT NULL,
    made_by text NOT NULL REFERENCES gateway.account,
    until_at timestamptz NOT NULL,
    used_at timestamptz,
    -- The telephone, and the session it reads with: both end together.
    device_id text,
    session_sha256 bytea UNIQUE
);
CREATE INDEX pairing_elder ON gateway.pairing (elder_id);
CREATE INDEX pairing_over ON gateway.pairing (until_at) WHERE used_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.pairing TO yl_gateway;

ALTER TABLE devices.device DROP CONSTRAINT device_kind_check;
ALTER TABLE devices.device ADD CONSTRAINT device_kind_check
    CHECK (kind IN ('button', 'wearable', 'hub', 'sensor', 'sms', 'canary', 'page'));

-- Part two: families.
-- One of the family comes by a code sent to her telephone, which is all that is known of her before an elder agrees.
ALTER TABLE gateway.account ADD phone text;
ALTER TABLE gateway.account ADD CONSTRAINT account_phone CHECK (phone IS NULL OR role = 'family');
CREATE UNIQUE INDEX account_by_phone ON gateway.account (phone) WHERE phone IS NOT NULL;

-- A hash of six digits would hide nothing: the row goes when it was used, or within the hour.
CREATE TABLE gateway.login_code (
    id uuid PRIMARY KEY,
    phone text NOT NULL,
    code text NOT NULL CHECK (code ~ '^[0-9]{6}$'),
    tries smallint NOT NULL DEFAULT 0,
    asked_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL
);
CREATE INDEX login_code_phone ON gateway.login_code (phone, asked_at);
CREATE INDEX login_code_over ON gateway.login_code (asked_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.login_code TO yl_gateway;
-- Who sends the code looks up number and digits at the moment of sending, as with every message.
GRANT USAGE ON SCHEMA gateway TO yl_dispatch;
GRANT SELECT ON gateway.login_code TO yl_dispatch;
ALTER TABLE dispatch.message DROP CONSTRAINT message_to_kind_check;
ALTER TABLE dispatch.message ADD CONSTRAINT message_to_kind_check
    CHECK (to_kind IN ('responder', 'contact', 'seat', 'elder', 'login'));

-- An elder's consent that waits for the one it was given for: shown once as a code, used once.
CREATE TABLE gateway.kin_code (
    code_sha256 bytea PRIMARY KEY,
    division text NOT NULL,
    elder_id text NOT NULL,
    relation text NOT NULL,
    may text[] NOT NULL,
    given_by text NOT NULL CHECK (given_by IN ('elder', 'worker')),
    how text NOT NULL CHECK (how IN ('own_page', 'in_person', 'telephone', 'paper')),
    wording text NOT NULL,
    made_by text NOT NULL REFERENCES gateway.account,
    given_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX kin_code_elder ON gateway.kin_code (elder_id);
CREATE INDEX kin_code_over ON gateway.kin_code (until_at);

-- Who of a family may see what of an elder, since when, by whose consent; ended rows are kept as the record of it.
CREATE TABLE gateway.kin (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    elder_id text NOT NULL,
    account_id text NOT NULL REFERENCES gateway.account,
    relation text NOT NULL CHECK (relation IN ('daughter', 'son', 'spouse', 'daughter_in_law', 'son_in_law',
                                               'grandchild', 'sibling', 'relative', 'friend')),
    may text[] NOT NULL CHECK (may <@ ARRAY['calls', 'health', 'devices', 'orders'] AND 'calls' = ANY(may)),
    given_by text NOT NULL CHECK (given_by IN ('elder', 'worker')),
    how text NOT NULL,
    wording text NOT NULL,
    made_by text NOT NULL REFERENCES gateway.account,
    given_at timestamptz NOT NULL,
    bound_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text
);
CREATE UNIQUE INDEX kin_once ON gateway.kin (elder_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX kin_account ON gateway.kin (account_id) WHERE ended_at IS NULL;

-- What the family thought of a call for help or an order: five faces, and words if she likes.
CREATE TABLE gateway.rating (
    about text NOT NULL,
    account_id text NOT NULL REFERENCES gateway.account,
    division text NOT NULL,
    elder_id text NOT NULL,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    text text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (about, account_id)
);

CREATE TABLE gateway.complaint (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    elder_id text NOT NULL,
    account_id text NOT NULL REFERENCES gateway.account,
    about text,
    text text NOT NULL,
    at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    answer text,
    answered_at timestamptz,
    answered_by text REFERENCES gateway.account,
    CONSTRAINT complaint_answered CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX complaint_open ON gateway.complaint (due_at) WHERE answered_at IS NULL;
CREATE INDEX complaint_listed ON gateway.complaint (at DESC, id DESC);
CREATE INDEX complaint_account ON gateway.complaint (account_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.kin_code TO yl_gateway;
GRANT SELECT, INSERT, UPDATE ON gateway.kin, gateway.rating, gateway.complaint TO yl_gateway;
DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['gateway.kin_code', 'gateway.kin', 'gateway.rating', 'gateway.complaint'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_gateway USING (starts_with(division, (SELECT log.scope())))
                        WITH CHECK (starts_with(division, (SELECT log.scope())))', people);
    END LOOP;
END $$;
