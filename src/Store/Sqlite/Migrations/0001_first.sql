-- Times are microseconds since 1970, UTC.

CREATE TABLE sweeps (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 200),
    created       INTEGER NOT NULL,
    written       INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL CHECK (last_sequence >= 1),
    open          INTEGER NOT NULL CHECK (open IN (0, 1)),
    priority      INTEGER NOT NULL,
    summary       TEXT NOT NULL
);
CREATE INDEX sweeps_open ON sweeps (priority DESC, key) WHERE open = 1;

-- append_id stands on the first event of each append alone: it answers an append whose outcome was unknown.
CREATE TABLE events (
    sweep     INTEGER NOT NULL REFERENCES sweeps (key),
    sequence  INTEGER NOT NULL CHECK (sequence >= 1),
    at        INTEGER NOT NULL,
    append_id BLOB CHECK (append_id IS NULL OR length(append_id) = 16),
    checksum  INTEGER NOT NULL CHECK (checksum BETWEEN 0 AND 4294967295),
    type      TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 100),
    payload   BLOB NOT NULL,
    PRIMARY KEY (sweep, sequence)
) WITHOUT ROWID;
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events never change');
END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
CREATE TRIGGER sweeps_only_grow BEFORE UPDATE OF last_sequence ON sweeps WHEN new.last_sequence < old.last_sequence
BEGIN
    SELECT RAISE(ABORT, 'a sweep''s last sequence only grows');
END;

-- NULL stands for NaN.
CREATE TABLE metrics (
    sweep              INTEGER NOT NULL REFERENCES sweeps (key),
    configuration      INTEGER NOT NULL CHECK (configuration >= 0),
    fold               INTEGER NOT NULL CHECK (fold >= -1),
    attempt            INTEGER NOT NULL CHECK (attempt >= 1),
    epoch              INTEGER NOT NULL CHECK (epoch >= 1),
    train_loss         REAL,
    train_metric       REAL,
    validation_loss    REAL,
    validation_metric  REAL,
    train_seconds      REAL,
    evaluation_seconds REAL,
    cpu_seconds        REAL,
    samples            INTEGER NOT NULL,
    PRIMARY KEY (sweep, configuration, fold, attempt, epoch)
) WITHOUT ROWID;

-- digest NULL: released; the row stays as the fence.
CREATE TABLE artifacts (
    sweep         INTEGER NOT NULL REFERENCES sweeps (key),
    configuration INTEGER NOT NULL CHECK (configuration >= 0),
    fold          INTEGER NOT NULL CHECK (fold >= -1),
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    attempt       INTEGER NOT NULL CHECK (attempt >= 0),
    epoch         INTEGER NOT NULL CHECK (epoch >= 0),
    digest        TEXT CHECK (digest IS NULL OR length(digest) = 64),
    bytes         INTEGER NOT NULL CHECK (bytes >= 0),
    written       INTEGER NOT NULL,
    PRIMARY KEY (sweep, configuration, fold, name)
) WITHOUT ROWID;
CREATE INDEX artifacts_digest ON artifacts (digest) WHERE digest IS NOT NULL;

CREATE TABLE silos (
    incarnation       TEXT PRIMARY KEY NOT NULL CHECK (length(incarnation) BETWEEN 1 AND 200),
    name              TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    host              TEXT NOT NULL,
    version           TEXT NOT NULL,
    fingerprint       TEXT NOT NULL,
    state             INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    slots             INTEGER NOT NULL CHECK (slots >= 0),
    requested_slots   INTEGER CHECK (requested_slots IS NULL OR requested_slots >= 0),
    training          TEXT NOT NULL,
    images_per_second REAL NOT NULL CHECK (images_per_second >= 0),
    started           INTEGER NOT NULL,
    last_seen         INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER silos_stay_gone BEFORE UPDATE OF state ON silos WHEN old.state >= 2 AND new.state <> old.state
BEGIN
    SELECT RAISE(ABORT, 'a silo that left or was lost never comes back');
END;

CREATE TABLE clusters (
    id      TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 0)
) WITHOUT ROWID;
CREATE TABLE cluster_members (
    cluster    TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
    silo       TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    active     INTEGER NOT NULL CHECK (active IN (0, 1)),
    entry      TEXT NOT NULL,
    i_am_alive INTEGER NOT NULL,
    PRIMARY KEY (cluster, silo)
) WITHOUT ROWID;
