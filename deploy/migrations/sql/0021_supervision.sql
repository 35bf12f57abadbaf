-- 0021_supervision
SELECT 1;
