-- The certificate authority of a cluster. Who reads it can make certificates that the cluster's silos trust. Where the
-- row is deleted, the next silo that looks makes another.
CREATE TABLE sweeps.cluster_authorities (
    cluster     text COLLATE "C" PRIMARY KEY,
    certificate bytea NOT NULL,
    key         bytea NOT NULL,
    created     timestamptz NOT NULL DEFAULT clock_timestamp()
);
