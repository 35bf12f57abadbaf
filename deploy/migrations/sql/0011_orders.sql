-- Orders: planned services on the same engine.
SELECT 1;
