-- People who go: what they can, when, where, and whom they may not meet.
SELECT 1;
