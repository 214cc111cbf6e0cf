CREATE TABLE sweeps.sweeps (
    key           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            text COLLATE "C" NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 200),
    created       timestamptz NOT NULL,
    written       timestamptz NOT NULL,
    last_sequence bigint NOT NULL CHECK (last_sequence >= 1),
    open          boolean NOT NULL,
    priority      integer NOT NULL,
    summary       text NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX sweeps_open ON sweeps.sweeps (priority DESC, key) WHERE open;

-- append_id stands on the first event of each append alone: it answers an append whose outcome was unknown.
-- No foreign key: append() alone writes here and holds the sweep's row; a check would cost more than the event.
CREATE TABLE sweeps.events (
    sweep     bigint NOT NULL,
    sequence  bigint NOT NULL CHECK (sequence >= 1),
    at        timestamptz NOT NULL,
    append_id uuid,
    type      text COLLATE "C" NOT NULL CHECK (length(type) BETWEEN 1 AND 100),
    payload   bytea NOT NULL,
    PRIMARY KEY (sweep, sequence)
);

CREATE FUNCTION sweeps.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON sweeps.events
    FOR EACH STATEMENT EXECUTE FUNCTION sweeps.refuse('events never change');
CREATE TRIGGER sweeps_only_grow BEFORE UPDATE ON sweeps.sweeps
    FOR EACH ROW WHEN (new.last_sequence < old.last_sequence)
    EXECUTE FUNCTION sweeps.refuse('a sweep''s last sequence only grows');

-- Does many appends, sorted by sweep, in one statement. A conflict is an answer, not an error: the others go on.
CREATE FUNCTION sweeps.append(
    p_sweep text[], p_expected bigint[], p_count integer[], p_id uuid[],
    p_open boolean[], p_priority integer[], p_summary text[],
    p_append integer[], p_offset integer[], p_type text[], p_payload bytea[])
