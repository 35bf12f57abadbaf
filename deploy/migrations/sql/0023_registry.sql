-- The registry: divisions through time, whom a station serves, what is known of elders and since when, what they agreed to.

-- A division that has ended stays, so that what happened there keeps its place; `into_code` is where it went.
ALTER TABLE dispatch.division
    ADD since date,
    ADD until date CHECK (until > since),
    ADD into_code text REFERENCES dispatch.division;
CREATE TABLE dispatch.division_name (
    code text NOT NULL REFERENCES dispatch.division,
    until date NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (code, until)
);

-- Divisions a station or person serves, where it is not the one `area`.
ALTER TABLE dispatch.responder ADD catchment text[] NOT NULL DEFAULT '{}';

-- Nobody told where the home is: it stands in the middle of its division until somebody does.
ALTER TABLE dispatch.home ADD placed text NOT NULL DEFAULT 'given' CHECK (placed IN ('given', 'division'));

ALTER TABLE dispatch.elder
    ADD risk text CHECK (risk IN ('low', 'medium', 'high')),
    ADD risk_at timestamptz,
    ADD last_wishes text,
    ADD assessed_until date;

-- Ability by GB/T 42195: 0 whole to 4 lost wholly. The newest is hers; the older stay.
CREATE TABLE dispatch.assessment (
    elder_id text NOT NULL REFERENCES dispatch.elder,
    division text NOT NULL,
    assessed_on date NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
    until date NOT NULL CHECK (until > assessed_on),
    assessor text,
    by_account text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (elder_id, assessed_on)
);
CREATE INDEX elder_assessed_until ON dispatch.elder (assessed_until) WHERE assessed_until IS NOT NULL;

-- A telephone number of a contact is asked for again every 180 days.
ALTER TABLE dispatch.contact ADD confirmed_at timestamptz, ADD confirmed_by text;
CREATE INDEX contact_confirmed ON dispatch.contact (confirmed_at);

-- One person, one code (一人一码): signs that mean nothing by themselves. A lost card's code ends; another takes its place.
CREATE TABLE dispatch.elder_code (
    code text PRIMARY KEY CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{12}$'),
    elder_id text NOT NULL REFERENCES dispatch.elder,
    division text NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX elder_code_one ON dispatch.elder_code (elder_id) WHERE ended_at IS NULL;

-- What she agreed to, purpose by purpose, until it is taken back; ended rows are kept as the record of it.
CREATE TABLE dispatch.consent (
    id uuid PRIMARY KEY,
    elder_id text NOT NULL REFERENCES dispatch.elder,
    division text NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('care', 'health', 'position', 'recording', 'home_entry', 'research')),
    given_by text NOT NULL CHECK (given_by IN ('elder', 'guardian')),
    guardian text,
    how text NOT NULL CHECK (how IN ('paper', 'in_person', 'telephone', 'own_page')),
    wording text NOT NULL,
    given_at timestamptz NOT NULL,
    by_account text NOT NULL,
    ended_at timestamptz,
    ended_by text,
    CONSTRAINT consent_guardian CHECK ((given_by = 'guardian') = (guardian IS NOT NULL))
);
CREATE UNIQUE INDEX consent_one ON dispatch.consent (elder_id, purpose) WHERE ended_at IS NULL;

-- One file that was taken in: which, by whom, and what became of its rows.
CREATE TABLE dispatch.import (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    sheet text NOT NULL,
    digest text NOT NULL,
    rows integer NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    same integer NOT NULL,
    refused integer NOT NULL,
    by_account text NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX import_listed ON dispatch.import (begun_at DESC, id DESC);

-- A list that leaves the house: asked for with a reason, allowed by somebody else, taken once.
CREATE TABLE dispatch.export (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    sheet text NOT NULL,
    within text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_by text CHECK (decided_by <> asked_by),
    decided_name text,
    decided_at timestamptz,
    allowed boolean,
    taken_at timestamptz,
    CONSTRAINT export_decided CHECK ((decided_at IS NULL) = (allowed IS NULL)),
    CONSTRAINT export_taken CHECK (taken_at IS NULL OR allowed)
);
CREATE INDEX export_listed ON dispatch.export (asked_at DESC, id DESC);

GRANT SELECT, INSERT ON dispatch.assessment TO yl_dispatch;
GRANT UPDATE (division, level, until, assessor, by_account, at) ON dispatch.assessment TO yl_dispatch;
GRANT SELECT, INSERT, UPDATE ON dispatch.elder_code, dispatch.consent, dispatch.import, dispatch.export TO yl_dispatch;
GRANT DELETE ON dispatch.contact TO yl_dispatch;
GRANT SELECT ON dispatch.division_name TO yl_dispatch, yl_gateway, yl_report;
GRANT SELECT ON dispatch.assessment, dispatch.elder_code, dispatch.consent, dispatch.import, dispatch.export TO yl_gateway;
DO $$
DECLARE
    people text;
BEGIN
    FOREACH people IN ARRAY ARRAY['dispatch.assessment', 'dispatch.elder_code', 'dispatch.consent', 'dispatch.import',
                                  'dispatch.export'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', people);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', people);
        EXECUTE format('CREATE POLICY owner_all ON %s TO yl_owner USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY keeper ON %s TO yl_dispatch USING (true) WITH CHECK (true)', people);
        EXECUTE format('CREATE POLICY in_scope ON %s FOR SELECT TO yl_gateway
                        USING (starts_with(division, (SELECT log.scope())))', people);
    END LOOP;
END $$;
