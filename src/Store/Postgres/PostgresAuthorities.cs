using Npgsql;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Postgres;

internal sealed class PostgresAuthorities(PostgresSession session) : IAuthorityStore
{
    public async Task<StoredAuthority> GetOrAddAsync(
        string cluster, Func<DateTimeOffset, AuthorityKey> make, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var (key, now) = await ReadAsync(cluster, cancellationToken);
            if (key is not null)
                return new(key, now);
            // Whoever is first wins; all read what is there then.
            var made = make(now);
            await session.ExecuteAsync(
                "INSERT INTO sweeps.cluster_authorities (cluster, certificate, key) VALUES ($1, $2, $3) "
                    + "ON CONFLICT DO NOTHING",
                cancellationToken,
                cluster,
                made.Certificate.ToArray(),
                made.Key.ToArray());
        }
    }

    private async Task<(AuthorityKey? Key, DateTimeOffset Now)> ReadAsync(
        string cluster, CancellationToken cancellationToken)
    {
        const string sql =
            """
            SELECT a.certificate, a.key, clock_timestamp()
            FROM (SELECT $1::text AS cluster) c LEFT JOIN sweeps.cluster_authorities a USING (cluster)
            """;
        return (await session.QueryAsync(sql, ToRow, cancellationToken, cluster))[0];
    }

    private static (AuthorityKey? Key, DateTimeOffset Now) ToRow(NpgsqlDataReader row) => (
        row.IsDBNull(0) ? null : new(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)),
        row.GetFieldValue<DateTimeOffset>(2));
}
