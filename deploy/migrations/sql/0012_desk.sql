-- Seats on duty, and what the desk decides.
SELECT 1;
