-- What a county's answers have in common: weights of a logistic model, fitted anew now and again.
CREATE TABLE dispatch.willing (
    county text PRIMARY KEY,
    weights double precision[] NOT NULL,
    answers integer NOT NULL,
    fitted_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON dispatch.willing TO yl_dispatch;
CREATE INDEX offer_answered ON dispatch.offer ("left"(division, 6), sent_at DESC)
    WHERE state IN ('accepted', 'declined', 'expired');
