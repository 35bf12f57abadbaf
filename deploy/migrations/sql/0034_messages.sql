-- Messages as they have become (JSON array of rows, each with `knew`: the state and the attempts its writer knew), told
-- in the log (`told`, events whose stream is the message) at the same time. What somebody else has changed meanwhile is
-- left as it is, and not told. One round trip, so that nobody's horizon waits for the sender's thoughts; each is looked up
-- by itself, since a plan made while there were few messages would go on reading all of them.
CREATE FUNCTION dispatch.change_messages(given jsonb, told jsonb, at timestamptz) RETURNS uuid[]
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    changed uuid[];
BEGIN
    PERFORM log.lock(ARRAY(SELECT DISTINCT 'message/' || (e->>'stream_id') FROM jsonb_array_elements(told) AS e));
    WITH known AS (
        SELECT * FROM jsonb_to_recordset(given) AS k(
            id uuid, knew jsonb, state text, due_at timestamptz, attempts smallint, rings smallint, ref text,
            reason text, answer text, sent_at timestamptz, delivered_at timestamptz, ended_at timestamptz)
    ), written AS (
        UPDATE dispatch.message m SET
            state = k.state, due_at = k.due_at, attempts = k.attempts, rings = k.rings, ref = k.ref, reason = k.reason,
            answer = k.answer, sent_at = k.sent_at, delivered_at = k.delivered_at, ended_at = k.ended_at
        FROM known k WHERE m.id = k.id AND m.state = k.knew->>0 AND m.attempts = (k.knew->>1)::smallint
        RETURNING m.id
    )
    SELECT coalesce(array_agg(id), '{}') INTO changed FROM written;
    PERFORM log.append(jsonb_agg(e ORDER BY n), at)
    FROM jsonb_array_elements(told) WITH ORDINALITY AS t(e, n)
    WHERE (e->>'stream_id')::uuid = ANY(changed)
    HAVING count(*) > 0;
    RETURN changed;
END $$;
