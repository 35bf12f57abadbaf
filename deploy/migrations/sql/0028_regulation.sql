-- Complaints from wherever they come, with their clocks; hazards with a deadline and an owner.

-- How many working days a division gives itself; the nearest line above holds where it has none of its own.
CREATE TABLE gateway.complaint_clock (
    division text PRIMARY KEY,
    accept_days smallint NOT NULL CHECK (accept_days BETWEEN 1 AND 60),
    reply_days smallint NOT NULL CHECK (reply_days BETWEEN accept_days AND 90),
    settle_days smallint NOT NULL CHECK (settle_days BETWEEN reply_days AND 180),
    by_account text NOT NULL REFERENCES gateway.account,
    at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON gateway.complaint_clock TO yl_gateway;
ALTER TABLE gateway.complaint_clock ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.complaint_clock FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.complaint_clock TO yl_owner USING (true) WITH CHECK (true);
-- a street follows what its county has laid down, so a line is read from below too
CREATE POLICY keeper ON gateway.complaint_clock TO yl_gateway
    USING (starts_with(division, (SELECT log.scope())) OR starts_with((SELECT log.scope()), division))
    WITH CHECK (starts_with(division, (SELECT log.scope())));

-- A family's complaint has one clock, `due_at`. Any other is taken up by `accept_by`, told something by `reply_by` and
-- settled by `due_at`; `answer` is what settles it. `involved` are accounts it is about: none of them may handle it.
ALTER TABLE gateway.complaint
    ALTER elder_id DROP NOT NULL,
    ALTER account_id DROP NOT NULL,
    ADD source text NOT NULL DEFAULT 'family'
        CHECK (source IN ('family', 'hotline', 'letter', 'visit', 'phone', 'inspection')),
    ADD number text,
    ADD caller bpchar,
    ADD subject_kind text CHECK (subject_kind IN ('seat', 'responder', 'provider', 'platform')),
    ADD subject_id text,
    ADD involved text[] NOT NULL DEFAULT '{}',
    ADD made_by text REFERENCES gateway.account,
    ADD handler text REFERENCES gateway.account,
    ADD accept_by timestamptz,
    ADD accepted_at timestamptz,
    ADD reply_by timestamptz,
    ADD reply bpchar,
    ADD replied_at timestamptz,
    ADD finding text CHECK (finding IN ('upheld', 'partly', 'not_upheld', 'withdrawn'));
ALTER TABLE gateway.complaint
    ADD next_due timestamptz GENERATED ALWAYS AS (
        CASE WHEN answered_at IS NOT NULL THEN NULL
             WHEN accept_by IS NOT NULL AND accepted_at IS NULL THEN accept_by
             WHEN reply_by IS NOT NULL AND replied_at IS NULL THEN reply_by
             ELSE due_at END) STORED,
    ADD CONSTRAINT complaint_clocks CHECK ((source = 'family') = (accept_by IS NULL)
        AND (accept_by IS NULL) = (reply_by IS NULL)),
    ADD CONSTRAINT complaint_caller CHECK (CASE WHEN source = 'family' THEN account_id IS NOT NULL AND elder_id IS NOT NULL
        ELSE caller IS NOT NULL AND made_by IS NOT NULL END),
    ADD CONSTRAINT complaint_steps CHECK ((accepted_at IS NULL) = (handler IS NULL)
        AND (replied_at IS NULL) = (reply IS NULL) AND (replied_at IS NULL OR accepted_at IS NOT NULL)
        AND (source = 'family' OR answered_at IS NULL OR (replied_at IS NOT NULL AND finding IS NOT NULL))),
    ADD CONSTRAINT complaint_impartial CHECK (handler <> ALL (involved) AND answered_by <> ALL (involved));
-- two counties may be given the same number by two hotlines
CREATE UNIQUE INDEX complaint_number ON gateway.complaint (left(division, 6), source, number) WHERE number IS NOT NULL;
CREATE INDEX complaint_next ON gateway.complaint (next_due, id) WHERE next_due IS NOT NULL;

-- Accounts that a complaint is about: who took or went to what it names, and the seat, person or organisation named.
-- Parameters by number: `kind` and `subject` by name would be columns here.
CREATE FUNCTION gateway.involved(about text, kind text, subject text) RETURNS text[] STABLE LANGUAGE sql AS $$
    SELECT coalesce(array_agg(DISTINCT a.id), '{}') FROM gateway.account a
    WHERE ($2 = 'seat' AND a.id = $3)
       OR ($2 = 'responder' AND a.responder_id = $3)
       OR ($2 = 'provider' AND a.responder_id IN (SELECT r.id FROM dispatch.responder r WHERE r.provider_id = $3))
       OR a.id IN (SELECT i.taken_by FROM dispatch.incident i WHERE i.id = $1 OR i.order_id = $1)
       OR a.responder_id IN (SELECT g.responder_id FROM dispatch.assignment g
                             JOIN dispatch.incident i ON i.id = g.incident_id WHERE i.id = $1 OR i.order_id = $1)
$$;

-- 隐患、整改、责任: what could go wrong, what is done about it by when, and who answers for that. Whoever answers for it
-- does not judge whether it is done.
CREATE TABLE gateway.hazard (
    id uuid PRIMARY KEY,
    division text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('device', 'home', 'staffing', 'provider', 'network', 'other')),
    grade text NOT NULL CHECK (grade IN ('general', 'major')),
    text bpchar NOT NULL,
    measure bpchar NOT NULL,
    owner text NOT NULL REFERENCES gateway.account,
    due_on date NOT NULL,
    complaint uuid REFERENCES gateway.complaint ON DELETE SET NULL,
    found_at timestamptz NOT NULL,
    found_by text NOT NULL REFERENCES gateway.account,
    fixed_at timestamptz,
    fixed_by text REFERENCES gateway.account,
    fixed_note bpchar,
    returned smallint NOT NULL DEFAULT 0,
    remark bpchar,
    closed_at timestamptz,
    closed_by text REFERENCES gateway.account,
    CHECK ((fixed_at IS NULL) = (fixed_by IS NULL) AND (fixed_at IS NULL) = (fixed_note IS NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL OR fixed_at IS NOT NULL)),
    CHECK (closed_by <> owner AND closed_by <> fixed_by)
);
CREATE INDEX hazard_open ON gateway.hazard (due_on, id) WHERE closed_at IS NULL;
CREATE INDEX hazard_closed ON gateway.hazard (closed_at DESC, id) WHERE closed_at IS NOT NULL;
CREATE INDEX hazard_found ON gateway.hazard (found_at);
GRANT SELECT, INSERT ON gateway.hazard TO yl_gateway;
GRANT UPDATE (fixed_at, fixed_by, fixed_note, returned, remark, closed_at, closed_by) ON gateway.hazard TO yl_gateway;
ALTER TABLE gateway.hazard ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway.hazard FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON gateway.hazard TO yl_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper ON gateway.hazard TO yl_gateway USING (starts_with(division, (SELECT log.scope())))
    WITH CHECK (starts_with(division, (SELECT log.scope())));

-- A supervisor's own list comes in over the door: whoever writes it looks where a division lies.
GRANT SELECT ON dispatch.shape TO yl_dispatch;

-- The month's table counts what fell due, and what was thought of it.
CREATE INDEX call_back_due_at ON dispatch.call_back (due_at);
CREATE INDEX rating_at ON gateway.rating (at);
CREATE INDEX order_rated ON dispatch.service_order (closed_at) WHERE rating IS NOT NULL;
