-- How long the silo counts as alive after a heartbeat, for those who list it; NULL: an earlier version wrote the row.
ALTER TABLE sweeps.silos ADD COLUMN lease interval;

-- The public data sets that the silo has, one a line; NULL: it does not say.
ALTER TABLE sweeps.silos ADD COLUMN data text;
