-- Lives of incidents in full.

-- What a follower is about to take, read without its lock: for whatever must be looked up before its transaction.
CREATE FUNCTION log.peek(reader text, most integer) RETURNS SETOF log.event STABLE LANGUAGE sql AS $$
    SELECT e.* FROM log.follower f CROSS JOIN LATERAL (
        SELECT * FROM log.event e
        WHERE (e.era, e.txid, e.position) > (f.era, f.txid, f.position)
          AND e.txid < pg_snapshot_xmin(pg_current_snapshot()) AND e.tag = ANY(f.tags)
        ORDER BY e.era, e.txid, e.position LIMIT most
    ) AS e
    WHERE f.name = reader
$$;
