-- 0020_reports
SELECT 1;
