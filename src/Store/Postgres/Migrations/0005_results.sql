-- Results by what decides their numbers: the course (SHA-256), how far it was trained, and where its event stands.
-- wanted: where that training was to end; empty: it stands at a rung. Sweeps of earlier versions have no rows.
-- No foreign key, as for events: only the group of an append writes here.
CREATE TABLE sweeps.results (
    course   bytea NOT NULL CHECK (length(course) = 32),
    epochs   integer NOT NULL CHECK (epochs >= 0),
    sweep    bigint NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    wanted   text COLLATE "C" NOT NULL CHECK (length(wanted) <= 200),
    PRIMARY KEY (course, epochs, sweep, sequence)
);

-- A deletion finds a sweep's rows by it.
CREATE INDEX results_of_sweep ON sweeps.results (sweep);

-- Whoever was let use the events works with their names too: what the owner granted is granted here.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.privilege_type AS privilege,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
        WHERE c.oid = 'sweeps.events'::regclass AND a.grantee <> c.relowner
            AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    LOOP
        EXECUTE format('GRANT %s ON sweeps.results TO %s', held.privilege, held.grantee);
    END LOOP;
END $$;

-- What a result after this epoch would be: weights (SHA-256) and standard errors. NULL: an earlier version wrote the
-- row.
ALTER TABLE sweeps.metrics ADD COLUMN weights_digest bytea CHECK (length(weights_digest) = 32);
ALTER TABLE sweeps.metrics ADD COLUMN validation_loss_error double precision;
ALTER TABLE sweeps.metrics ADD COLUMN validation_metric_error double precision;

DROP FUNCTION sweeps.put_metrics(
    integer[], text[], integer[], integer[], integer[], integer[], double precision[], double precision[],
    double precision[], double precision[], double precision[], double precision[], double precision[], integer[]);

-- Writes the rows of many calls; returns the calls that name an unknown sweep, of which nothing was written.
CREATE FUNCTION sweeps.put_metrics(
    p_call integer[], p_sweep text[],
    p_configuration integer[], p_fold integer[], p_attempt integer[], p_epoch integer[],
    p_train_loss double precision[], p_train_metric double precision[],
    p_validation_loss double precision[], p_validation_metric double precision[],
    p_train_seconds double precision[], p_evaluation_seconds double precision[], p_cpu_seconds double precision[],
    p_samples integer[], p_weights_digest bytea[],
    p_validation_loss_error double precision[], p_validation_metric_error double precision[])
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
            r.validation_metric, r.train_seconds, r.evaluation_seconds, r.cpu_seconds, r.samples,
            r.weights_digest, r.validation_loss_error, r.validation_metric_error
        FROM unnest(p_call, p_sweep, p_configuration, p_fold, p_attempt, p_epoch, p_train_loss, p_train_metric,
                p_validation_loss, p_validation_metric, p_train_seconds, p_evaluation_seconds, p_cpu_seconds, p_samples,
                p_weights_digest, p_validation_loss_error, p_validation_metric_error)
            WITH ORDINALITY AS r (call, sweep, configuration, fold, attempt, epoch, train_loss, train_metric,
                validation_loss, validation_metric, train_seconds, evaluation_seconds, cpu_seconds, samples,
                weights_digest, validation_loss_error, validation_metric_error, ordinal)
        JOIN sweeps.sweeps s ON s.id = r.sweep
        WHERE r.call <> ALL (bad)
        ORDER BY s.key, r.configuration, r.fold, r.attempt, r.epoch, r.ordinal DESC
    ON CONFLICT (sweep, configuration, fold, attempt, epoch) DO UPDATE SET
        train_loss = excluded.train_loss, train_metric = excluded.train_metric,
        validation_loss = excluded.validation_loss, validation_metric = excluded.validation_metric,
        train_seconds = excluded.train_seconds, evaluation_seconds = excluded.evaluation_seconds,
        cpu_seconds = excluded.cpu_seconds, samples = excluded.samples,
        weights_digest = excluded.weights_digest, validation_loss_error = excluded.validation_loss_error,
        validation_metric_error = excluded.validation_metric_error;
    RETURN bad;
END $$;
