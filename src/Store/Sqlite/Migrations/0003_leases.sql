-- How long the silo counts as alive after a heartbeat, in microseconds, for those who list it; NULL: an earlier version
-- wrote the row.
ALTER TABLE silos ADD COLUMN lease INTEGER;
