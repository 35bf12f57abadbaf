-- One event over an area with many people; peace and war; drills; seats on duty.

-- What is wrong with an area: an outage that has become an event, or a storm that somebody has reported. Its row in the
-- desk's queue is an incident like any other.
CREATE TABLE dispatch.mass_event (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    areas text[] NOT NULL,
    kind text NOT NULL CHECK (kind IN ('outage', 'storm', 'flood', 'heat', 'cold', 'fire', 'epidemic', 'other')),
    title text NOT NULL,
    drill boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    ver integer NOT NULL,
    outage_id uuid,
    incident_id text NOT NULL REFERENCES dispatch.incident,
    -- the last person of the areas who is on the list; null when all are
    enrolled_to text,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    opened_by_name text NOT NULL,
    reminded_at timestamptz,
    closed_at timestamptz,
    closed_by text,
    closed_by_name text,
    closing_note text
);
CREATE UNIQUE INDEX mass_event_of_outage ON dispatch.mass_event (outage_id) WHERE outage_id IS NOT NULL;
CREATE INDEX mass_event_incident ON dispatch.mass_event (incident_id);
CREATE INDEX mass_event_listed ON dispatch.mass_event (opened_at DESC, id DESC);
CREATE INDEX mass_event_open ON dispatch.mass_event (opened_at) WHERE state = 'open';

-- One line a person and event. `division` is where she lived when she came on the list, so that villages add up.
CREATE TABLE dispatch.mass_person (
    event_id uuid NOT NULL REFERENCES dispatch.mass_event,
    elder_id text NOT NULL,
    division text NOT NULL,
    state text NOT NULL CHECK (state IN ('not_reached', 'safe', 'needs_transfer', 'refused', 'transferred', 'sheltered',
                                         'home', 'missing')),
    state_at timestamptz NOT NULL,
    tries integer NOT NULL,
    tried_at timestamptz,
    -- the incident in which people go to fetch her
    transfer_id text,
    named boolean NOT NULL,
    -- words of people, which stay out of the log
    place text,
    with_whom text,
    named_why text,
    PRIMARY KEY (event_id, elder_id)
);
CREATE INDEX mass_person_village ON dispatch.mass_person (event_id, division, state);
CREATE INDEX mass_person_elder ON dispatch.mass_person (elder_id);
CREATE INDEX mass_person_transfer ON dispatch.mass_person (transfer_id) WHERE transfer_id IS NOT NULL;

