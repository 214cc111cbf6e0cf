-- What the second version of the schema adds to a store of the first: restored after first.sql.
-- The sweeps that the silo trains for, one a line; NULL: all.
ALTER TABLE sweeps.silos ADD COLUMN serves text;

-- A deleted sweep keeps its row, so that its id is not given out again: its last sequence is then 2^62.
DROP TRIGGER events_never_change ON sweeps.events;
CREATE TRIGGER events_never_change BEFORE UPDATE OR TRUNCATE ON sweeps.events
    FOR EACH STATEMENT EXECUTE FUNCTION sweeps.refuse('events never change');
CREATE FUNCTION sweeps.refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sweeps.sweeps s WHERE s.key = old.sweep AND s.last_sequence = 4611686018427387904) THEN
        RAISE EXCEPTION 'events go with their sweep alone';
    END IF;
    RETURN old;
END $$;
CREATE TRIGGER events_go_with_their_sweep BEFORE DELETE ON sweeps.events
    FOR EACH ROW EXECUTE FUNCTION sweeps.refuse_delete();
INSERT INTO sweeps.migrations (version, name) VALUES (2, '0002_serves');
