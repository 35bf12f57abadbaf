-- What the desk decides against the rules' own way, and who telephones it.

-- Matters whose presses come to this incident since theirs was merged into it; where this one went; since when it is
-- open again.
ALTER TABLE dispatch.incident
    ADD also text[] NOT NULL DEFAULT '{}',
    ADD merged_into text,
    ADD reopened_at timestamptz;
ALTER TABLE dispatch.incident DROP CONSTRAINT incident_state_check;
ALTER TABLE dispatch.incident ADD CONSTRAINT incident_state_check
    CHECK (state IN ('open', 'taken', 'on_scene', 'with_elder', 'resolved', 'closed', 'false_alarm', 'merged',
                     'reopened'));
DROP INDEX dispatch.incident_one_live;
CREATE UNIQUE INDEX incident_one_live ON dispatch.incident (subject, family, drill)
    WHERE state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened') AND NOT canary;
DROP INDEX dispatch.incident_live;
CREATE INDEX incident_live ON dispatch.incident (division, opened_at)
    WHERE state NOT IN ('closed', 'false_alarm', 'merged');
CREATE INDEX incident_also ON dispatch.incident USING gin (also) WHERE also <> '{}';
CREATE INDEX incident_merged ON dispatch.incident (merged_into) WHERE merged_into IS NOT NULL;

-- By whose choice somebody was asked: the rules', or a person's at the desk.
ALTER TABLE dispatch.offer
    ADD how text NOT NULL DEFAULT 'asked' CHECK (how IN ('asked', 'offered', 'ordered', 'moved'));

-- Calls that a telephone exchange announces. The number stays here, out of the log.
CREATE TABLE dispatch.phone_call (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    call_id text NOT NULL,
    number text NOT NULL,
    line text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    by_account text NOT NULL,
    elders text[] NOT NULL,
    responders text[] NOT NULL,
    incident_id text REFERENCES dispatch.incident,
    opened_by text,
    opened_at timestamptz
);
-- An exchange that announces a call again announces the same call.
CREATE UNIQUE INDEX phone_call_once ON dispatch.phone_call (by_account, call_id);
CREATE INDEX phone_call_listed ON dispatch.phone_call (recorded_at DESC, id DESC);
CREATE INDEX phone_call_incident ON dispatch.phone_call (incident_id) WHERE incident_id IS NOT NULL;

CREATE FUNCTION dispatch.digits(number text) RETURNS text IMMUTABLE LANGUAGE sql AS
    $$ SELECT regexp_replace(number, '[^0-9]', '', 'g') $$;
GRANT EXECUTE ON FUNCTION dispatch.digits TO yl_dispatch;
CREATE INDEX elder_digits ON dispatch.elder (dispatch.digits(phone));
CREATE INDEX contact_phone ON dispatch.contact (dispatch.digits(phone));
CREATE INDEX responder_phone ON dispatch.responder (dispatch.digits(phone));

GRANT SELECT, INSERT, UPDATE ON dispatch.phone_call TO yl_dispatch;
GRANT SELECT ON dispatch.phone_call TO yl_gateway;
ALTER TABLE dispatch.phone_call ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch.phone_call FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON dispatch.phone_call TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON dispatch.phone_call TO yl_dispatch USING (true) WITH CHECK (true);
CREATE POLICY in_scope ON dispatch.phone_call FOR SELECT TO yl_gateway, yl_report
    USING (starts_with(division, (SELECT log.scope())));