-- Each call and each answer, never changed: what was said, who wrote it down, when.
CREATE TABLE dispatch.mass_entry (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES dispatch.mass_event,
    elder_id text NOT NULL,
    division text NOT NULL,
    was text NOT NULL,
    state text NOT NULL,
    call text CHECK (call IN ('answered', 'no_answer', 'busy', 'off')),
    how text NOT NULL CHECK (how IN ('call', 'visit', 'list', 'job')),
    place text,
    with_whom text,
    note text,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX mass_entry_person ON dispatch.mass_entry (event_id, elder_id, at);

-- Whose devices an outage has silenced, as devices told of them one by one.
CREATE TABLE dispatch.outage_silent (
    outage_id uuid NOT NULL,
    device_id text NOT NULL,
    division text NOT NULL,
    home_id text,
    elder_id text,
    PRIMARY KEY (outage_id, device_id)
);

-- 平战结合: how a division works at present, and every change of it.
CREATE TABLE dispatch.mode (
    division text PRIMARY KEY,
    war boolean NOT NULL,
    reason text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz
);
CREATE TABLE dispatch.mode_change (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    war boolean NOT NULL,
    reason text NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz
);
CREATE INDEX mode_change_division ON dispatch.mode_change (division, at DESC);

-- Whoever is on the way in a drill goes to somebody in need when she calls.
ALTER TABLE dispatch.assignment ADD drill boolean NOT NULL DEFAULT false;
DROP INDEX dispatch.assignment_one_place;
CREATE UNIQUE INDEX assignment_one_place ON dispatch.assignment (responder_id)
    WHERE state IN ('en_route', 'arrived', 'in_service') AND role <> 'backup' AND NOT drill;

-- Who takes part in a drill: nobody else is written to or telephoned for it.
CREATE TABLE dispatch.drill (
    incident_id text PRIMARY KEY REFERENCES dispatch.incident,
    division text NOT NULL,
    people text[] NOT NULL,
    by_account text NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL
);

-- Somebody is always on duty. A post is a division that has had a seat; `covered_by` is the level above when it has
-- taken over; `uncovered_since` says that nobody of the division has said so.
CREATE TABLE dispatch.post (
    division text PRIMARY KEY,
    covered_by text,
    uncovered_since timestamptz,
    rung_at timestamptz
);
CREATE TABLE dispatch.seat (
    account text PRIMARY KEY,
    division text NOT NULL REFERENCES dispatch.post,
    name text NOT NULL,
    since timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL,
    asked_at timestamptz
);
CREATE INDEX seat_division ON dispatch.seat (division);
CREATE TABLE dispatch.hand_over (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    from_account text NOT NULL,
    from_name text NOT NULL,
    to_account text NOT NULL,
    to_name text NOT NULL,
    to_division text NOT NULL,
    note text NOT NULL,
    incidents text[] NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX hand_over_division ON dispatch.hand_over (division, at DESC);

-- Waits of what is no case: lists being filled, reminders, modes that end, seats that must say they are there.
CREATE TABLE dispatch.house_wait (
    kind text NOT NULL,
    target text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (kind, target)
);
CREATE INDEX house_wait_due ON dispatch.house_wait (due_at);

GRANT SELECT, INSERT, UPDATE ON dispatch.mass_event, dispatch.mass_person, dispatch.mass_entry, dispatch.outage_silent,
    dispatch.mode, dispatch.mode_change, dispatch.drill, dispatch.post, dispatch.seat, dispatch.hand_over,
    dispatch.house_wait TO yl_dispatch;
GRANT DELETE ON dispatch.seat, dispatch.house_wait TO yl_dispatch;
GRANT SELECT ON dispatch.mass_event, dispatch.mass_person, dispatch.mass_entry, dispatch.mode, dispatch.mode_change,
    dispatch.drill, dispatch.post, dispatch.seat, dispatch.hand_over TO yl_gateway;
GRANT SELECT ON dispatch.mass_event, dispatch.mass_person, dispatch.mode_change, dispatch.post TO yl_report;
GRANT SELECT ON dispatch.house_wait TO yl_watch;
GRANT SELECT (id, division) ON dispatch.mass_event TO yl_watch;

DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY[
        'dispatch.mass_event', 'dispatch.mass_person', 'dispatch.mass_entry', 'dispatch.outage_silent', 'dispatch.mode',
        'dispatch.mode_change', 'dispatch.drill', 'dispatch.post', 'dispatch.seat', 'dispatch.hand_over'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_dispatch USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway, yl_report
                        USING (starts_with(division, (SELECT log.scope())))', people);
    END LOOP;
END $$;
CREATE POLICY checks ON dispatch.mass_event FOR SELECT TO yl_watch USING (true);
-- An event over two streets is seen from both, each with its own people; so is the mode of the county over a street.
CREATE POLICY through_person ON dispatch.mass_event FOR SELECT TO yl_gateway
    USING (EXISTS (SELECT FROM unnest(areas) AS a WHERE starts_with((SELECT log.scope()), a)
                                                     OR starts_with(a, (SELECT log.scope()))));
CREATE POLICY from_below ON dispatch.mode FOR SELECT TO yl_gateway
    USING (starts_with((SELECT log.scope()), division));
-- whoever takes over must see who had it; whoever hands over, to whom
CREATE POLICY from_below ON dispatch.post FOR SELECT TO yl_gateway USING (starts_with((SELECT log.scope()), division));
CREATE POLICY from_below ON dispatch.seat FOR SELECT TO yl_gateway USING (starts_with((SELECT log.scope()), division));
