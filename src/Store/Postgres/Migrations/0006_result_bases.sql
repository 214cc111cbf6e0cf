-- What the results of a sweep share (SHA-256 of numerics, data, seed): where no other sweep has any of it, nobody need
-- look for results one by one. Of sweeps whose results an earlier version entered it is not known: zeros.
CREATE TABLE sweeps.result_bases (
    basis bytea NOT NULL CHECK (length(basis) = 32),
    sweep bigint NOT NULL,
    PRIMARY KEY (basis, sweep)
);

-- A deletion finds a sweep's rows by it.
CREATE INDEX result_bases_of_sweep ON sweeps.result_bases (sweep);

INSERT INTO sweeps.result_bases (basis, sweep)
    SELECT DISTINCT decode(repeat('00', 32), 'hex'), sweep FROM sweeps.results;

-- Whoever was let use the results works with these too: what the owner granted is granted here.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.privilege_type AS privilege,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
        WHERE c.oid = 'sweeps.results'::regclass AND a.grantee <> c.relowner
            AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    LOOP
        EXECUTE format('GRANT %s ON sweeps.result_bases TO %s', held.privilege, held.grantee);
    END LOOP;
END $$;
