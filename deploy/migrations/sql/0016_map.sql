-- Shapes of divisions and places that help to find the way, WGS-84. Nobody's data: every scope may read them.
CREATE TABLE dispatch.shape (
    division text PRIMARY KEY REFERENCES dispatch.division,
    geometry jsonb NOT NULL CHECK (geometry->>'type' IN ('Polygon', 'MultiPolygon')),
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL CHECK (east >= west),
    north double precision NOT NULL CHECK (north >= south),
    -- Drawn about the places known in it; an operator's own file replaces such guesses.
    drawn boolean NOT NULL,
    edition timestamptz NOT NULL
);
CREATE TABLE dispatch.landmark (
    area text NOT NULL,
    edition timestamptz NOT NULL,
    n integer NOT NULL,
    division text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    PRIMARY KEY (area, edition, n)
);
CREATE INDEX landmark_division ON dispatch.landmark (division text_pattern_ops);

CREATE INDEX road_place ON dispatch.road (area, edition, from_lat);

-- Where somebody was while on a job, so that whoever opens the map sees the way come so far. Kept for a day.
CREATE TABLE dispatch.track (
    responder_id text NOT NULL REFERENCES dispatch.responder,
    at timestamptz NOT NULL,
    division text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    PRIMARY KEY (responder_id, at)
);
CREATE INDEX track_age ON dispatch.track (at);

-- Written with the position itself, whoever tells it: a phone, a desk for somebody on the telephone.
CREATE FUNCTION dispatch.keep_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dispatch.track (responder_id, at, division, lat, lon)
    SELECT NEW.id, NEW.seen_at, NEW.division, NEW.seen_lat, NEW.seen_lon
    WHERE EXISTS (SELECT FROM dispatch.assignment a WHERE a.responder_id = NEW.id
                  AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service'))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_track AFTER UPDATE OF seen_at ON dispatch.responder FOR EACH ROW
    WHEN (NEW.seen_at IS DISTINCT FROM OLD.seen_at AND NEW.seen_lat IS NOT NULL)
    EXECUTE FUNCTION dispatch.keep_track();

GRANT SELECT ON dispatch.shape, dispatch.landmark, dispatch.road, dispatch.road_graph TO yl_gateway;
GRANT SELECT, INSERT ON dispatch.track TO yl_dispatch;
GRANT SELECT, DELETE ON dispatch.track TO yl_gateway;
ALTER TABLE dispatch.track ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.track FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.track TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.track TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.track FOR SELECT TO yl_gateway, yl_report
    USING (starts_with(division, (SELECT log.scope())));
CREATE POLICY forgotten ON dispatch.track FOR DELETE TO yl_gateway USING (true);
