-- Least privilege: service roles own nothing; people rows are filtered by the scope of the transaction.
GRANT USAGE ON SCHEMA log TO yl_devices, yl_dispatch, yl_gateway, yl_watch, yl_report;
GRANT SELECT, INSERT ON log.event TO yl_devices, yl_dispatch, yl_gateway, yl_watch;
GRANT SELECT, INSERT, UPDATE ON log.stream TO yl_devices, yl_dispatch, yl_gateway, yl_watch;
GRANT SELECT ON log.era TO yl_devices, yl_dispatch, yl_gateway, yl_watch;
GRANT SELECT, INSERT, UPDATE ON log.follower TO yl_devices, yl_dispatch, yl_gateway, yl_watch;
GRANT SELECT, INSERT ON log.dead_letter TO yl_devices, yl_dispatch, yl_gateway, yl_watch;
REVOKE EXECUTE ON FUNCTION log.make_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.make_partitions TO yl_watch;

GRANT USAGE ON SCHEMA devices TO yl_devices, yl_gateway, yl_watch;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA devices TO yl_devices;
GRANT DELETE ON devices.lease TO yl_devices;
GRANT SELECT, DELETE ON devices.guard TO yl_watch;
GRANT SELECT ON devices.raw_event TO yl_watch;
GRANT SELECT (id, county, division, model, class, home_id, elder_id, added_at, revoked_at) ON devices.device
    TO yl_gateway;
GRANT SELECT ON devices.quarantine TO yl_gateway;

GRANT USAGE ON SCHEMA dispatch TO yl_dispatch, yl_gateway, yl_watch, yl_report;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA dispatch TO yl_dispatch;
GRANT DELETE ON dispatch.idempotency, dispatch.deadline TO yl_dispatch;
GRANT USAGE ON SEQUENCE dispatch.incident_no TO yl_dispatch;
GRANT SELECT ON dispatch.division, dispatch.home, dispatch.elder, dispatch.contact, dispatch.provider,
    dispatch.responder, dispatch.incident, dispatch.alarm, dispatch.job, dispatch.offer, dispatch.assignment,
    dispatch.call_attempt, dispatch.note, dispatch.deadline TO yl_gateway;
GRANT SELECT ON dispatch.incident, dispatch.alarm, dispatch.deadline TO yl_watch;
GRANT SELECT ON dispatch.incident, dispatch.job, dispatch.offer, dispatch.assignment, dispatch.division
    TO yl_report;

GRANT USAGE ON SCHEMA gateway TO yl_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gateway TO yl_gateway;

-- A scope is '/' and a division prefix, set for one transaction; '/' alone is the whole cell. Unset is an error,
-- never zero rows. The slash tells a set scope from the empty text that PostgreSQL leaves behind after one.
CREATE FUNCTION log.scope() RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE
    scope text := coalesce(current_setting('yl.scope', true), '');
BEGIN
    IF NOT starts_with(scope, '/') THEN
        RAISE EXCEPTION 'no scope is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN substr(scope, 2);
END $$;

DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY[
        'dispatch.home', 'dispatch.elder', 'dispatch.contact', 'dispatch.provider', 'dispatch.responder',
        'dispatch.incident', 'dispatch.alarm', 'dispatch.job', 'dispatch.offer', 'dispatch.assignment',
        'dispatch.call_attempt', 'dispatch.note', 'devices.device', 'devices.quarantine'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO %I USING (true) WITH CHECK (true)', people,
                       CASE WHEN people LIKE 'devices.%' THEN 'yl_devices' ELSE 'yl_dispatch' END);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(%I, (SELECT log.scope())))', people,
                       CASE WHEN people = 'devices.quarantine' THEN 'county' ELSE 'division' END);
    END LOOP;
    CREATE POLICY checks ON dispatch.incident FOR SELECT TO yl_watch USING (true);
    CREATE POLICY checks ON dispatch.alarm FOR SELECT TO yl_watch USING (true);
END $$;
