-- What a desk asks on the telephone, and how it finds somebody by a few words.
ALTER TABLE dispatch.elder ADD medicine text, ADD allergies text;

-- Answers to the guided questions of a call, by their codes. A later answer stands beside the earlier one.
CREATE TABLE dispatch.answer (
    id uuid PRIMARY KEY,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    division text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX answer_incident ON dispatch.answer (incident_id, at);

GRANT SELECT, INSERT ON dispatch.answer TO yl_dispatch;
GRANT SELECT ON dispatch.answer TO yl_gateway;
ALTER TABLE dispatch.answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.answer FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.answer TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.answer TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.answer FOR SELECT TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())));

-- Chinese is searched by pairs of characters: most words have two, too few for trigrams.
CREATE FUNCTION dispatch.pairs(words text) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, n, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS n
$$;
CREATE INDEX elder_name_pairs ON dispatch.elder USING gin (dispatch.pairs(name));
CREATE INDEX home_address_pairs ON dispatch.home USING gin (dispatch.pairs(address));

-- Row-level security lets no index be used for such a search, so it is made by the owner, within the caller's scope.
CREATE FUNCTION dispatch.elders_found(words text, most integer) RETURNS SETOF text
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH asked AS MATERIALIZED (SELECT log.scope() AS scope, dispatch.digits(words) AS number)
    (SELECT e.id FROM dispatch.elder e WHERE e.id = words AND starts_with(e.division, (SELECT scope FROM asked)))
    UNION
    (SELECT e.id FROM dispatch.elder e
     WHERE length(words) >= 2 AND dispatch.pairs(e.name) @> dispatch.pairs(words) AND position(words IN e.name) > 0
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
    UNION  -- a surname alone: one sign has no pair
    (SELECT e.id FROM dispatch.elder e
     WHERE length(words) = 1 AND starts_with(e.name, words)
       AND e.division >= (SELECT scope FROM asked) AND e.division < (SELECT scope || ':' FROM asked) LIMIT most)
    UNION
    (SELECT e.id FROM dispatch.elder e
     WHERE (SELECT length(number) >= 4 FROM asked)
       AND dispatch.digits(e.phone) >= (SELECT number FROM asked)
       AND dispatch.digits(e.phone) < (SELECT number || ':' FROM asked)
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
    UNION
    (SELECT c.elder_id FROM dispatch.contact c
     WHERE (SELECT length(number) >= 4 FROM asked)
       AND dispatch.digits(c.phone) >= (SELECT number FROM asked)
       AND dispatch.digits(c.phone) < (SELECT number || ':' FROM asked)
       AND starts_with(c.division, (SELECT scope FROM asked)) LIMIT most)
    UNION
    (SELECT e.id FROM dispatch.home h JOIN dispatch.elder e ON e.home_id = h.id
     WHERE length(words) >= 2 AND dispatch.pairs(h.address) @> dispatch.pairs(words)
       AND position(words IN h.address) > 0
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
$$;
REVOKE EXECUTE ON FUNCTION dispatch.elders_found FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.elders_found TO yl_gateway;
