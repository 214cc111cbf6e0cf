-- Results by what decides their numbers: the course (SHA-256), how far it was trained, and where its event stands.
-- wanted: where that training was to end; empty: it stands at a rung. Sweeps of earlier versions have no rows.
CREATE TABLE results (
    course   BLOB NOT NULL CHECK (length(course) = 32),
    epochs   INTEGER NOT NULL CHECK (epochs >= 0),
    sweep    INTEGER NOT NULL REFERENCES sweeps (key),
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    wanted   TEXT NOT NULL CHECK (length(wanted) <= 200),
    PRIMARY KEY (course, epochs, sweep, sequence)
) WITHOUT ROWID;

-- A deletion finds a sweep's rows by it.
CREATE INDEX results_of_sweep ON results (sweep);

-- What a result after this epoch would be: weights (SHA-256) and standard errors. NULL: an earlier version wrote the
-- row, or the error is NaN.
ALTER TABLE metrics ADD COLUMN weights_digest BLOB;
ALTER TABLE metrics ADD COLUMN validation_loss_error REAL;
ALTER TABLE metrics ADD COLUMN validation_metric_error REAL;
