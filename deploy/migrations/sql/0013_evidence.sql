-- Photos, signatures and spoken notes of a visit.

-- What is handed in when a service is finished: all of it, or a reason why not. Emergencies have a rule of their own.
ALTER TABLE dispatch.service ADD hand_in text[] NOT NULL DEFAULT '{}'
    CHECK (hand_in <@ ARRAY['photo', 'signature', 'note']);
UPDATE dispatch.service SET hand_in = CASE code
    WHEN 'meal' THEN '{photo}'
    WHEN 'errand' THEN '{photo}'
    WHEN 'cleaning' THEN '{photo,signature}'
    WHEN 'bath' THEN '{signature}'
    WHEN 'clinic' THEN '{signature,note}'
    WHEN 'escort' THEN '{signature}'
    ELSE '{note}'
END::text[] WHERE division = '';

-- Written once. `taken_at` is the phone's time, `at` the server's; `told_at` is when its hash went into the log.
CREATE TABLE gateway.evidence (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL,
    job_id uuid,
    division text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('photo', 'signature', 'voice', 'report', 'person')),
    media text NOT NULL,
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 524288),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    by_account text NOT NULL REFERENCES gateway.account,
    taken_at timestamptz,
    at timestamptz NOT NULL,
    told_at timestamptz,
    CHECK ((kind = 'person') = (job_id IS NULL))
);
-- Pictures and sounds are packed already.
ALTER TABLE gateway.evidence ALTER content SET STORAGE EXTERNAL;
CREATE INDEX evidence_incident ON gateway.evidence (incident_id, at);

GRANT SELECT, INSERT, UPDATE (told_at) ON gateway.evidence TO yl_gateway;
ALTER TABLE gateway.evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.evidence TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON gateway.evidence TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));
