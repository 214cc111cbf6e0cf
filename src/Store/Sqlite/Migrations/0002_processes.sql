-- process: whose death makes the silo lost; NULL: a version that had the store to itself wrote the row.
-- serves: the sweeps that the silo trains for, one a line; NULL: all.
ALTER TABLE silos ADD COLUMN process TEXT;
ALTER TABLE silos ADD COLUMN serves TEXT;

-- A deleted sweep keeps its row, so that its id is not given out again: its last sequence is then 2^62.
DROP TRIGGER events_never_go;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
WHEN (SELECT last_sequence FROM sweeps WHERE key = old.sweep) < 4611686018427387904
BEGIN
    SELECT RAISE(ABORT, 'events go with their sweep alone');
END;
