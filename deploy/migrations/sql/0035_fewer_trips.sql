-- Whether a follower has something to take: 0 nothing, 1 now, 2 in a moment (above the horizon). What others follow is
-- read once: the connection remembers before which transaction nothing of this follower's is left. It dies with the
-- server, as it must: after a crash numbers may be given out again that were never written down.
CREATE OR REPLACE FUNCTION log.pending(reader text) RETURNS integer STABLE LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
    e log.event;
    memory text := 'yl.passed.' || regexp_replace(reader, '[^a-z.]', '_', 'g');
    known text[] := string_to_array(current_setting(memory, true), ' ');
    present integer := (SELECT era FROM log.era);
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
BEGIN
    SELECT * INTO f FROM log.follower WHERE name = reader;
    IF known[1] = present::text AND (present, known[2]::xid8) > (f.era, f.txid) THEN
        f.era := present;
        f.txid := known[2]::xid8;
        f.position := 0;
    END IF;
    e := log.first_above(f);
    IF e.era < present THEN
        RETURN 1;
    END IF;
    PERFORM set_config(memory, present || ' ' || least(e.txid, horizon), false);
    RETURN CASE WHEN e.txid IS NULL THEN 0 WHEN e.txid < horizon THEN 1 ELSE 2 END;
END $$;

-- Case files: each in one row.
CREATE FUNCTION dispatch.case_rows(names text[])
RETURNS TABLE (incident jsonb, job jsonb, offers jsonb, assignments jsonb) STABLE LANGUAGE sql AS $$
    SELECT to_jsonb(i),
           (SELECT to_jsonb(j) FROM dispatch.job j WHERE j.incident_id = i.id),
           (SELECT jsonb_agg(o ORDER BY o.sent_at, o.id) FROM dispatch.offer o WHERE o.incident_id = i.id),
           (SELECT jsonb_agg(a ORDER BY a.accepted_at, a.id) FROM dispatch.assignment a WHERE a.incident_id = i.id)
    FROM dispatch.incident i WHERE i.id = ANY(names)
$$;

-- The same under their locks, which come first: what is read then is what was committed last.
CREATE FUNCTION dispatch.case_files(names text[])
RETURNS TABLE (incident jsonb, job jsonb, offers jsonb, assignments jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM log.lock(ARRAY(SELECT 'incident/' || name FROM unnest(names) AS name));
    RETURN QUERY SELECT * FROM dispatch.case_rows(names);
END $$;

-- Rows that change several times in their first minutes find room for it on their own page, and spare their indexes.
ALTER TABLE dispatch.incident SET (fillfactor = 60);
ALTER TABLE dispatch.job SET (fillfactor = 60);
ALTER TABLE dispatch.offer SET (fillfactor = 60);
ALTER TABLE log.stream SET (fillfactor = 60);
