-- 0024_audit
SELECT 1;
