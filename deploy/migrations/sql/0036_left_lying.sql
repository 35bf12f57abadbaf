-- Followers with an event of their own left lying since `before`. Only of one that has anybody's event so old ahead of it
-- everything is read: the others, which is all of them on a good day, are at most a few seconds behind. Events stand
-- nearly in the order of their times, so the first few tell.
CREATE OR REPLACE FUNCTION log.behind(before timestamptz) RETURNS SETOF text STABLE LANGUAGE plpgsql AS $$
DECLARE
    f log.follower;
    e log.event;
BEGIN
    FOR f IN SELECT * FROM log.follower LOOP
        IF before > ANY(ARRAY(
            SELECT recorded_at FROM log.event WHERE (era, txid, position) > (f.era, f.txid, f.position)
            ORDER BY era, txid, position LIMIT 20))
        THEN
            e := log.first_above(f);
            IF e.recorded_at < before THEN
                RETURN NEXT f.name;
            END IF;
        END IF;
    END LOOP;
END $$;
