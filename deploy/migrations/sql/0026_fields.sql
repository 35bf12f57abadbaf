-- Words about people, sealed before they come here (shared/runtime/sealed.py). The type says which: varchar holds sealed
-- words that may be sought, bpchar sealed words that may not. Rows from before are sealed in pieces after the migration.

-- Tokens of a sealed word: keyed hashes of its parts, in no order.
CREATE FUNCTION dispatch.tokens(sealed varchar) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN starts_with(sealed, 'y1:') THEN string_to_array(nullif(split_part(sealed, ':', 4), ''), ',') END
$$;

-- Nobody can look for parts of words here any more. The functions that did stay for the version before this one.
DROP INDEX dispatch.elder_name_pairs, dispatch.home_address_pairs, dispatch.elder_digits, dispatch.contact_phone,
    dispatch.responder_phone;
DROP INDEX IF EXISTS dispatch.elder_name, dispatch.elder_phone;

ALTER TABLE dispatch.home ALTER address TYPE varchar, ALTER door_code TYPE bpchar, ALTER key_place TYPE bpchar;
ALTER TABLE dispatch.elder ALTER name TYPE varchar, ALTER phone TYPE varchar, ALTER health TYPE bpchar,
    ALTER medicine TYPE bpchar, ALTER allergies TYPE bpchar, ALTER temp_address TYPE bpchar,
    ALTER last_wishes TYPE bpchar, ALTER status_source TYPE bpchar, ADD id_number bpchar;
ALTER TABLE dispatch.contact ALTER name TYPE varchar, ALTER phone TYPE varchar;
ALTER TABLE dispatch.responder ALTER name TYPE varchar, ALTER phone TYPE varchar, ALTER blocked_why TYPE bpchar;
ALTER TABLE dispatch.relation ALTER why TYPE bpchar;
ALTER TABLE dispatch.consent ALTER guardian TYPE bpchar;
ALTER TABLE dispatch.incident ALTER taken_name TYPE bpchar, ALTER evidence_by TYPE bpchar;
ALTER TABLE dispatch.offer ALTER responder_name TYPE bpchar;
ALTER TABLE dispatch.assignment ALTER responder_name TYPE bpchar;
ALTER TABLE dispatch.phone_call ALTER number TYPE bpchar;
-- who wrote, called, decided, and in what words
ALTER TABLE dispatch.call_attempt ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.note ALTER by_name TYPE bpchar, ALTER text TYPE bpchar;
ALTER TABLE dispatch.answer ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.policy ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.call_back ALTER by_name TYPE bpchar, ALTER note TYPE bpchar;
ALTER TABLE dispatch.mass_event ALTER opened_by_name TYPE bpchar, ALTER closed_by_name TYPE bpchar,
    ALTER closing_note TYPE bpchar;
ALTER TABLE dispatch.mass_person ALTER place TYPE bpchar, ALTER with_whom TYPE bpchar, ALTER named_why TYPE bpchar;
ALTER TABLE dispatch.mass_entry ALTER place TYPE bpchar, ALTER with_whom TYPE bpchar, ALTER note TYPE bpchar,
    ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.mode ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.mode_change ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.drill ALTER by_name TYPE bpchar;
ALTER TABLE dispatch.seat ALTER name TYPE bpchar;
ALTER TABLE dispatch.hand_over ALTER from_name TYPE bpchar, ALTER to_name TYPE bpchar, ALTER note TYPE bpchar;
ALTER TABLE dispatch.order_note ALTER by_name TYPE bpchar, ALTER text TYPE bpchar;
ALTER TABLE dispatch.shelf ALTER by_name TYPE bpchar, ALTER reason TYPE bpchar;
ALTER TABLE dispatch.export ALTER asked_name TYPE bpchar, ALTER decided_name TYPE bpchar;
ALTER TABLE gateway.nudge ALTER to_name TYPE bpchar, ALTER by_name TYPE bpchar, ALTER text TYPE bpchar;
ALTER TABLE gateway.rating ALTER text TYPE bpchar;
ALTER TABLE gateway.complaint ALTER text TYPE bpchar, ALTER answer TYPE bpchar;
ALTER TABLE gateway.access ALTER note TYPE bpchar, ALTER remark TYPE bpchar;

-- One account a telephone, by the token of its whole number, which comes first; the rest is in no order.
CREATE FUNCTION dispatch.whole(sealed varchar) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT coalesce((dispatch.tokens(sealed))[1], sealed)
$$;
DROP INDEX gateway.account_by_phone, gateway.login_code_phone;
ALTER TABLE gateway.account ALTER name TYPE varchar, ALTER phone TYPE varchar;
ALTER TABLE gateway.login_code ALTER phone TYPE varchar;
CREATE UNIQUE INDEX account_by_phone ON gateway.account (dispatch.whole(phone)) WHERE phone IS NOT NULL;
CREATE INDEX login_code_phone ON gateway.login_code (dispatch.whole(phone), asked_at);

CREATE INDEX elder_name_tokens ON dispatch.elder USING gin (dispatch.tokens(name));
CREATE INDEX elder_phone_tokens ON dispatch.elder USING gin (dispatch.tokens(phone));
CREATE INDEX home_address_tokens ON dispatch.home USING gin (dispatch.tokens(address));
CREATE INDEX contact_phone_tokens ON dispatch.contact USING gin (dispatch.tokens(phone));
CREATE INDEX responder_phone_tokens ON dispatch.responder USING gin (dispatch.tokens(phone));

-- Functions that hand sealed words on say so by their types.
DO $$
DECLARE
    handing record;
BEGIN
    FOR handing IN SELECT p.oid::regprocedure::text AS signature, pg_get_functiondef(p.oid) AS body
                   FROM pg_proc p WHERE p.oid IN ('dispatch.exposed'::regproc, 'dispatch.cared_for'::regproc)
    LOOP
        EXECUTE format('DROP FUNCTION %s', handing.signature);
        EXECUTE replace(handing.body, 'name text, address text', 'name character varying, address character varying');
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', handing.signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO yl_gateway', handing.signature);
    END LOOP;
END $$;

-- Row-level security lets no index be used for such a search, so it is made by the owner, within the caller's scope.
-- What is found has the tokens; whether it has the words is for the caller to see, who can read them.
CREATE FUNCTION dispatch.elders_found(exact text, words text[], places text[], numbers text[], most integer)
RETURNS SETOF text STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH asked AS MATERIALIZED (SELECT log.scope() AS scope)
    (SELECT e.id FROM dispatch.elder e WHERE e.id = exact AND starts_with(e.division, (SELECT scope FROM asked)))
    UNION
    (SELECT e.id FROM dispatch.elder e
     WHERE words <> '{}' AND dispatch.tokens(e.name) @> words
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
    UNION
    (SELECT e.id FROM dispatch.elder e
     WHERE numbers <> '{}' AND dispatch.tokens(e.phone) && numbers
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
    UNION
    (SELECT c.elder_id FROM dispatch.contact c
     WHERE numbers <> '{}' AND dispatch.tokens(c.phone) && numbers
       AND starts_with(c.division, (SELECT scope FROM asked)) LIMIT most)
    UNION
    (SELECT e.id FROM dispatch.home h JOIN dispatch.elder e ON e.home_id = h.id
     WHERE places <> '{}' AND dispatch.tokens(h.address) @> places
       AND starts_with(e.division, (SELECT scope FROM asked)) LIMIT most)
$$;
REVOKE EXECUTE ON FUNCTION dispatch.elders_found(text, text[], text[], text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.elders_found(text, text[], text[], text[], integer) TO yl_gateway;
