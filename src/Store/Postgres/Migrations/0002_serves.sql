-- The sweeps that the silo trains for, one a line; NULL: all.
ALTER TABLE sweeps.silos ADD COLUMN serves text;
