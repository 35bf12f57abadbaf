-- What is sent to people beside their consoles, and what became of it.
SELECT 1;
