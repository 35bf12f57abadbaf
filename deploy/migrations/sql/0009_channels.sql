-- What is sent to people beside their consoles, and what became of it.

-- Who is told what by which channel. The words, the name and the number are looked up when it is sent.
CREATE TABLE dispatch.message (
    id uuid PRIMARY KEY,
    incident_id text REFERENCES dispatch.incident,
    division text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'voice', 'push', 'family')),
    to_kind text NOT NULL CHECK (to_kind IN ('responder', 'contact', 'seat', 'elder')),
    to_id text NOT NULL,
    template text NOT NULL,
    params jsonb NOT NULL,
    drill boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'answered', 'failed', 'expired',
                                         'withheld')),
    wanted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    due_at timestamptz CHECK (due_at IS NOT NULL OR state NOT IN ('queued', 'sending')),
    offer_id uuid,
    attempts smallint NOT NULL,
    rings smallint NOT NULL,
    ref text,
    reason text,
    answer text,
    sent_at timestamptz,
    delivered_at timestamptz,
    ended_at timestamptz,
    about text NOT NULL
);
-- A family hears the same news once.
CREATE UNIQUE INDEX message_once ON dispatch.message (incident_id, about);
CREATE INDEX message_due ON dispatch.message (due_at) WHERE due_at IS NOT NULL;

-- The telephone that rings at a division's duty desk.
ALTER TABLE dispatch.division ADD phone text;

GRANT SELECT, INSERT, UPDATE ON dispatch.message TO yl_dispatch;
GRANT SELECT ON dispatch.message TO yl_gateway, yl_report, yl_watch;

ALTER TABLE dispatch.message ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.message FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.message TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.message TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.message FOR SELECT TO yl_gateway, yl_report
    USING (starts_with(division, (SELECT log.scope())));
CREATE POLICY checks ON dispatch.message FOR SELECT TO yl_watch USING (true);
