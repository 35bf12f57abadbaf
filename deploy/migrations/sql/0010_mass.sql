-- One event over an area with many people; peace and war; drills.
SELECT 1;
