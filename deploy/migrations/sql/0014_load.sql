-- Alarm load of seats, things put aside for a while.

-- A condition of a thing put aside (搁置): until when, why, by whom. It ends by itself; a press is never put aside.
ALTER TABLE dispatch.incident ADD shelved_until timestamptz;
CREATE TABLE dispatch.shelf (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    -- `device/kind`, as in the incident
    faults text[] NOT NULL CHECK (faults <> '{}'),
    reason text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > at AND until <= at + interval '24 hours'),
    taken_down_at timestamptz
);
CREATE INDEX shelf_live ON dispatch.shelf (until) WHERE taken_down_at IS NULL;
CREATE INDEX shelf_faults ON dispatch.shelf USING gin (faults);

-- Presses of the last minutes are counted for every desk.
CREATE INDEX alarm_at ON dispatch.alarm USING brin (at);

-- Times at which more alarms came to a desk than a person can work through.
CREATE TABLE gateway.flood (
    division text NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (division, began_at)
);
CREATE UNIQUE INDEX flood_now ON gateway.flood (division) WHERE ended_at IS NULL;

-- When the screen of a seat could last be heard, and since when others know that it cannot.
CREATE TABLE gateway.seat_sound (
    account text PRIMARY KEY REFERENCES gateway.account,
    opened_at timestamptz NOT NULL,
    heard_at timestamptz,
    silent_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON dispatch.shelf TO yl_dispatch;
GRANT SELECT ON dispatch.shelf TO yl_gateway;
GRANT SELECT, INSERT, UPDATE ON gateway.flood TO yl_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.seat_sound TO yl_gateway;
ALTER TABLE dispatch.shelf ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.shelf FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.shelf TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.shelf TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.shelf FOR SELECT TO yl_gateway, yl_report
    USING (starts_with(division, (SELECT log.scope())));
