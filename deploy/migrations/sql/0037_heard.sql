-- Alarms that are stored and that no incident has taken in yet, oldest first, but for the known ones: what a desk is told
-- of at once. Of whatever device: also of one that is in no registry.
CREATE FUNCTION devices.unanswered(known uuid[], most integer)
RETURNS TABLE (alarm uuid, division text, device text, at timestamptz)
STABLE ROWS 5 LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT g.alarm_id, g.division, r.device_id, r.received_at
    FROM devices.guard g JOIN devices.raw_event r ON r.id = g.alarm_id
    WHERE g.alarm_id <> ALL(known) AND NOT EXISTS (SELECT FROM dispatch.alarm a WHERE a.id = g.alarm_id)
    ORDER BY g.due_at LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION devices.unanswered FROM PUBLIC;
GRANT EXECUTE ON FUNCTION devices.unanswered TO yl_gateway;