RETURNS TABLE (ordinal integer, appended boolean, last_sequence bigint, at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    wish       record;
    current_id text;
    v_key      bigint;
    v_last     bigint := 0;
    v_at       timestamptz;
    dirty      boolean := false;
    r_ordinal  integer[] := '{}';
    r_key      bigint[] := '{}';
    r_first    bigint[] := '{}';
    r_at       timestamptz[] := '{}';
    r_id       uuid[] := '{}';
BEGIN
    FOR wish IN
        SELECT * FROM unnest(p_sweep, p_expected, p_count, p_id, p_open, p_priority, p_summary)
            WITH ORDINALITY AS w (sweep, expected, count, id, open, priority, summary, ordinal)
    LOOP
        IF current_id IS DISTINCT FROM wish.sweep THEN
            IF dirty THEN
                UPDATE sweeps.sweeps s SET last_sequence = v_last, written = v_at WHERE s.key = v_key;
                dirty := false;
            END IF;
            current_id := wish.sweep;
            SELECT s.key, s.last_sequence INTO v_key, v_last
                FROM sweeps.sweeps s WHERE s.id = wish.sweep FOR NO KEY UPDATE;
            v_last := coalesce(v_last, 0);
        END IF;
        v_at := clock_timestamp();

        IF v_key IS NULL AND wish.expected = 0 THEN
            INSERT INTO sweeps.sweeps AS s (id, created, written, last_sequence, open, priority, summary)
                VALUES (wish.sweep, v_at, v_at, wish.count,
                    coalesce(wish.open, true), coalesce(wish.priority, 0), coalesce(wish.summary, '{}'))
                ON CONFLICT (id) DO NOTHING RETURNING s.key INTO v_key;
            IF v_key IS NULL THEN
                -- Created by another process between the two statements.
                SELECT s.key, s.last_sequence INTO v_key, v_last
                    FROM sweeps.sweeps s WHERE s.id = wish.sweep FOR NO KEY UPDATE;
            END IF;
        END IF;

        ordinal := wish.ordinal;
        IF v_last = wish.expected AND v_key IS NOT NULL THEN
            v_last := v_last + wish.count;
            dirty := true;
            IF wish.open IS NOT NULL THEN
                UPDATE sweeps.sweeps s SET open = wish.open, priority = wish.priority, summary = wish.summary
                    WHERE s.key = v_key;
            END IF;
            r_ordinal := r_ordinal || ordinal;
            r_key := r_key || v_key;
            r_first := r_first || wish.expected + 1;
            r_at := r_at || v_at;
            r_id := r_id || wish.id;
            appended := true;
            last_sequence := v_last;
            at := v_at;
        ELSE
            -- The same append again: its first answer. It may be in the table or earlier in this very group.
            SELECT true, wish.expected + wish.count, e.at INTO appended, last_sequence, at
                FROM sweeps.events e WHERE e.sweep = v_key AND e.sequence = wish.expected + 1 AND e.append_id = wish.id;
            IF appended IS NULL AND wish.id = ANY (r_id) THEN
                appended := true;
                last_sequence := wish.expected + wish.count;
                at := r_at[array_position(r_id, wish.id)];
            ELSIF appended IS NULL THEN
                appended := false;
                last_sequence := v_last;
                at := v_at;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF dirty THEN
        UPDATE sweeps.sweeps s SET last_sequence = v_last, written = v_at WHERE s.key = v_key;
    END IF;

    INSERT INTO sweeps.events (sweep, sequence, at, append_id, type, payload)
        SELECT r.key, r.first + e.place, r.at, CASE WHEN e.place = 0 THEN r.id END, e.type, e.payload
        FROM unnest(p_append, p_offset, p_type, p_payload) AS e (ordinal, place, type, payload)
        JOIN unnest(r_ordinal, r_key, r_first, r_at, r_id) AS r (ordinal, key, first, at, id) USING (ordinal);
END $$;

-- Metrics: no foreign key for the same reason; put_metrics() looks the sweep up.
CREATE TABLE sweeps.metrics (
    sweep              bigint NOT NULL,
    configuration      integer NOT NULL CHECK (configuration >= 0),
    fold               integer NOT NULL CHECK (fold >= -1),
    attempt            integer NOT NULL CHECK (attempt >= 1),
    epoch              integer NOT NULL CHECK (epoch >= 1),
    train_loss         double precision NOT NULL,
    train_metric       double precision NOT NULL,
    validation_loss    double precision NOT NULL,
    validation_metric  double precision NOT NULL,
    train_seconds      double precision NOT NULL,
    evaluation_seconds double precision NOT NULL,
    cpu_seconds        double precision NOT NULL,
    samples            integer NOT NULL,
    PRIMARY KEY (sweep, configuration, fold, attempt, epoch)
);

-- Writes the rows of many calls; returns the calls that name an unknown sweep, of which nothing was written.
CREATE FUNCTION sweeps.put_metrics(
    p_call integer[], p_sweep text[],
    p_configuration integer[], p_fold integer[], p_attempt integer[], p_epoch integer[],
    p_train_loss double precision[], p_train_metric double precision[],
    p_validation_loss double precision[], p_validation_metric double precision[],
    p_train_seconds double precision[], p_evaluation_seconds double precision[], p_cpu_seconds double precision[],
    p_samples integer[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    bad integer[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT c.call), '{}') INTO bad
        FROM (SELECT DISTINCT call, sweep FROM unnest(p_call, p_sweep) AS r (call, sweep)) c
        LEFT JOIN sweeps.sweeps s ON s.id = c.sweep WHERE s.key IS NULL;
    INSERT INTO sweeps.metrics AS m
        SELECT DISTINCT ON (s.key, r.configuration, r.fold, r.attempt, r.epoch)
            s.key, r.configuration, r.fold, r.attempt, r.epoch, r.train_loss, r.train_metric, r.validation_loss,
            r.validation_metric, r.train_seconds, r.evaluation_seconds, r.cpu_seconds, r.samples
        FROM unnest(p_call, p_sweep, p_configuration, p_fold, p_attempt, p_epoch, p_train_loss, p_train_metric,
                p_validation_loss, p_validation_metric, p_train_seconds, p_evaluation_seconds, p_cpu_seconds, p_samples)
            WITH ORDINALITY AS r (call, sweep, configuration, fold, attempt, epoch, train_loss, train_metric,
                validation_loss, validation_metric, train_seconds, evaluation_seconds, cpu_seconds, samples, ordinal)
        JOIN sweeps.sweeps s ON s.id = r.sweep
        WHERE r.call <> ALL (bad)
        ORDER BY s.key, r.configuration, r.fold, r.attempt, r.epoch, r.ordinal DESC
    ON CONFLICT (sweep, configuration, fold, attempt, epoch) DO UPDATE SET
        train_loss = excluded.train_loss, train_metric = excluded.train_metric,
        validation_loss = excluded.validation_loss, validation_metric = excluded.validation_metric,
        train_seconds = excluded.train_seconds, evaluation_seconds = excluded.evaluation_seconds,
        cpu_seconds = excluded.cpu_seconds, samples = excluded.samples;
    RETURN bad;
END $$;

CREATE TABLE sweeps.blobs (
    digest   text COLLATE "C" PRIMARY KEY CHECK (length(digest) = 64),
    bytes    bigint NOT NULL CHECK (bytes >= 0),
    -- true: the content is a file in the shared folder; false: it is in blob_chunks.
    external boolean NOT NULL,
    touched  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE sweeps.blob_chunks (
    digest  text COLLATE "C" NOT NULL REFERENCES sweeps.blobs (digest) ON DELETE CASCADE,
    ordinal integer NOT NULL CHECK (ordinal >= 0),
    content bytea NOT NULL,
    PRIMARY KEY (digest, ordinal)
);
-- Weights do not compress; trying costs time on every checkpoint.
ALTER TABLE sweeps.blob_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- digest NULL: released; the row stays as the fence.
CREATE TABLE sweeps.artifacts (
    sweep         bigint NOT NULL REFERENCES sweeps.sweeps (key),
    configuration integer NOT NULL CHECK (configuration >= 0),
    fold          integer NOT NULL CHECK (fold >= -1),
    name          text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    attempt       integer NOT NULL CHECK (attempt >= 0),
    epoch         integer NOT NULL CHECK (epoch >= 0),
    digest        text COLLATE "C" REFERENCES sweeps.blobs (digest),
    bytes         bigint NOT NULL CHECK (bytes >= 0),
    written       timestamptz NOT NULL,
    PRIMARY KEY (sweep, configuration, fold, name)
);
CREATE INDEX artifacts_digest ON sweeps.artifacts (digest) WHERE digest IS NOT NULL;

-- Makes a name refer to a blob if the fence admits it, and removes the blob that nothing refers to any more.
-- written NULL: fenced. unused: the digest of a removed blob whose file in the shared folder can go.
CREATE FUNCTION sweeps.refer(
    p_sweep bigint, p_configuration integer, p_fold integer, p_name text,
    p_attempt integer, p_epoch integer, p_digest text, p_bytes bigint,
    OUT written timestamptz, OUT unused text)
LANGUAGE plpgsql AS $$
DECLARE
    held sweeps.artifacts;
    gone boolean;
BEGIN
    INSERT INTO sweeps.artifacts AS a
        VALUES (p_sweep, p_configuration, p_fold, p_name, p_attempt, p_epoch, p_digest, p_bytes, clock_timestamp())
        ON CONFLICT DO NOTHING RETURNING a.written INTO written;
    IF written IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT * INTO held FROM sweeps.artifacts a
        WHERE (a.sweep, a.configuration, a.fold, a.name) = (p_sweep, p_configuration, p_fold, p_name) FOR UPDATE;
    IF (p_attempt, p_epoch) < (held.attempt, held.epoch) THEN
        RETURN;
    END IF;
    UPDATE sweeps.artifacts AS a
        SET attempt = p_attempt, epoch = p_epoch, digest = p_digest, bytes = p_bytes, written = clock_timestamp()
        WHERE (a.sweep, a.configuration, a.fold, a.name) = (p_sweep, p_configuration, p_fold, p_name)
        RETURNING a.written INTO written;
    IF held.digest IS NOT NULL AND held.digest IS DISTINCT FROM p_digest THEN
        -- The lock first, then a look: another process may be referring to the same content at this moment.
        PERFORM 1 FROM sweeps.blobs b WHERE b.digest = held.digest FOR UPDATE;
        DELETE FROM sweeps.blobs b
            WHERE b.digest = held.digest AND NOT EXISTS (SELECT 1 FROM sweeps.artifacts a WHERE a.digest = b.digest)
            RETURNING b.external INTO gone;
        IF gone THEN
            unused := held.digest;
        END IF;
    END IF;
END $$;

CREATE TABLE sweeps.silos (
    incarnation       text COLLATE "C" PRIMARY KEY CHECK (length(incarnation) BETWEEN 1 AND 200),
    name              text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    host              text NOT NULL,
    version           text NOT NULL,
    fingerprint       text NOT NULL,
    state             smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
    slots             integer NOT NULL CHECK (slots >= 0),
    requested_slots   integer CHECK (requested_slots >= 0),
    training          text NOT NULL,
    images_per_second double precision NOT NULL CHECK (images_per_second >= 0),
    started           timestamptz NOT NULL,
    last_seen         timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE TRIGGER silos_stay_gone BEFORE UPDATE ON sweeps.silos
    FOR EACH ROW WHEN (old.state >= 2 AND new.state <> old.state)
    EXECUTE FUNCTION sweeps.refuse('a silo that left or was lost never comes back');

CREATE TABLE sweeps.clusters (
    id      text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL CHECK (version >= 0)
);
CREATE TABLE sweeps.cluster_members (
    cluster    text COLLATE "C" NOT NULL REFERENCES sweeps.clusters (id) ON DELETE CASCADE,
    silo       text COLLATE "C" NOT NULL,
    version    bigint NOT NULL CHECK (version >= 1),
    active     boolean NOT NULL,
    entry      text NOT NULL,
    i_am_alive timestamptz NOT NULL,
    PRIMARY KEY (cluster, silo)
);
