-- What the results of a sweep share (SHA-256 of numerics, data, seed): where no other sweep has any of it, nobody need
-- look for results one by one. Of sweeps whose results an earlier version entered it is not known: zeros.
CREATE TABLE result_bases (
    basis BLOB NOT NULL CHECK (length(basis) = 32),
    sweep INTEGER NOT NULL REFERENCES sweeps (key),
    PRIMARY KEY (basis, sweep)
) WITHOUT ROWID;

-- A deletion finds a sweep's rows by it.
CREATE INDEX result_bases_of_sweep ON result_bases (sweep);

INSERT INTO result_bases (basis, sweep) SELECT DISTINCT zeroblob(32), sweep FROM results;
