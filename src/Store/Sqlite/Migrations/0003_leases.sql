-- How long the silo counts as alive after a heartbeat, in microseconds, for those who list it; NULL: an earlier version
-- wrote the row.
ALTER TABLE silos ADD COLUMN lease INTEGER;

-- The public data sets that the silo has, one a line; NULL: it does not say.
ALTER TABLE silos ADD COLUMN data TEXT;
