-- Run once by a database superuser, before the first migration. Passwords are set by the caller.
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['yl_owner', 'yl_devices', 'yl_dispatch', 'yl_gateway', 'yl_watch', 'yl_report'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', r);
        END IF;
    END LOOP;
    -- Nothing may hold the log's horizon back.
    FOREACH r IN ARRAY ARRAY['yl_devices', 'yl_dispatch', 'yl_gateway', 'yl_watch'] LOOP
        EXECUTE format('ALTER ROLE %I SET transaction_timeout = ''2s''', r);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''1s''', r);
    END LOOP;
END $$;
