-- Figures over everybody are joined by hashing, whatever the statistics say. Just after a county was taken in they know of
-- nobody, and with a look for each of a hundred thousand elders the statement has no end; later everybody would be sorted
-- to be laid beside the places out of reach.
ALTER FUNCTION dispatch.lacking SET enable_nestloop = off;
ALTER FUNCTION dispatch.lacking SET enable_mergejoin = off;
ALTER FUNCTION dispatch.in_care SET enable_nestloop = off;
ALTER FUNCTION dispatch.in_care SET enable_mergejoin = off;
ALTER FUNCTION devices.counted SET enable_nestloop = off;
ALTER FUNCTION devices.counted SET enable_mergejoin = off;
