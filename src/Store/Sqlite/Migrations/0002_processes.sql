-- process: whose death makes the silo lost; NULL: a version that had the store to itself wrote the row.
-- serves: the sweeps that the silo trains for, one a line; NULL: all.
ALTER TABLE silos ADD COLUMN process TEXT;
ALTER TABLE silos ADD COLUMN serves TEXT;
