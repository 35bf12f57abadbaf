-- Who may see what, who has looked, and what proves that nobody has rewritten it (docs/audit.md).

-- The log in pieces: `root` is over the events after the piece before up to (era, txid, position), in follower order;
-- `hash` is over the line itself and the hash before it. A head that the level above keeps proves all below it.
CREATE TABLE log.seal (
    n bigint PRIMARY KEY,
    era integer NOT NULL,
    txid xid8 NOT NULL,
    position bigint NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    prev bytea NOT NULL CHECK (octet_length(prev) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON log.seal TO yl_gateway;
GRANT SELECT ON log.seal TO yl_watch, yl_report;

-- Reads of people's data are events of their own: found by who has read, and by whom it was about.
CREATE INDEX event_reader ON log.event (actor, recorded_at) WHERE stream = 'access';
CREATE INDEX event_read ON log.event ((body->>'elder'), recorded_at) WHERE stream = 'access';

-- Somebody has looked behind a mask, in the own division or, in an emergency, beyond it. Words of people stay here.
CREATE TABLE gateway.access (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('reveal', 'break_glass', 'file', 'erasure')),
    elder_id text NOT NULL,
    division text NOT NULL,
    account_id text NOT NULL REFERENCES gateway.account,
    account_division text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('incident', 'call_back', 'visit', 'correction', 'complaint', 'asked_by_her',
                                           'danger')),
    note text NOT NULL,
    at timestamptz NOT NULL,
    review_by timestamptz CHECK ((kind = 'break_glass') = (review_by IS NOT NULL)),
    reviewed_at timestamptz,
    reviewed_by text REFERENCES gateway.account CHECK (reviewed_by <> account_id),
    right_to boolean,
    remark text,
    overdue_at timestamptz,
    CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (right_to IS NULL))
);
CREATE INDEX access_listed ON gateway.access (at DESC, id DESC);
CREATE INDEX access_elder ON gateway.access (elder_id, at);
CREATE INDEX access_open ON gateway.access (review_by) WHERE review_by IS NOT NULL AND reviewed_at IS NULL;

-- Mutual aid: what the seats of `to_division` may read of a neighbour's division, until when.
CREATE TABLE gateway.aid (
    id uuid PRIMARY KEY,
    division text NOT NULL CHECK (division <> ''),
    to_division text NOT NULL CHECK (to_division <> ''),
    reason text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > from_at AND until_at <= from_at + interval '7 days'),
    by_account text NOT NULL REFERENCES gateway.account,
    ended_at timestamptz
);
CREATE INDEX aid_live ON gateway.aid (to_division) WHERE ended_at IS NULL;
CREATE INDEX aid_due ON gateway.aid (until_at) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON gateway.access, gateway.aid TO yl_gateway;

-- Begins a scope, with what neighbours have lent to exactly this division. A grant is live until it is ended, which
-- the gateway does on time; without a gateway nobody reads.
CREATE FUNCTION log.enter(scope text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT set_config('yl.scope', '/' || scope, true),
           set_config('yl.aided', coalesce((SELECT array_agg(a.division)::text FROM gateway.aid a
                                            WHERE a.to_division = scope AND a.ended_at IS NULL), '{}'), true)
$$;
REVOKE EXECUTE ON FUNCTION log.enter FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.enter TO yl_gateway, yl_report;

CREATE FUNCTION log.aided() RETURNS text[] STABLE LANGUAGE sql AS $$
    SELECT coalesce(nullif(current_setting('yl.aided', true), ''), '{}')::text[]
$$;

-- Everything that holds names, telephone numbers or words of people, and was only guarded by grants so far. Whoever
-- keeps a table sees it whole, by a policy that says so; nobody else sees anything. Who may log in is known to the
-- gateway before any scope is, so its own tables are of that kind too.
DO $$
DECLARE
    held record;
    keeper text;
BEGIN
    FOR held IN
        SELECT * FROM (VALUES
            ('devices.receipt', '{yl_devices}'), ('devices.told', '{yl_devices}'),
            ('devices.idempotency', '{yl_devices}'), ('dispatch.idempotency', '{yl_dispatch}'),
            ('log.dead_letter', '{yl_devices,yl_dispatch,yl_gateway,yl_watch}'),
            ('log.event', '{yl_devices,yl_dispatch,yl_watch}')) AS t(name, keepers)
        UNION ALL
        SELECT format('gateway.%I', relname),
               CASE relname WHEN 'login_code' THEN '{yl_gateway,yl_dispatch}' ELSE '{yl_gateway}' END
        FROM pg_class WHERE relnamespace = 'gateway'::regnamespace AND relkind = 'r' AND NOT relrowsecurity
            AND relname NOT IN ('flood', 'access')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', held.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', held.name);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', held.name);
        FOREACH keeper IN ARRAY held.keepers::text[] LOOP
            EXECUTE format('CREATE POLICY %I ON %s TO %I USING (true) WITH CHECK (true)', 'keeper_' || keeper,
                           held.name, keeper);
        END LOOP;
    END LOOP;
END $$;
-- granted once and read by nobody
REVOKE SELECT ON devices.health, devices.pressed FROM yl_watch;
CREATE POLICY in_scope ON log.event FOR SELECT TO yl_gateway, yl_report
    USING (starts_with(division, (SELECT log.scope())));
CREATE POLICY appended ON log.event FOR INSERT TO yl_gateway WITH CHECK (true);

ALTER TABLE gateway.access ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.access FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.access TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON gateway.access TO yl_gateway USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));

-- What is laid down is read by those below it and those above; who has laid it down is a name.
ALTER TABLE dispatch.policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.policy FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.policy TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.policy TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.policy FOR SELECT TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())) OR starts_with((SELECT log.scope()), division));

-- What a neighbour who helps may read: the call for help and whom it is about, nothing of the registry beside it.
DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY[
        'dispatch.home', 'dispatch.elder', 'dispatch.contact', 'dispatch.responder', 'dispatch.incident',
        'dispatch.alarm', 'dispatch.job', 'dispatch.offer', 'dispatch.assignment', 'dispatch.call_attempt',
        'dispatch.note', 'dispatch.answer', 'dispatch.message', 'dispatch.track', 'log.event'
    ] LOOP
        EXECUTE format('CREATE POLICY aided ON %s FOR SELECT TO yl_gateway
                        USING (division ^@ ANY ((SELECT log.aided())::text[]))', people);
    END LOOP;
END $$;

-- What is kept only for so long is forgotten by the gateway, a piece at a time.
GRANT SELECT, DELETE ON dispatch.phone_call, dispatch.message TO yl_gateway;
GRANT DELETE ON gateway.evidence, gateway.complaint, gateway.access TO yl_gateway;
CREATE POLICY forgotten ON dispatch.phone_call FOR DELETE TO yl_gateway USING (true);
CREATE POLICY forgotten ON dispatch.message FOR DELETE TO yl_gateway USING (true);
CREATE INDEX evidence_age ON gateway.evidence (at);
CREATE INDEX phone_call_age ON dispatch.phone_call (recorded_at);
CREATE INDEX message_age ON dispatch.message (wanted_at);
