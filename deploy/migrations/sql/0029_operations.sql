-- A restored log begins a new era. Transactions of an era that is over are all settled, whatever their numbers are:
-- the cluster that counts now has begun anew.
DO $$
DECLARE
    reader text;
BEGIN
    FOREACH reader IN ARRAY ARRAY[
        'log.take(text, integer)', 'log.peek(text, integer)', 'log.pending(text)', 'report.follow(integer, timestamptz)'
    ] LOOP
        EXECUTE replace(
            pg_get_functiondef(reader::regprocedure), 'e.txid < pg_snapshot_xmin(pg_current_snapshot())',
            '(e.era < (SELECT era FROM log.era) OR e.txid < pg_snapshot_xmin(pg_current_snapshot()))');
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION log.skip(reader text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
    present integer := (SELECT era FROM log.era);
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('follower/' || reader, 0)) THEN
        RETURN;
    END IF;
    SELECT * INTO f FROM log.follower WHERE name = reader;
    UPDATE log.follower SET era = present, txid = pg_snapshot_xmin(pg_current_snapshot()), position = 0, moved_at = at
    WHERE name = reader AND (era, txid) < (present, pg_snapshot_xmin(pg_current_snapshot()))
      AND (log.first_above(f)).txid IS NULL;
END $$;

-- Called once after a restore, while nothing else runs: followers go on in the new era, and consoles, whose numbers may
-- be higher than those that came back, are sent the whole.
CREATE FUNCTION log.begin_era(epoch text, event uuid, at timestamptz) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    begun integer;
    last timestamptz := (SELECT max(recorded_at) FROM log.event);
BEGIN
    PERFORM log.lock(ARRAY['log/era']);
    UPDATE log.era SET era = era + 1 RETURNING era INTO begun;
    UPDATE gateway.inbox SET epoch = begin_era.epoch;
    PERFORM log.append(jsonb_build_array(jsonb_build_object(
        'id', event, 'stream', 'log', 'stream_id', 'era', 'tag', 'log.era_begun', 'division', '', 'actor', 'owner:restore',
        'body', jsonb_build_object('era', begun, 'last', last))), at);
    RETURN begun;
END $$;
REVOKE EXECUTE ON FUNCTION log.begin_era FROM PUBLIC;

-- Words of reminders are forgotten like other words of people.
GRANT DELETE ON gateway.nudge TO yl_gateway;
