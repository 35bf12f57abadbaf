-- 0022_accounts
SELECT 1;
