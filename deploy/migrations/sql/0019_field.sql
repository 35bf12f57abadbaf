-- When somebody who is with the elder last said that all is well.
ALTER TABLE dispatch.assignment ADD heard_at timestamptz;
