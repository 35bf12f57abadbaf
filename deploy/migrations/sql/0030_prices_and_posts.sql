-- A price put right on the day it begins: the one before holds on no day, and stays on record for orders placed under it.
ALTER TABLE dispatch.price DROP CONSTRAINT price_check, ADD CONSTRAINT price_check CHECK (until >= since);

-- A desk that has an account and has never been sat at: since when somebody is expected there.
ALTER TABLE dispatch.post ADD COLUMN expected_at timestamptz;
