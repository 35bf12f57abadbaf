-- What is written is put into the indexes of tokens a little at a time: with lists of 4 MB one piece of an import in some
-- hundred took a quarter of a second to empty them, and an alarm beside it waited.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, indexname) FROM pg_indexes
                WHERE schemaname = 'dispatch' AND indexdef LIKE '%USING gin%' LOOP
        EXECUTE 'ALTER INDEX ' || name || ' SET (gin_pending_list_limit = 128)';
    END LOOP;
END $$;
